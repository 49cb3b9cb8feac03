//! Writing an object member by member, without a tree of it.

use super::{write_int, write_list, write_str};

/// An object that is being written; [`Object::end`] closes it.
#[derive(Debug)]
pub struct Object<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl<'o> Object<'o> {
    /// Opens an object at the end of `out`.
    pub fn open(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, is_empty: true }
    }

    /// Begins a member; its value is what is appended next to what this gives.
    pub fn member(&mut self, name: &str) -> &mut String {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        write_str(self.out, name);
        self.out.push(':');
        self.out
    }

    /// A member that is text.
    pub fn text(&mut self, name: &str, value: &str) {
        write_str(self.member(name), value);
    }

    /// A member that is text or `null`.
    pub fn maybe(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.text(name, value),
            None => self.member(name).push_str("null"),
        }
    }

    /// A member that is an integer.
    pub fn int(&mut self, name: &str, value: i64) {
        write_int(self.member(name), value);
    }

    /// A member that is a list of text.
    pub fn texts(&mut self, name: &str, values: &[String]) {
        write_list(self.member(name), values, |out, value| write_str(out, value));
    }

    /// Closes the object.
    pub fn end(self) {
        self.out.push('}');
    }
}
