//! The steps that end a call: replies, and what is to be committed before they are sent.

use super::retry::relied_on;
use crate::context::{Outcome, Reply};
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::forwarding;
use crate::http::headers::Headers;
use crate::http::routing::Astray;
use latchkey_contract::json::{Json, append, write};
use latchkey_contract::wire::{Call, Event, Step, StepHead};
use std::borrow::Cow;

/// The operation named in replies to requests that reach none.
const NO_OPERATION: &str = "none";

/// The step that commits what an operation has decided, or answers at once where it changes nothing.
pub(super) fn granted(operation: &'static str, outcome: Outcome, lasting: bool) -> Step {
    let (content_type, body) = match outcome.reply {
        Reply::Null => ("application/json", "null".to_owned()),
        Reply::Json(value) => {
            let mut text = String::with_capacity(2048);
            append(&mut text, &value);
            ("application/json", text)
        }
        Reply::Text(content_type, text) => (content_type, text),
    };
    let mut headers = vec![(Cow::Borrowed("content-type"), Cow::Borrowed(content_type))];
    headers.extend(outcome.headers);
    let (operation, status, events) = (operation.into(), 200, outcome.events);
    let head = if outcome.writes.is_empty() {
        StepHead::Reply { operation, status, headers, events, lasting }
    } else {
        let (writes, guards) = (outcome.writes, outcome.guards);
        let relies_on = relied_on(&writes, &guards);
        StepHead::Write { operation, status, headers, events, writes, guards, relies_on }
    };
    Step { head, body: body.into_bytes() }
}

/// The answer to a browser that asks whether a page may send a request.
pub(super) fn preflight((status, headers, body): (u16, Headers, &'static str)) -> Step {
    let (operation, events) = (NO_OPERATION.into(), Vec::new());
    let head = StepHead::Reply { operation, status, headers, events, lasting: true };
    Step { head, body: body.into() }
}

/// The answer to a request that reaches no operation.
pub(super) fn not_routed(astray: Astray) -> Step {
    let (refusal, header) = match astray {
        Astray::Unknown => (Refusal::http(Code::RouteUnknown, 404, messages::NOT_FOUND), None),
        Astray::Method(methods) => {
            let refusal = Refusal::http(Code::MethodNotAllowed, 405, messages::METHOD_NOT_ALLOWED);
            (refusal, Some(("allow", methods.join(", "))))
        }
        Astray::Elsewhere(location) => {
            let headers = vec![("location".into(), location.into())];
            let (operation, events) = (NO_OPERATION.into(), Vec::new());
            return Step {
                head: StepHead::Reply { operation, status: 307, headers, events, lasting: true },
                body: Vec::new(),
            };
        }
    };
    let mut step = refused(NO_OPERATION, refusal, true);
    if let (StepHead::Reply { headers, .. }, Some((name, value))) = (&mut step.head, header) {
        headers.push((name.into(), value.into()));
    }
    step
}

/// The step that sends a request on to the server at `base`, with the reply for when that is away.
pub(super) fn forwarded(call: &Call, base: &str) -> Step {
    let refused = |code, status, message: &str| {
        let refusal = Refusal::error(code, status, Kind::InternalServerError, Json::Null, message);
        refused(forwarding::OPERATION, refusal, false)
    };
    if forwarding::is_upgrade(call) {
        return refused(Code::UpgradeUnsupported, 501, "connections of WebSocket are not forwarded");
    }
    let away = refused(Code::UpstreamAway, 502, "the server for this route cannot be reached");
    match away.head {
        StepHead::Reply { operation, status, headers, events, .. } => {
            let head = StepHead::Forward { operation, base: base.to_owned(), status, headers, events };
            Step { head, body: away.body }
        }
        _ => away,
    }
}

/// The step that refuses; what the reference stores before it refuses is committed.
pub(super) fn refused(operation: &'static str, refusal: Refusal, lasting: bool) -> Step {
    let body = write(&refusal.body()).into_bytes();
    let headers = vec![(Cow::Borrowed("content-type"), Cow::Borrowed("application/json"))];
    let events = vec![Event { event: "refused".into(), object: refusal.code.to_string() }];
    let (operation, status) = (operation.into(), refusal.status);
    let head = if refusal.left_behind.is_empty() {
        StepHead::Reply { operation, status, headers, events, lasting }
    } else {
        let (writes, guards, relies_on) = (refusal.left_behind, Vec::new(), Vec::new());
        StepHead::Write { operation, status, headers, events, writes, guards, relies_on }
    };
    Step { head, body }
}

/// The answer to a frame that holds no call: a defect of the shell, not of the request.
pub(super) fn bad_call() -> Step {
    let (operation, headers) =
        (NO_OPERATION.into(), vec![("content-type".into(), "application/json".into())]);
    let head = StepHead::Reply { operation, status: 500, headers, events: Vec::new(), lasting: false };
    Step { head, body: b"{\"detail\":\"the call cannot be read\"}".to_vec() }
}
