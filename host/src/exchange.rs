//! What comes in, what the module is told of it, and what goes out.

use bytes::Bytes;
use latchkey_contract::wire::{Call, Event, ReadyReply, Task};

/// A request as it came in.
#[derive(Clone, Default)]
pub struct Incoming {
    /// In capitals.
    pub method: String,
    /// Still percent-encoded.
    pub path: String,
    /// What follows the `?`, still encoded.
    pub query: String,
    /// Names in lower case, each byte of a value as one character.
    pub headers: Vec<(String, String)>,
    /// As it was sent.
    pub body: Bytes,
    /// What the host does by itself, in place of a request.
    pub task: Option<Task>,
}

/// What the world gives to a decision besides the request.
#[derive(Clone)]
pub struct Given {
    /// Milliseconds since 1970-01-01 UTC.
    pub now: i64,
    /// 64 random bytes, lower-case hex.
    pub entropy: String,
}

/// What to send back.
#[derive(Clone, Default)]
pub struct Outgoing {
    /// The operation's name, or `none`.
    pub operation: String,
    /// HTTP status.
    pub status: u16,
    /// Response headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// For the log.
    pub events: Vec<Event>,
    /// Whether something was committed, so that the reply cannot be had again.
    pub is_committed: bool,
}

/// A request that another server answers.
#[derive(Debug)]
pub struct Onward {
    /// The address of that server: scheme, host and port.
    pub base: String,
    /// What to send back if it cannot be reached.
    pub away: Outgoing,
}

/// Shows no secret: a key may stand in a header, in the path, in the query and in the body.
impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming")
            .field("method", &self.method)
            .field("headers", &names(&self.headers))
            .finish_non_exhaustive()
    }
}

/// Shows no secret: keys are made of the entropy.
impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Given").field("now", &self.now).finish_non_exhaustive()
    }
}

/// Shows no secret: a new key stands in the body.
impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("headers", &names(&self.headers))
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

fn names(headers: &[(String, String)]) -> Vec<&str> {
    headers.iter().map(|(name, _)| name.as_str()).collect()
}

impl From<&ReadyReply> for Outgoing {
    fn from(reply: &ReadyReply) -> Self {
        Self {
            operation: "none".to_owned(),
            status: reply.status,
            headers: reply.headers.clone(),
            body: Bytes::from(reply.body.clone()),
            ..Self::default()
        }
    }
}

impl Incoming {
    /// The call for the first crossing.
    pub(crate) fn call(&self, body_coming: bool, given: Given) -> Call {
        let Given { now, entropy } = given;
        Call {
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            now,
            entropy,
            body_coming,
            task: self.task.clone(),
            ..Call::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_and_goes_out_is_printed_without_its_secrets() {
        let secret = || "SECRET".to_owned();
        let headers = vec![("authorization".to_owned(), secret())];
        let incoming = Incoming {
            method: "POST".to_owned(),
            path: secret(),
            query: secret(),
            headers: headers.clone(),
            body: secret().into(),
            task: None,
        };
        let given = Given { now: 0, entropy: secret() };
        let outgoing = Outgoing { headers, body: secret().into(), ..Outgoing::default() };
        let printed = format!("{incoming:?} {given:?} {outgoing:?}");
        assert!(printed.contains("POST") && printed.contains("authorization"), "{printed}");
        assert!(!printed.contains("SECRET"), "{printed}");
    }
}
