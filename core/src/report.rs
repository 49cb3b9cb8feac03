//! What `configure` tells the shell: whether the settings can be used, all bounds that the shell keeps to, and all texts that
//! it sends by itself.

use crate::deviations::Hole;
use crate::error::Kind;
use crate::http::cors::{self, pair};
use crate::http::forwarding;
use crate::http::headers;
use crate::policy::retry::ATTEMPTS;
use crate::settings::key_rotation::MOST_FAILURES;
use crate::settings::{InFlight, Problem, Settings};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, ReadError, write};
use latchkey_contract::wire::{
    Bounds, Configured, CustomRuleReport, ProbeBounds, ReadyReplies, ReadyReply, Report, RequestIds,
    RotationReport, SettingsProblem, to_text,
};

/// Bytes of a body that is read before it is known who sends it.
const PROMPT_BODY_BYTES: u64 = 16 << 10;

/// Bytes of a refused body that are read and dropped.
const DRAINED_BODY_BYTES: u64 = 64 << 20;

/// How long a client may take to send a body.
const BODY_MS: u64 = 30_000;

/// How long a request may take in all: a client gives up at some time, and then its user would not learn how it ended. A
/// commit under way may still succeed, as with every 503.
const REQUEST_MS: u64 = 8_000;

/// Crossings of one attempt; two are the rule.
const CROSSINGS: u32 = 8;

/// The report for a server: [`Configured`] as JSON.
pub(crate) fn for_shell(read: Result<&Settings, Vec<Problem>>) -> Vec<u8> {
    let configured = match read {
        Ok(settings) => Configured::Usable(Box::new(report(settings))),
        Err(problems) => Configured::Unusable(problems.into_iter().map(told).collect()),
    };
    to_text(&configured).into_bytes()
}

/// The report where there is no shell: what judges alone.
pub(crate) fn alone(read: Result<&Settings, Vec<Problem>>) -> Json {
    match read {
        Ok(settings) => dict! {
            "ok" => true,
            "profile" => settings.profile.as_str(),
            "rules_digest" => crate::RULES_DIGEST,
        },
        Err(problems) => {
            let told = |problem: Problem| dict! { "path" => problem.path, "message" => problem.message };
            dict! { "ok" => false, "errors" => problems.into_iter().map(told).collect::<Vec<_>>() }
        }
    }
}

/// What is wrong with a text that is not JSON.
pub(crate) fn unreadable(error: &ReadError) -> Problem {
    Problem { path: String::new(), message: format!("settings are {error}") }
}

fn report(settings: &Settings) -> Report {
    Report {
        profile: settings.profile.as_str().to_owned(),
        rules_digest: crate::RULES_DIGEST.to_owned(),
        headers: headers(settings),
        limits: limits(settings),
        request_ids: RequestIds {
            length: 128,
            punctuation: "-_.:".to_owned(),
            credential: "sk-".to_owned(),
            telling: 8,
        },
        probes: ProbeBounds { ms: 5_000, answer_bytes: 64 << 10, at_once: 16 },
        reply_headers: reply_headers(settings),
        origins: cors::origins(settings),
        replies: replies(settings),
        open_holes: settings.open_holes().into_iter().map(str::to_owned).collect(),
        forwarding: settings.serving.upstream.as_ref().map(|_| forwarding::report()),
        custom_rule: settings.custom_rule.as_deref().map(custom_rule),
        rotation: settings.key_rotation.as_ref().map(|rotation| RotationReport {
            check_ms: rotation.check_seconds.saturating_mul(1000),
            lease_ms: rotation.lock_seconds.saturating_mul(1000),
            most_failures: MOST_FAILURES,
        }),
        warnings: settings.warnings.iter().cloned().map(told).collect(),
    }
}

fn told(Problem { path, message }: Problem) -> SettingsProblem {
    SettingsProblem { path, message }
}

/// The headers that the shell must hand over; all others may be left out.
fn headers(settings: &Settings) -> Vec<String> {
    let mut headers = headers::of_requests(settings);
    if settings.serving.upstream.is_some() {
        headers.push(forwarding::UPGRADE.to_owned());
    }
    if cors::is_open(settings) {
        headers.extend(cors::HEADERS.map(str::to_owned));
    }
    headers
}

/// What the shell must keep to.
fn limits(settings: &Settings) -> Bounds {
    let InFlight { bodies, replies, connections_per_address } = settings.serving.limits;
    Bounds {
        body_bytes: settings.serving.body_bytes,
        prompt_body_bytes: PROMPT_BODY_BYTES,
        drained_body_bytes: DRAINED_BODY_BYTES,
        body_ms: BODY_MS,
        bodies_in_flight_bytes: bodies,
        replies_in_flight_bytes: replies,
        connections_per_address,
        request_ms: REQUEST_MS,
        crossings: CROSSINGS,
        attempts: ATTEMPTS,
    }
}

/// Headers of every reply that does not have them itself, ready replies included. A reply may hold secrets, which belong in
/// no cache, and is never what its media type does not say.
fn reply_headers(settings: &Settings) -> Vec<(String, String)> {
    if !settings.closes(Hole::replies_stay_where_they_are_sent) {
        return Vec::new();
    }
    let mut headers = vec![pair("cache-control", "no-store"), pair("x-content-type-options", "nosniff")];
    if cors::depends_on_origin(settings) {
        headers.push(pair("vary", "origin"));
    }
    headers
}

/// Which module holds the operator's rule, a question to try it with, and what it may take.
fn custom_rule(path: &str) -> CustomRuleReport {
    CustomRuleReport {
        path: path.to_owned(),
        trial: crate::operations::custom_rule::trial(),
        memory_bytes: 64 << 20,
        answer_bytes: 64 << 10,
    }
}

/// What a shell answers when the module or the store cannot.
fn replies(settings: &Settings) -> ReadyReplies {
    let too_large = format!("request body is larger than {} bytes", settings.serving.body_bytes);
    ReadyReplies {
        trap: reply(500, "the rules failed on this request"),
        overrun: reply(500, "the rules took too long for this request"),
        store_away: reply(503, "the store cannot be reached"),
        busy: reply(503, "too many requests are waiting"),
        body_unread: reply(408, "request body did not arrive in time"),
        body_too_large: reply(413, &too_large),
    }
}

fn reply(status: u16, message: &str) -> ReadyReply {
    let mut headers = vec![pair("content-type", "application/json")];
    if status == 503 {
        headers.push(pair("retry-after", "1"));
    }
    let kind = if status < 500 { Kind::BadRequestError } else { Kind::InternalServerError };
    let body = dict! {
        "error" => dict! {
            "message" => message,
            "type" => kind.as_str(),
            "param" => Json::Null,
            "code" => status.to_string(),
        }
    };
    ReadyReply { status, headers, body: write(&body) }
}
