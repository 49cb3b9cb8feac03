//! What comes in, what the module is told of it, and what goes out.

use crate::engine::ReadyReply;
use crate::store::Fact;
use bytes::Bytes;
use latchkey_contract::json::write_str;
use latchkey_contract::wire::{Conflict, Event};

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

/// The part of the call that stays the same between crossings, without its closing brace.
pub(crate) fn request_head(incoming: &Incoming, body_coming: bool, given: &Given) -> String {
    let mut out = String::with_capacity(1024);
    for (name, value) in [
        ("{\"method\":", &incoming.method),
        (",\"path\":", &incoming.path),
        (",\"query\":", &incoming.query),
        (",\"entropy\":", &given.entropy),
    ] {
        out.push_str(name);
        write_str(&mut out, value);
    }
    out.push_str(",\"headers\":[");
    for (index, (name, value)) in incoming.headers.iter().enumerate() {
        out.push_str(if index == 0 { "[" } else { ",[" });
        write_str(&mut out, name);
        out.push(',');
        write_str(&mut out, value);
        out.push(']');
    }
    out.push_str("],\"now\":");
    out.push_str(&given.now.to_string());
    if body_coming {
        out.push_str(",\"body_coming\":true");
    }
    out
}

/// The call of one crossing.
pub(crate) fn call_head(request: &str, facts: &[Fact], conflict: Option<Conflict>) -> String {
    let room: usize = facts.iter().map(|fact| fact.rows.len() + 256).sum();
    let mut out = String::with_capacity(request.len() + room + 64);
    out.push_str(request);
    out.push_str(",\"facts\":[");
    for (index, fact) in facts.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        fact.append_to(&mut out);
    }
    out.push(']');
    if let Some(conflict) = conflict {
        out.push_str(",\"conflict\":");
        write_str(&mut out, conflict.as_str());
    }
    out.push('}');
    out
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
        };
        let given = Given { now: 0, entropy: secret() };
        let outgoing = Outgoing { headers, body: secret().into(), ..Outgoing::default() };
        let printed = format!("{incoming:?} {given:?} {outgoing:?}");
        assert!(printed.contains("POST") && printed.contains("authorization"), "{printed}");
        assert!(!printed.contains("SECRET"), "{printed}");
    }
}
