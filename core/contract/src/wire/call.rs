//! A request, as a shell hands it to the module.

use super::Facts;
use super::headers::{read_headers, write_headers};
use crate::json::{Limits, Object, ReadError, Reader, read_text};

/// The head of a request; its body follows in the frame.
#[derive(Clone, Default)]
pub struct Call {
    /// `GET`, `POST`, … in capitals.
    pub method: String,
    /// The path of the request target, still percent-encoded.
    pub path: String,
    /// What follows the `?`, still encoded; empty without one.
    pub query: String,
    /// Names in lower case, each byte of a value as one character.
    pub headers: Vec<(String, String)>,
    /// Milliseconds since 1970-01-01 UTC.
    pub now: i64,
    /// At least 64 random bytes in lower-case hex, fresh for each request and kept between its crossings.
    pub entropy: String,
    /// Whether the body has not been read yet: the module decides without it, or asks for it.
    pub body_coming: bool,
    /// The answers to all queries asked so far.
    pub facts: Facts,
    /// Set on the last call after a commit was refused too often: the module answers why the request cannot be carried out.
    pub conflict: Option<Conflict>,
}

/// Why a store refuses a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// Others changed the same rows at the same time.
    Lost,
    /// A row that is to go is referred to by rows of others, which share the database.
    Referred,
    /// A value is one that the database has no room for.
    Unstorable,
}

impl Conflict {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Lost, Self::Referred, Self::Unstorable];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Referred => "referred",
            Self::Unstorable => "unstorable",
        }
    }
}

/// Shows no secret: a key may stand in a header, in the path and in the query, and keys are made of the entropy.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("headers", &names)
            .field("now", &self.now)
            .field("conflict", &self.conflict)
            .finish_non_exhaustive()
    }
}

impl Call {
    /// Reads the head of a frame.
    pub fn read(head: &[u8]) -> Result<Self, ReadError> {
        let mut reader = Reader::of(head, &Limits::STORED)?;
        let mut call = Self::default();
        let (mut has_method, mut has_path, mut has_now) = (false, false, false);
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            match &*name {
                "method" => (call.method, has_method) = (read_text(&mut reader)?, true),
                "path" => (call.path, has_path) = (read_text(&mut reader)?, true),
                "query" => call.query = read_text(&mut reader)?,
                "headers" => call.headers = read_headers(&mut reader)?,
                "now" => (call.now, has_now) = (reader.integer()?, true),
                "entropy" => call.entropy = read_text(&mut reader)?,
                "body_coming" => call.body_coming = reader.boolean()?,
                "facts" => call.facts = Facts::read(&mut reader)?,
                "conflict" => call.conflict = read_conflict(&mut reader)?,
                _ => reader.skip()?,
            }
        }
        reader.end()?;
        if has_method && has_path && has_now { Ok(call) } else { reader.fail() }
    }

    /// The head of a frame, as a shell writes it.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        let mut object = Object::open(&mut out);
        object.text("method", &self.method);
        object.text("path", &self.path);
        object.text("query", &self.query);
        write_headers(object.member("headers"), &self.headers);
        object.int("now", self.now);
        object.text("entropy", &self.entropy);
        if self.body_coming {
            object.member("body_coming").push_str("true");
        }
        self.facts.write(object.member("facts"));
        if let Some(conflict) = self.conflict {
            object.text("conflict", conflict.as_str());
        }
        object.end();
        out
    }

    /// The first header called `name` (in lower case).
    pub fn header<'a>(&'a self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn read_conflict(reader: &mut Reader<'_>) -> Result<Option<Conflict>, ReadError> {
    let name = read_text(reader)?;
    match Conflict::ALL.into_iter().find(|conflict| conflict.as_str() == name) {
        Some(conflict) => Ok(Some(conflict)),
        None => reader.fail(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read_as_it_was_written() {
        for conflict in Conflict::ALL.into_iter().map(Some).chain([None]) {
            let call = Call { method: "GET".to_owned(), conflict, ..Call::default() };
            let found = Call::read(call.to_json().as_bytes()).unwrap();
            assert_eq!((found.method.as_str(), found.conflict), ("GET", conflict));
        }
        let unknown = r#"{"method":"GET","path":"/","now":0,"conflict":"other"}"#;
        assert!(Call::read(unknown.as_bytes()).is_err());
    }

    #[test]
    fn a_call_is_printed_without_its_secrets() {
        let call = Call {
            method: "GET".to_owned(),
            path: "/key/SECRET/regenerate".to_owned(),
            query: "key=SECRET".to_owned(),
            headers: vec![("authorization".to_owned(), "Bearer SECRET".to_owned())],
            entropy: "SECRET".to_owned(),
            ..Call::default()
        };
        let printed = format!("{call:?}");
        assert!(printed.contains("GET") && printed.contains("authorization"), "{printed}");
        assert!(!printed.contains("SECRET"), "{printed}");
    }
}
