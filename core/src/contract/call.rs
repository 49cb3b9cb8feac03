//! A request, as a shell hands it to the module.

use super::Facts;
use serde::{Deserialize, Serialize};

/// The head of a request; its body follows in the frame.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Call {
    /// `GET`, `POST`, … in capitals.
    pub method: String,
    /// The path of the request target, still percent-encoded.
    pub path: String,
    /// What follows the `?`, still encoded; empty without one.
    #[serde(default)]
    pub query: String,
    /// Names in lower case, each byte of a value as one character.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Milliseconds since 1970-01-01 UTC.
    pub now: i64,
    /// At least 64 random bytes in lower-case hex, fresh for each request and kept between its crossings.
    #[serde(default)]
    pub entropy: String,
    /// The answers to all queries asked so far.
    #[serde(default)]
    pub facts: Facts,
    /// Set on the last call after a commit was refused too often: the module answers that the request lost the race.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub conflict: bool,
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
    /// The first header called `name` (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
