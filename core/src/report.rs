//! What `configure` tells the shell: whether the settings can be used, and all texts the shell sends by itself.

use crate::deviations::Hole;
use crate::error::Kind;
use crate::http::cors::{self, pair};
use crate::http::headers;
use crate::settings::{InFlight, Problem, Settings};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, ReadError, write};

/// The report on settings that are in force now.
pub(crate) fn usable(settings: &Settings) -> Json {
    let holes: Vec<String> = settings.open_holes().into_iter().map(str::to_owned).collect();
    dict! {
        "ok" => true,
        "profile" => settings.profile.as_str(),
        "rules_digest" => crate::RULES_DIGEST,
        "headers" => headers(settings),
        "limits" => limits(settings),
        "reply_headers" => reply_headers(settings),
        "origins" => cors::origins(settings),
        "replies" => replies(settings),
        "open_holes" => holes,
        "custom_rule" => settings.custom_rule.as_deref().map(custom_rule),
        "warnings" => told(&settings.warnings),
    }
}

/// The same where there is no shell that anything else is for.
pub(crate) fn usable_alone(settings: &Settings) -> Json {
    dict! { "ok" => true, "profile" => settings.profile.as_str(), "rules_digest" => crate::RULES_DIGEST }
}

/// The headers that the shell must hand over; all others may be left out.
fn headers(settings: &Settings) -> Vec<String> {
    let mut headers = headers::of_requests(settings);
    if cors::is_open(settings) {
        headers.extend(cors::HEADERS.map(str::to_owned));
    }
    headers
}

/// What the shell must keep to.
fn limits(settings: &Settings) -> Json {
    let InFlight { bodies, replies, connections_per_address } = settings.serving.limits;
    let count = |count: u64| Json::from(i64::try_from(count).unwrap_or(i64::MAX));
    dict! {
        "body_bytes" => count(settings.serving.body_bytes),
        "bodies_in_flight_bytes" => count(bodies),
        "replies_in_flight_bytes" => count(replies),
        "connections_per_address" => connections_per_address.map(count),
    }
}

/// Headers of every reply that does not have them itself, ready replies included. A reply may hold secrets, which belong in
/// no cache, and is never what its media type does not say.
fn reply_headers(settings: &Settings) -> Json {
    if !settings.closes(Hole::replies_stay_where_they_are_sent) {
        return Json::List(Vec::new());
    }
    let mut headers = vec![pair("cache-control", "no-store"), pair("x-content-type-options", "nosniff")];
    if cors::depends_on_origin(settings) {
        headers.push(pair("vary", "origin"));
    }
    Json::List(headers)
}

/// Which module holds the operator's rule, and a question to try it with.
fn custom_rule(path: &str) -> Json {
    dict! { "path" => path, "trial" => crate::operations::custom_rule::trial() }
}

/// The report on settings that cannot be used.
pub(crate) fn unusable(problems: &[Problem]) -> Json {
    dict! { "ok" => false, "errors" => told(problems) }
}

fn told(problems: &[Problem]) -> Vec<Json> {
    let told =
        |problem: &Problem| dict! { "path" => problem.path.clone(), "message" => problem.message.clone() };
    problems.iter().map(told).collect()
}

/// The report on a text that is not JSON.
pub(crate) fn unreadable(error: &ReadError) -> Json {
    unusable(&[Problem { path: String::new(), message: format!("settings are {error}") }])
}

/// What a shell answers when the module or the store cannot.
fn replies(settings: &Settings) -> Json {
    let too_large = format!("request body is larger than {} bytes", settings.serving.body_bytes);
    dict! {
        "trap" => reply(500, "the rules failed on this request"),
        "overrun" => reply(500, "the rules took too long for this request"),
        "store_away" => reply(503, "the store cannot be reached"),
        "busy" => reply(503, "too many requests are waiting"),
        "body_unread" => reply(408, "request body did not arrive in time"),
        "body_too_large" => reply(413, &too_large),
    }
}

fn reply(status: i64, message: &str) -> Json {
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
    dict! { "status" => status, "headers" => headers, "body" => write(&body) }
}
