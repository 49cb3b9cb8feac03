//! The module's four functions, over bytes: configure, handle, check, describe.

use crate::audit;
use crate::auth;
use crate::caller::Caller;
use crate::check;
use crate::context::{Context, Halt, Outcome, Reply};
use crate::contract::{Call, Conflict, Event, Step, StepHead, split};
use crate::describe;
use crate::error::{Code, Kind, Refusal, messages};
use crate::json::{Json, Limits, read, write};
use crate::members;
use crate::operations::{Access, Route, dry_run, former_secret};
use crate::params;
use crate::redact;
use crate::report;
use crate::request::{self, Body, Request};
use crate::routing::{self, Astray};
use crate::rules::judge_writes;
use crate::settings::{self, Settings};
use crate::tables::unchanged;
use std::borrow::Cow;

/// The version of the module's contract; a shell refuses a module of another version.
pub const ABI_VERSION: u32 = 2;

/// The operation named in replies to requests that reach none.
const NO_OPERATION: &str = "none";

/// The rules under one set of settings.
#[derive(Debug)]
pub struct Policy {
    pub(crate) settings: Settings,
}

impl Policy {
    /// Reads the settings: a LiteLLM config.yaml as JSON. Returns the policy, if they can be used, and a report as
    /// JSON: `ok`, and either `errors` or what the shell needs to know (profile, digest, limits, ready replies).
    pub fn configure(config: &[u8]) -> (Option<Self>, Vec<u8>) {
        let config = match read(config, &Limits::STORED) {
            Ok(config) => config,
            Err(error) => return (None, report::unreadable(&error)),
        };
        match settings::read(&config) {
            Ok(settings) => {
                let report = report::usable(&settings);
                (Some(Self { settings }), report)
            }
            Err(problems) => (None, report::unusable(&problems)),
        }
    }

    /// Decides one request: a frame with a call goes in, a frame with a step comes out.
    pub fn handle(&self, frame: &[u8]) -> Vec<u8> {
        let Ok((head, body)) = split(frame) else { return bad_call().into_frame() };
        match Call::read(head) {
            Ok(call) => self.decide(&call, body).into_frame(),
            Err(_) => bad_call().into_frame(),
        }
    }

    /// Judges a request without a store: JSON in, JSON out.
    pub fn check(&self, input: &[u8]) -> Vec<u8> {
        write(&check::check(&self.settings, input)).into_bytes()
    }

    /// What a caller may enter, as JSON Schema: JSON in, JSON out.
    pub fn describe(&self, input: &[u8]) -> Vec<u8> {
        write(&describe::describe(&self.settings, input)).into_bytes()
    }

    /// Decides one request.
    pub fn decide(&self, call: &Call, body: &[u8]) -> Step {
        let cx = Context::new(call, body, &self.settings);
        let path = request::percent_decode(&call.path);
        let (operation, result) = match routing::find(cx.strict(), call, &path) {
            Ok((route, path_param)) => (route.operation, run(&cx, route, &path, path_param)),
            Err(astray) => return not_routed(astray),
        };
        let lasting = cx.is_lasting();
        match result {
            Ok(outcome) => granted(operation, outcome, lasting),
            Err(Halt::Missing) => {
                Step { head: StepHead::Read { queries: cx.missing(), lasting }, body: Vec::new() }
            }
            Err(Halt::Refused(mut refusal)) => {
                if cx.strict() && refusal.status == 422 {
                    refusal.message = redact::detail(&refusal.message);
                }
                refused(operation, *refusal, lasting)
            }
        }
    }
}

fn run(cx: &Context<'_>, route: &Route, path: &str, path_param: &str) -> Result<Outcome, Halt> {
    if let Some(conflict) = cx.conflict() {
        return Err(refused_by_store(conflict).into());
    }
    let request = Request {
        path: path.to_owned(),
        query: request::query(cx.query()),
        path_param: path_param.to_owned(),
        body: if routing::takes_body(route) { request::body(cx)? } else { Body::Absent },
    };
    let caller = match route.access {
        Access::Public => auth::welcome(cx, &request),
        Access::Key => auth::authenticate(cx, &request),
    };
    if matches!(caller, Err(Halt::Missing)) {
        (route.foresee)(cx, &request);
    }
    let caller = caller?;
    if caller.is_former && route.changes && route.operation != "key_block" {
        return Err(former_secret().into());
    }
    // profile `litellm-1.60` knows no dry runs
    if cx.strict() && params::wants_dry_run(route, &request)? {
        return match tidied(cx, route, request) {
            Ok(request) => dry_run::run(cx, route, &caller, &request),
            Err(refusal) => Ok(dry_run::refused(route, refusal)),
        };
    }
    let request = tidied(cx, route, request)?;
    let outcome = guarded(cx, &caller, bounded(cx, (route.run)(cx, &caller, &request)));
    audit::record(cx, &caller, route.operation, outcome)
}

