//! The module's four functions: configure, handle, check, describe.

mod last_steps;
pub(crate) mod retry;

use crate::audit;
use crate::auth;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::Refusal;
use crate::forms;
use crate::forms::describe;
use crate::http::cors;
use crate::http::forwarding;
use crate::http::params;
use crate::http::request::{self, Body, Request};
use crate::http::route::{Access, Route};
use crate::http::routing::{self, Astray, Found};
use crate::members;
use crate::operations::{dry_run, former_secret, rotate};
use crate::redact;
use crate::report;
use crate::rules::bounded;
use crate::settings::{self, Settings};
use last_steps::{bad_call, forwarded, granted, not_routed, preflight, refused};
use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::tables::Millis;
use latchkey_contract::wire::{Call, Step, StepHead, Task, read_frame, unchanged};
use std::borrow::Cow;

/// The rules under one set of settings.
#[derive(Debug)]
pub struct Policy {
    pub(crate) settings: Settings,
}

impl Policy {
    /// Reads the settings: a LiteLLM config.yaml as JSON text. Returns the policy, if they can be used, and
    /// [`latchkey_contract::wire::Configured`] as JSON text.
    pub fn configure(config: &[u8]) -> (Option<Self>, Vec<u8>) {
        Self::configured(config, settings::routes::read_for_server, report::for_shell)
    }

    /// The same for questions without a server, of whose settings only those for `check` and `describe` are read.
    pub fn configure_alone(config: &[u8]) -> (Option<Self>, Json) {
        Self::configured(config, settings::alone::read_alone, report::alone)
    }

    fn configured<Report>(
        config: &[u8],
        read_settings: fn(&Json) -> Result<Settings, Vec<settings::Problem>>,
        report: fn(Result<&Settings, Vec<settings::Problem>>) -> Report,
    ) -> (Option<Self>, Report) {
        let read = match read(config, &Limits::STORED) {
            Ok(config) => read_settings(&config),
            Err(error) => Err(vec![report::unreadable(&error)]),
        };
        match read {
            Ok(settings) => {
                let report = report(Ok(&settings));
                (Some(Self { settings }), report)
            }
            Err(problems) => (None, report(Err(problems))),
        }
    }

    /// Decides one request: a frame with a call goes in, a frame with a step comes out.
    pub fn handle(&self, frame: &[u8]) -> Vec<u8> {
        match read_frame(frame) {
            Ok((call, body)) => self.decide(&call, body).into_frame(),
            Err(_) => bad_call().into_frame(),
        }
    }

    /// Judges a request without a store. The question is JSON text.
    pub fn check(&self, question: &[u8]) -> Json {
        forms::check(&self.settings, question)
    }

    /// What a caller may enter, as JSON Schema. The question is JSON text.
    pub fn describe(&self, question: &[u8]) -> Json {
        describe::describe(&self.settings, question)
    }

    /// Decides one request.
    pub fn decide(&self, call: &Call, body: &[u8]) -> Step {
        let cx = Context::new(call, body, &self.settings);
        if let Some(task) = &call.task {
            let (operation, result) = of_shell(&cx, task);
            return Self::concluded(&cx, operation, result);
        }
        let path = request::percent_decode(&call.path);
        let found = routing::find(&self.settings, call, &path);
        let upstream = match found {
            Err(Astray::Unknown) => forwarding::upstream(&self.settings, &path),
            _ => None,
        };
        if let Some(base) = upstream {
            return forwarded(call, base);
        }
        // what the reference answers first depends on the body
        if cx.body_coming() && !cx.closes(Hole::the_key_is_judged_before_the_body) {
            return Step { head: StepHead::Body { sender: None }, body: Vec::new() };
        }
        if let Some(allowed) = cors::preflight(&self.settings, call) {
            return preflight(allowed);
        }
        let (operation, result) = match found {
            Ok(found) => (found.route.operation, run(&cx, &found)),
            Err(astray) => return not_routed(astray),
        };
        Self::concluded(&cx, operation, result)
    }

