//! A request, as a shell hands it to the module.

use super::message::message;
use super::{Facts, RowName};

message! {
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
        /// How the last commit of this request was refused, if one was.
        pub refused: Option<Refused>,
        /// Something that the shell does by itself, in place of a request: no request brings one along.
        pub task: Option<Task>,
    }
}

message! {
    /// What a shell does by itself.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Task {
        /// Names keys that are to get another secret; the reply is `{"tokens": […]}`.
        "due_keys" => DueKeys {
            /// How many of them to pass over.
            skip: u64,
            /// When the look began, in milliseconds: a key is rotated once in a look, however short its interval is.
            since: i64,
        },
        /// Gives a key another secret; the reply is `{"rotated": true}`, or says why not, and whether the address that is told new
        /// secrets could be reached (`told`).
        "rotate_key" => RotateKey {
            /// The key's token.
            token: String,
        },
    }
}

message! {
    /// A commit that the store refused.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Refused {
        /// Why it was refused.
        pub why: Conflict,
        /// How many commits of this request were refused, with this one.
        pub times: u32,
        /// The rows that the step relied on, as it named them.
        pub relied_on: Vec<RowName>,
    }
}

message! {
    /// Why a store refuses a commit.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Conflict {
        /// Others changed the same rows at the same time.
        Lost = "lost",
        /// A row that is to go is referred to by rows of others, which share the database.
        Referred = "referred",
        /// A value is one that the database has no room for.
        Unstorable = "unstorable",
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
    use crate::wire::{of_text, to_text};

    #[test]
    fn a_call_is_read_as_it_was_written_and_may_leave_out_what_it_has_not() {
        let relied_on = vec![RowName { table: "t".into(), key: vec!["a".to_owned()] }];
        let refused = Some(Refused { why: Conflict::Referred, times: 2, relied_on });
        let call = Call { method: "GET".to_owned(), body_coming: true, refused, ..Call::default() };
        let found: Call = of_text(to_text(&call).as_bytes()).unwrap();
        assert_eq!((found.method, found.refused, found.body_coming), (call.method, call.refused, true));
        let read = |more: &str| {
            let rest = r#""path":"/","query":"","headers":[["a","b"]],"now":-1,"entropy":"","facts":[]"#;
            of_text::<Call>(format!(r#"{{"method":"GET",{rest}{more}}}"#).as_bytes())
        };
        assert!(read("").is_ok_and(|call| call.refused.is_none() && !call.body_coming && call.now == -1));
        assert!(read(r#","facts":[]"#).is_ok());
        assert!(read(r#","more":1"#).is_err());
        assert!(read(r#","refused":{"why":"other","times":1,"relied_on":[]}"#).is_err());
        assert!(of_text::<Call>(br#"{"method":"GET"}"#).is_err());
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
