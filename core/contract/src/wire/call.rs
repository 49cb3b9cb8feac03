//! A request, as a shell hands it to the module.

use super::{Facts, RowName};
use serde::{Deserialize, Serialize};

/// The head of a request; its body follows in the frame.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Whether the body has not been read yet: the module decides without it, or asks for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub body_coming: bool,
    /// The answers to all queries asked so far.
    #[serde(default)]
    pub facts: Facts,
    /// How the last commit of this request was refused, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}

/// A commit that the store refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// Why it was refused.
    pub why: Conflict,
    /// How many commits of this request were refused, with this one.
    pub times: u32,
    /// The rows that the step relied on, as it named them.
    pub relied_on: Vec<RowName>,
}

/// Why a store refuses a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// Others changed the same rows at the same time.
    Lost,
    /// A row that is to go is referred to by rows of others, which share the database.
    Referred,
    /// A value is one that the database has no room for.
    Unstorable,
}

/// Shows no secret: a key may stand in a header, in the path and in the query, and keys are made of the entropy.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("headers", &names)
            .field("now", &self.now)
            .field("refused", &self.refused)
            .finish_non_exhaustive()
    }
}

impl Call {
    /// The first header called `name` (in lower case).
    pub fn header<'a>(&'a self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_may_leave_out_what_it_has_not() {
        let read = |text: &str| serde_json::from_str::<Call>(text);
        let call = read(r#"{"method":"GET","path":"/","now":0}"#).expect("a call");
        assert_eq!((call.method.as_str(), call.refused, call.body_coming), ("GET", None, false));
        assert!(read(r#"{"method":"GET","path":"/"}"#).is_err());
        let refused =
            r#"{"method":"GET","path":"/","now":0,"refused":{"why":"other","times":1,"relied_on":[]}}"#;
        assert!(read(refused).is_err());
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