    /// What the shell is to do now.
    fn concluded(cx: &Context<'_>, operation: &'static str, result: Result<Outcome, Halt>) -> Step {
        let lasting = cx.is_lasting();
        match retry::reliable(cx, result) {
            Ok(outcome) => granted(operation, outcome, lasting),
            Err(Halt::Missing) => {
                Step { head: StepHead::Read { queries: cx.missing(), lasting }, body: Vec::new() }
            }
            Err(Halt::BodyComing(sender)) => Step { head: StepHead::Body { sender }, body: Vec::new() },
            // only dry runs end so, and they answer with what they have heard
            Err(Halt::Judged) => bad_call(),
            Err(Halt::Refused(mut refusal)) => {
                if cx.closes(Hole::misfits_repeat_no_credential) {
                    refusal.message = match refusal.status {
                        422 => redact::detail(&refusal.message),
                        _ => redact::said(refusal.message),
                    };
                }
                refused(operation, *refusal, lasting)
            }
        }
    }
}

/// What a shell does by itself.
fn of_shell(cx: &Context<'_>, task: &Task) -> (&'static str, Result<Outcome, Halt>) {
    match task {
        Task::DueKeys { skip, since } => ("due_keys", rotate::due(cx, *skip, Millis(*since))),
        Task::RotateKey { token } => {
            if let Some(refusal) = retry::exhausted(cx) {
                return ("rotate_key", Err(refusal.into()));
            }
            let caller = rotate::caller();
            let outcome = rotate::run(cx, &caller, token);
            ("rotate_key", audit::record(cx, &caller, "rotate_key", outcome))
        }
    }
}

fn run(cx: &Context<'_>, found: &Found<'_>) -> Result<Outcome, Halt> {
    let route = found.route;
    if let Some(refusal) = retry::exhausted(cx) {
        return Err(refusal.into());
    }
    let mut request = Request {
        path: found.path.to_owned(),
        query: request::query(cx.query()),
        path_param: found.path_param.to_owned(),
        body: Body::Absent,
    };
    let takes_body = routing::takes_body(route);
    let caller = match route.access {
        Access::Public => auth::welcome(cx, &request),
        Access::Key => auth::authenticate(cx, &mut request, takes_body, route.changes, route.ask_of),
    };
    if matches!(caller, Err(Halt::Missing)) {
        if takes_body && request.body == Body::Absent {
            request.body = request::glimpse(cx);
        }
        (route.foresee)(cx, &request);
    }
    let caller = caller?;
    if caller.is_former && route.changes && route.operation != "key_block" {
        return Err(former_secret().into());
    }
    // profile `litellm-1.60` knows no dry runs
    if cx.closes(Hole::dry_runs_change_nothing) && params::wants_dry_run(route, &request)? {
        return match tidied(cx, route, request) {
            Ok(request) => dry_run::run(cx, route, &caller, &request),
            Err(refusal) => Ok(dry_run::refused(route, refusal)),
        };
    }
    let request = tidied(cx, route, request)?;
    let outcome = guarded(cx, &caller, bounded(cx, (route.run)(cx, &caller, &request)));
    audit::record(cx, &caller, route.operation, outcome)
}

/// The request as the operations of the profile read it.
fn tidied(cx: &Context<'_>, route: &Route, request: Request) -> Result<Request, Refusal> {
    let (Body::Json(body), Some(model)) = (&request.body, &route.body) else { return Ok(request) };
    match members::judged(cx.settings, route.operation, model.kind, body)? {
        Cow::Borrowed(_) => Ok(request),
        Cow::Owned(body) => Ok(Request { body: Body::Json(body), ..request }),
    }
}

