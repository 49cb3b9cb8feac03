//! Reading one section of the settings, noting every problem with its path.

use crate::json::{Json, Name};
use crate::nearest::nearest;
use crate::number::Integer;
use crate::types::Value;
use std::cell::RefCell;

/// Something wrong in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, with dots between names.
    pub path: String,
    /// What, in lower case.
    pub message: String,
}

/// An object of the settings; absent and `null` read like an object without members.
#[derive(Debug, Clone)]
pub(super) struct Section<'a> {
    value: Option<&'a Json>,
    path: String,
    problems: &'a RefCell<Vec<Problem>>,
}

impl<'a> Section<'a> {
    pub(super) fn root(value: &'a Json, problems: &'a RefCell<Vec<Problem>>) -> Self {
        let section = Self { value: Some(value), path: String::new(), problems };
        section.must_be_object();
        section
    }

    fn must_be_object(&self) {
        if !matches!(self.value, None | Some(Json::Null | Json::Dict(_))) {
            self.complain("", "must be an object");
        }
    }

    /// Notes a problem with member `name`, or with the section itself if `name` is empty.
    pub(super) fn complain(&self, name: &str, message: impl Into<String>) {
        let path = match (self.path.as_str(), name) {
            ("", name) => name.to_owned(),
            (path, "") => path.to_owned(),
            (path, name) => format!("{path}.{name}"),
        };
        self.problems.borrow_mut().push(Problem { path, message: message.into() });
    }

    /// Whether the section is written and not `null`.
    pub(super) fn present(&self) -> bool {
        matches!(self.value, Some(Json::Dict(_)))
    }

    /// The members, in order.
    pub(super) fn members(&self) -> &'a [(Name, Json)] {
        self.value.and_then(Json::as_dict).unwrap_or_default()
    }

    /// The member `name`, unless it is absent or `null`.
    pub(super) fn get(&self, name: &str) -> Option<&'a Json> {
        self.value.and_then(|value| value.get(name)).filter(|value| !value.is_null())
    }

    pub(super) fn section(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        let section = Self { value: self.get(name), path, problems: self.problems };
        section.must_be_object();
        section
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Json::Str(text) => Some(text.clone()),
            _ => self.wrong(name, "must be text"),
        }
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Json::Bool(value) => Some(*value),
            _ => self.wrong(name, "must be true or false"),
        }
    }

    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let items = match self.get(name)? {
            Json::List(items) => items,
            _ => return self.wrong(name, "must be a list of text"),
        };
        let texts: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
        texts.or_else(|| self.wrong(name, "must be a list of text"))
    }

    /// A list of text that may be absent, but not `null`: it would open what the list was meant to close.
    pub(super) fn listed(&self, name: &str) -> Option<Vec<String>> {
        match self.value.and_then(|value| value.get(name)) {
            Some(Json::Null) => self.wrong(name, "must be a list of text"),
            _ => self.texts(name),
        }
    }

    /// A number, or a text that is one.
    pub(super) fn float(&self, name: &str) -> Option<f64> {
        f64::read(self.get(name)?).ok().or_else(|| self.wrong(name, "must be a number"))
    }

    /// A whole number, or a text that is one.
    pub(super) fn integer(&self, name: &str) -> Option<Integer> {
        Integer::read(self.get(name)?).ok().or_else(|| self.wrong(name, "must be a whole number"))
    }

    fn wrong<T>(&self, name: &str, message: &str) -> Option<T> {
        self.complain(name, message);
        None
    }

    /// Complains about every member that is not in `known`, with the nearest known name.
    pub(super) fn only(&self, known: &[&str]) {
        for (name, _) in self.members() {
            if !known.contains(&&**name) {
                let hint = nearest(name, known.iter().copied());
                let hint = hint.map(|nearest| format!(", did you mean `{nearest}`")).unwrap_or_default();
                self.complain(name, format!("unknown setting `{name}`{hint}"));
            }
        }
    }
}