/// The request as strict's operations read it.
fn tidied(cx: &Context<'_>, route: &Route, request: Request) -> Result<Request, Refusal> {
    let (Body::Json(body), Some(model), true) = (&request.body, &route.body, cx.strict()) else {
        return Ok(request);
    };
    match members::judged(route.operation, model.kind, body)? {
        Cow::Borrowed(_) => Ok(request),
        Cow::Owned(body) => Ok(Request { body: Body::Json(body), ..request }),
    }
}

/// In strict no column grows beyond its bound, whichever operation writes it.
pub(crate) fn bounded(cx: &Context<'_>, outcome: Result<Outcome, Halt>) -> Result<Outcome, Halt> {
    let outcome = outcome?;
    if cx.strict() {
        judge_writes(cx, &outcome.writes)?;
    }
    Ok(outcome)
}

/// In strict nothing is changed in the name of a key or a user who have changed meanwhile: a block, a deletion or another
/// role counts from its commit on.
fn guarded(cx: &Context<'_>, caller: &Caller, outcome: Result<Outcome, Halt>) -> Result<Outcome, Halt> {
    let mut outcome = outcome?;
    if cx.strict() && !outcome.writes.is_empty() {
        let rows =
            [caller.key.as_ref().map(|row| unchanged(row)), caller.user.as_ref().map(|row| unchanged(row))];
        for guard in rows.into_iter().flatten() {
            if !outcome.guards.contains(&guard) {
                outcome.guards.push(guard);
            }
        }
    }
    Ok(outcome)
}

fn refused_by_store(conflict: Conflict) -> Refusal {
    let (code, status, message) = match conflict {
        Conflict::Lost => {
            (Code::Conflict, 409, "others changed the same rows at the same time, please try again")
        }
        Conflict::Referred => {
            (Code::RowReferred, 409, "other rows of the database refer to what is to be deleted")
        }
        Conflict::Unstorable => (
            Code::ValueUnstorable,
            400,
            "the database has no room for one of the values: is a text too long?",
        ),
    };
    Refusal::error(code, status, Kind::BadRequestError, Json::Null, message)
}

fn granted(operation: &'static str, outcome: Outcome, lasting: bool) -> Step {
    let (content_type, body) = match outcome.reply {
        Reply::Null => ("application/json", "null".to_owned()),
        Reply::Json(value) => ("application/json", write(&value)),
        Reply::Text(content_type, text) => (content_type, text),
    };
    let headers = vec![(Cow::Borrowed("content-type"), Cow::Borrowed(content_type))];
    let (operation, status, events) = (operation.into(), 200, outcome.events);
    let head = if outcome.writes.is_empty() {
        StepHead::Reply { operation, status, headers, events, lasting }
    } else {
        let (writes, guards) = (outcome.writes, outcome.guards);
        StepHead::Write { operation, status, headers, events, writes, guards }
    };
    Step { head, body: body.into_bytes() }
}