/// In strict nothing is changed in the name of a key whose rows have changed meanwhile: a block of the key, its team or its
/// project, a deletion or another role counts from its commit on.
fn guarded(cx: &Context<'_>, caller: &Caller, outcome: Result<Outcome, Halt>) -> Result<Outcome, Halt> {
    let mut outcome = outcome?;
    if cx.closes(Hole::decisions_hold_until_they_are_stored) && !outcome.writes.is_empty() {
        let rows = [
            caller.key.as_ref().map(|row| unchanged(row)),
            caller.user.as_ref().map(|row| unchanged(row)),
            caller.team.as_ref().map(|row| unchanged(row)),
            caller.project.as_ref().map(|row| unchanged(row)),
        ];
        for guard in rows.into_iter().flatten() {
            if !outcome.guards.contains(&guard) {
                outcome.guards.push(guard);
            }
        }
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::json::JsonText;
    use latchkey_contract::mint;
    use latchkey_contract::tables::{Row, User, VirtualKey};
    use latchkey_contract::wire::{Fact, Query};

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
        let key =
            VirtualKey { token: mint::token(secret), user_id: Some("u".to_owned()), ..VirtualKey::default() };
        let user = User { user_id: "u".to_owned(), ..User::default() };
        let stored = |row: &dyn Row| row.as_read().as_str().to_owned();
        let rows = format!(r#"{{"key":{},"user":{}}}"#, stored(&key), stored(&user));
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
                    Fact { query, rows: rows.into_iter().collect(), total: None }
                })),
                StepHead::Write { guards, .. } => break guards,
                other => panic!("no write: {other:?}"),
            }
        };
        assert!(guards.contains(&unchanged(&key)) && guards.contains(&unchanged(&user)), "{guards:?}");
    }

    /// The reply of profile strict to a request without facts; `None` where it needs some, or the body.
    fn strict(call: &Call, body: &[u8]) -> Option<(u16, Vec<u8>)> {
        let config = br#"{"general_settings": {"master_key": "sk-master"}}"#;
        let step = Policy::configure(config).0.unwrap().decide(call, body);
        match step.head {
            StepHead::Reply { status, .. } => Some((status, step.body)),
            _ => None,
        }
    }

    #[test]
    fn who_is_refused_before_the_body_is_read_is_refused_alike_with_it() {
        let bodies = [&b""[..], b"{}", b"{", b"\xff", br#"{"api_base":"http://x"}"#, br#"{"model":"m"}"#];
        for (path, key, status) in [
            ("/key/generate", "", 401),
            ("/key/generate", "Bearer nothing", 401),
            ("/key/generate", "Token sk-1", 401),
            ("/team/delete", "", 401),
            ("/nothing", "Bearer sk-master", 404),
            ("/key/info", "Bearer sk-master", 405),
        ] {
            let headers = vec![("authorization".to_owned(), key.to_owned())];
            let (method, path) = ("POST".to_owned(), path.to_owned());
            let mut call = Call { method, path, headers, body_coming: true, ..Call::default() };
            let early = strict(&call, b"");
            assert_eq!(early.as_ref().map(|(status, _)| *status), Some(status), "{call:?}");
            call.body_coming = false;
            for body in bodies {
                assert_eq!(strict(&call, body), early, "{call:?}");
            }
        }
    }

    #[test]
    fn the_body_is_asked_for_once_the_caller_may_come_in() {
        let headers = vec![("authorization".to_owned(), "Bearer sk-master".to_owned())];
        let (method, path) = ("POST".to_owned(), "/key/generate".to_owned());
        let call = Call { method, path, headers, body_coming: true, ..Call::default() };
        let holder = format!("key {}", mint::token("sk-master"));
        for (config, sender) in [
            (&br#"{"general_settings": {"master_key": "sk-master"}}"#[..], Some(holder)),
            (
                br#"{"general_settings": {"master_key": "sk-m"}, "latchkey": {"profile": "litellm-1.60"}}"#,
                None,
            ),
        ] {
            let policy = Policy::configure(config).0.unwrap();
            assert_eq!(policy.decide(&call, b"").head, StepHead::Body { sender });
        }
    }

    #[test]
    fn a_preflight_is_answered_without_a_key_where_its_origin_is_listed() {
        let asked = |own: &str, origin: &str, more: &[(&str, &str)]| {
            let config = format!(
                r#"{{"general_settings":{{"master_key":"sk-1","litellm_key_header_name":"X-Own"}},"latchkey":{own}}}"#
            );
            let policy = Policy::configure(config.as_bytes()).0.unwrap();
            let mut headers = vec![("origin".to_owned(), origin.to_owned())];
            headers.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            let (method, path) = ("OPTIONS".to_owned(), "/key/generate".to_owned());
            let step = policy.decide(&Call { method, path, headers, ..Call::default() }, b"");
            let StepHead::Reply { status, headers, .. } = step.head else { panic!("{:?}", step.head) };
            (status, headers.into_iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>())
        };
        let method = ("access-control-request-method", "POST");
        let listed = r#"{"cors":{"origins":["https://a.example"]}}"#;
        let (status, headers) = asked(listed, "https://a.example", &[method]);
        assert_eq!(status, 204);
        let allowed =
            headers.iter().find(|header| header.starts_with("access-control-allow-headers")).unwrap();
        for name in ["authorization", "content-type", "x-api-key", "litellm-changed-by", "x-own"] {
            assert!(allowed.contains(name), "{allowed}");
        }
        assert_eq!(asked(r#"{"cors":{"origins":["*"]}}"#, "https://b.example", &[method]).0, 204);
        for (own, origin, more) in [
            (listed, "https://b.example", &[method][..]),
            (listed, "https://a.example:8443", &[method]),
            (listed, "null", &[method]),
            (listed, "https://a.example", &[]),
            ("{}", "https://a.example", &[method]),
        ] {
            let (status, headers) = asked(own, origin, more);
            assert_eq!(status, 405, "{own} {origin}");
            assert!(!headers.iter().any(|header| header.starts_with("access-control")), "{headers:?}");
        }
        let release = r#"{"profile":"litellm-1.60"}"#;
        let (status, headers) = asked(release, "https://a.example", &[method]);
        assert_eq!(status, 200);
        assert!(
            headers.contains(&"access-control-allow-origin: https://a.example".to_owned()),
            "{headers:?}"
        );
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
    fn what_is_not_ours_goes_on_before_its_body_is_read() {
        for profile in ["strict", "litellm-1.60"] {
            let config = format!(
                r#"{{"general_settings":{{"master_key":"sk-1"}},"latchkey":{{"profile":"{profile}","upstream":"http://[::1]:1/"}}}}"#
            );
            let policy = Policy::configure(config.as_bytes()).0.unwrap();
            let decided = |path: &str, headers: &[(&str, &str)]| {
                let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
                let (path, headers) = (path.to_owned(), headers.collect());
                let call =
                    Call { method: "POST".to_owned(), path, headers, body_coming: true, ..Call::default() };
                policy.decide(&call, b"")
            };
            let step = decided("/v1/chat/completions", &[]);
            let StepHead::Forward { operation, base, status, events, .. } = step.head else {
                panic!("{:?}", step.head)
            };
            assert_eq!((&*operation, base.as_str(), status), ("forward", "http://[::1]:1", 502));
            assert_eq!(events.first().map(|event| event.object.as_str()), Some("upstream_away"));
            assert!(step.body.starts_with(br#"{"error":{"message":"#));
            let step = decided("/v1/realtime", &[("upgrade", "websocket")]);
            assert!(matches!(step.head, StepHead::Reply { status: 501, .. }), "{:?}", step.head);
            // of ours the one profile says at once what the other says when it has the body
            for path in ["/key/info", "/key/generate/", "//key/generate", "/v1/../key/generate"] {
                let step = decided(path, &[]);
                let is_forwarded = matches!(step.head, StepHead::Forward { .. });
                assert!(!is_forwarded, "{path}: {:?}", step.head);
            }
        }
    }

    #[test]
    fn the_body_is_read_before_the_key_where_the_route_takes_one() {
        assert_eq!(reply("POST", "/key/generate", "", b"{").0, 422);
        assert_eq!(reply("POST", "/key/generate", "", b"\"\xff\"").0, 400);
        assert_eq!(reply("POST", "/key/generate", "", b"\xef\xbb\xbf{}").0, 401);
        assert_eq!(reply("GET", "/key/info", "", b"{").0, 401);
    }
}
