//! Writing an object member by member, without a tree of it.

use super::write_str;

/// An object that is being written; [`Object::end`] closes it.
#[derive(Debug)]
pub(crate) struct Object<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl<'o> Object<'o> {
    /// Opens an object at the end of `out`.
    pub(crate) fn open(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, is_empty: true }
    }

    /// Begins a member; its value is what is appended next to what this gives.
    #[inline(never)]
    pub(crate) fn member(&mut self, name: &str) -> &mut String {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        write_str(self.out, name);
        self.out.push(':');
        self.out
    }

    /// The same of a name in the code, written as it stands behind others: `,"name":`.
    #[inline(never)]
    pub(crate) fn known(&mut self, name: &'static str) -> &mut String {
        self.out.push_str(if self.is_empty { name.trim_start_matches(',') } else { name });
        self.is_empty = false;
        self.out
    }

    /// Closes the object.
    pub(crate) fn end(self) {
        self.out.push('}');
    }
}
