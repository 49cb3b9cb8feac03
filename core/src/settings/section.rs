//! Reading one section of the settings, noting every problem with its path.

use crate::types::Value;
use latchkey_contract::environment::FROM_ENVIRONMENT;
use latchkey_contract::json::{Json, Name};
use latchkey_contract::nearest::{misspelt, nearest};
use latchkey_contract::number::Integer;
use std::cell::RefCell;

/// Something about the settings that the operator must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, with dots between names.
    pub path: String,
    /// What, in lower case.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

/// What is found while the settings are read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Why the settings cannot be used.
    pub(super) problems: RefCell<Vec<Problem>>,
    /// What the operator should know of settings that can be used.
    pub(super) warnings: RefCell<Vec<Problem>>,
}

/// An object of the settings; absent and `null` read like an object without members.
#[derive(Debug, Clone)]
pub(super) struct Section<'a> {
    value: Option<&'a Json>,
    path: String,
    notes: &'a Notes,
}

impl<'a> Section<'a> {
    pub(super) fn root(value: &'a Json, notes: &'a Notes) -> Self {
        let section = Self { value: Some(value), path: String::new(), notes };
        section.must_be_object();
        section
    }

    fn must_be_object(&self) {
        if !matches!(self.value, None | Some(Json::Null | Json::Dict(_))) {
            self.complain("", "must be an object");
        }
    }

    /// Where the section, or its member `name`, stands.
    pub(super) fn path(&self, name: &str) -> String {
        match (self.path.as_str(), name) {
            ("", name) => name.to_owned(),
            (path, "") => path.to_owned(),
            (path, name) => format!("{path}.{name}"),
        }
    }

    /// Notes a problem with member `name`, or with the section itself if `name` is empty.
    pub(super) fn complain(&self, name: &str, message: impl Into<String>) {
        let problem = Problem { path: self.path(name), message: message.into() };
        self.notes.problems.borrow_mut().push(problem);
    }

    /// Notes what does not keep the settings from being used.
    pub(super) fn warn(&self, name: &str, message: impl Into<String>) {
        let warning = Problem { path: self.path(name), message: message.into() };
        self.notes.warnings.borrow_mut().push(warning);
    }

    /// Whether the section is written and not `null`.
    pub(super) fn present(&self) -> bool {
        matches!(self.value, Some(Json::Dict(_)))
    }

    /// The members, in order.
    pub(super) fn members(&self) -> &'a [(Name, Json)] {
        self.value.and_then(Json::as_dict).unwrap_or_default()
    }

    /// The member `name` as it is written.
    pub(super) fn written(&self, name: &str) -> Option<&'a Json> {
        self.value.and_then(|value| value.get(name))
    }

    /// The member `name`, unless it is absent, `null` or in a variable that is not set.
    pub(super) fn get(&self, name: &str) -> Option<&'a Json> {
        self.written(name).filter(|value| !value.is_null() && unset(value).is_none())
    }

    /// The section `name`, whose path is noted in problems.
    pub(super) fn section(&self, name: &str) -> Self {
        let section = Self { value: self.get(name), path: self.path(name), notes: self.notes };
        section.must_be_object();
        section
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Json::Str(text) => Some(text.clone()),
            _ => self.wrong(name, "must be text"),
        }
    }

    /// A truth value, or a text that is one, as a variable of the environment is.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Json::Bool(value) => Some(*value),
            Json::Str(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Json::Str(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => self.wrong(name, "must be true or false"),
        }
    }

    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let Json::List(items) = self.get(name)? else { return self.wrong(name, "must be a list of text") };
        let texts: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
        texts.or_else(|| self.wrong(name, "must be a list of text"))
    }

    /// A list of text that may be absent, but not `null`: it would open what the list was meant to close.
    pub(super) fn listed(&self, name: &str) -> Option<Vec<String>> {
        match self.written(name) {
            Some(Json::Null) => self.wrong(name, "must be a list of text"),
            _ => self.texts(name),
        }
    }

    /// A number, or a text that is one.
    pub(super) fn float(&self, name: &str) -> Option<f64> {
        f64::read(self.get(name)?).ok().or_else(|| self.wrong(name, "must be a number"))
    }

    /// Notes a truth value where a number is meant, which Python takes for 0 or 1.
    pub(super) fn must_be_number(&self, name: &str) {
        if matches!(self.get(name), Some(Json::Bool(_))) {
            self.complain(name, "must be a number");
        }
    }

    /// A whole number, or a text that is one.
    pub(super) fn integer(&self, name: &str) -> Option<Integer> {
        Integer::read(self.get(name)?).ok().or_else(|| self.wrong(name, "must be a whole number"))
    }

    /// A number of things, zero or more.
    pub(super) fn count(&self, name: &str) -> Option<u64> {
        match self.get(name)? {
            Json::Int(number) if *number >= 0 => u64::try_from(*number).ok(),
            _ => self.wrong(name, "must be a whole number, zero or more"),
        }
    }

    fn wrong<T>(&self, name: &str, message: &str) -> Option<T> {
        self.complain(name, message);
        None
    }

    /// Complains about every member that is not in `known`, with the nearest known name.
    pub(super) fn only(&self, known: &[&str]) {
        for (name, _) in self.members().iter().filter(|(name, _)| !known.contains(&&**name)) {
            self.complain(name, unknown(name, known));
        }
    }

    /// Complains about every variable of the environment that the member `name` needs and that is not set.
    pub(super) fn must_be_set(&self, name: &str) {
        if let Some(value) = self.written(name) {
            self.complain_unset(self.path(name), value);
        }
    }

    fn complain_unset(&self, path: String, value: &Json) {
        if let Some(variable) = unset(value) {
            let message = format!("environment variable `{variable}` is not set");
            self.notes.problems.borrow_mut().push(Problem { path, message });
            return;
        }
        for (at, item) in value.as_list().unwrap_or_default().iter().enumerate() {
            self.complain_unset(format!("{path}.{at}"), item);
        }
        for (name, item) in value.as_dict().unwrap_or_default() {
            self.complain_unset(format!("{path}.{name}"), item);
        }
    }
}

/// The variable of the environment that the shell could not put in the place of `value`.
fn unset(value: &Json) -> Option<&str> {
    value.as_str()?.strip_prefix(FROM_ENVIRONMENT)
}

/// What is wrong with a member that is none of `known`.
pub(super) fn unknown(name: &str, known: &[&str]) -> String {
    match misspelt(name, known.iter().copied()) {
        Some(meant) => format!("unknown setting `{name}`, did you mean `{meant}`"),
        None => {
            let nearest = nearest(name, known.iter().copied()).unwrap_or_default();
            let others = known.iter().filter(|known| **known != nearest);
            let names: Vec<String> = others.map(|known| format!("`{known}`")).collect();
            let others = if names.is_empty() {
                String::new()
            } else {
                format!("; the others are {}", names.join(", "))
            };
            format!("unknown setting `{name}`, the nearest that counts here is `{nearest}`{others}")
        }
    }
}