/// The answer to a request that reaches no operation.
fn not_routed(astray: Astray) -> Step {
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

fn refused(operation: &'static str, refusal: Refusal, lasting: bool) -> Step {
    let body = write(&refusal.body()).into_bytes();
    let headers = vec![(Cow::Borrowed("content-type"), Cow::Borrowed("application/json"))];
    let events = vec![Event { event: "refused".into(), object: refusal.code.to_string() }];
    let (operation, status) = (operation.into(), refusal.status);
    let head = if refusal.left_behind.is_empty() {
        StepHead::Reply { operation, status, headers, events, lasting }
    } else {
        let (writes, guards) = (refusal.left_behind, Vec::new());
        StepHead::Write { operation, status, headers, events, writes, guards }
    };
    Step { head, body }
}

/// The answer to a frame that holds no call: a defect of the shell, not of the request.
fn bad_call() -> Step {
    let (operation, headers) =
        (NO_OPERATION.into(), vec![("content-type".into(), "application/json".into())]);
    let head = StepHead::Reply { operation, status: 500, headers, events: Vec::new(), lasting: false };
    Step { head, body: b"{\"detail\":\"the call cannot be read\"}".to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Answer, Query};
    use crate::json::JsonText;
    use crate::mint;
    use crate::tables::{Row, User, VirtualKey};

    /// Status, the named header and the body of the reply to a request without a key.
    fn reply(method: &str, path: &str, header: &str, body: &[u8]) -> (u16, Option<String>, String) {
        let config =
            br#"{"general_settings": {"master_key": "sk-master"}, "latchkey": {"profile": "litellm-1.60"}}"#;
        let policy = Policy::configure(config).0.unwrap();
        let call = Call { method: method.to_owned(), path: path.to_owned(), ..Call::default() };
        let step = policy.decide(&call, body);
        let StepHead::Reply { status, headers, .. } = step.head else { panic!("no reply: {:?}", step.head) };
        let value = headers.into_iter().find(|(name, _)| name == header).map(|(_, value)| value.into_owned());
        (status, value, String::from_utf8(step.body).unwrap())
    }

    #[test]
    fn what_is_changed_in_somebodys_name_holds_only_while_they_are_as_they_were() {
        let policy = Policy::configure(br#"{"general_settings": {"master_key": "sk-master"}}"#).0.unwrap();
        let secret = "sk-0123456789abcdef";
        let key = VirtualKey {
            token: mint::token(secret),
            user_id: Some("u".to_owned()),
            row_version: "7".to_owned(),
            ..VirtualKey::default()
        };
        let user = User { user_id: "u".to_owned(), row_version: "8".to_owned(), ..User::default() };
        let row = |row: &dyn Row| {
            let mut cells = row.cells();
            cells.insert("row_version".into(), JsonText::of(&row.row_version().into()));
            let mut out = String::new();
            cells.write(&mut out);
            out
        };
        let rows = format!(r#"{{"key":{},"user":{}}}"#, row(&key), row(&user));
        let mut call = Call {
            method: "POST".to_owned(),
            path: "/key/generate".to_owned(),
            headers: vec![("authorization".to_owned(), format!("Bearer {secret}"))],
            entropy: "00".repeat(64),
            ..Call::default()
        };
        let guards = loop {
            match policy.decide(&call, b"{}").head {
                StepHead::Read { queries, .. } => call.facts.0.extend(queries.into_iter().map(|query| {
                    let is_caller = matches!(query, Query::Caller { .. });
                    let rows = is_caller.then(|| JsonText::parse(rows.clone()).unwrap());
                    Answer { query, rows: rows.into_iter().collect(), total: None }
                })),
                StepHead::Write { guards, .. } => break guards,
                StepHead::Reply { status, .. } => panic!("refused with {status}"),
            }
        };
        assert!(guards.contains(&unchanged(&key)) && guards.contains(&unchanged(&user)), "{guards:?}");
    }

    #[test]
    fn a_wrong_method_is_told_the_methods_of_the_path() {
        let refused = |path| reply("PATCH", path, "allow", b"");
        let body = r#"{"detail":"Method Not Allowed"}"#.to_owned();
        assert_eq!(refused("/key/info"), (405, Some("GET".to_owned()), body.clone()));
        assert_eq!(refused("/key/generate"), (405, Some("POST".to_owned()), body));
        assert_eq!(reply("HEAD", "/key/info", "allow", b"").0, 405);
        assert_eq!(refused("/nothing").0, 404);
    }

    #[test]
    fn a_slash_too_many_is_redirected_with_an_empty_body() {
        let redirected = (307, Some("/key/generate".to_owned()), String::new());
        assert_eq!(reply("POST", "/key/generate/", "location", b"{}"), redirected);
    }

    #[test]
    fn the_body_is_read_before_the_key_where_the_route_takes_one() {
        assert_eq!(reply("POST", "/key/generate", "", b"{").0, 422);
        assert_eq!(reply("POST", "/key/generate", "", b"\"\xff\"").0, 400);
        assert_eq!(reply("POST", "/key/generate", "", b"\xef\xbb\xbf{}").0, 401);
        assert_eq!(reply("GET", "/key/info", "", b"{").0, 401);
    }
}
