//! What `configure` tells the shell: whether the settings can be used, and all texts the shell sends by itself.

use crate::context::HEADERS;
use crate::dict;
use crate::error::Kind;
use crate::json::{Json, ReadError, write};
use crate::settings::{Problem, Settings};

/// The largest request body, in bytes.
const BODY_BYTES: i64 = 1 << 20;

/// The report on settings that are in force now.
pub(crate) fn usable(settings: &Settings) -> Vec<u8> {
    let holes: Vec<String> = settings.open_holes().into_iter().map(str::to_owned).collect();
    write(&dict! {
        "ok" => true,
        "profile" => settings.profile.as_str(),
        "rules_digest" => crate::RULES_DIGEST,
        "headers" => headers(settings),
        "limits" => dict! { "body_bytes" => BODY_BYTES },
        "replies" => replies(),
        "open_holes" => holes,
        "custom_rule" => settings.custom_rule.as_deref().map(custom_rule),
        "warnings" => told(&settings.warnings),
    })
    .into_bytes()
}

/// The headers that the shell must hand over; all others may be left out.
fn headers(settings: &Settings) -> Vec<String> {
    let own = settings.key_header_name.as_deref();
    HEADERS.into_iter().chain(own.filter(|name| !HEADERS.contains(name))).map(str::to_owned).collect()
}

/// Which module holds the operator's rule, and a question to try it with.
fn custom_rule(path: &str) -> Json {
    dict! { "path" => path, "trial" => crate::operations::custom_rule::trial() }
}

/// The report on settings that cannot be used.
pub(crate) fn unusable(problems: &[Problem]) -> Vec<u8> {
    write(&dict! { "ok" => false, "errors" => told(problems) }).into_bytes()
}

fn told(problems: &[Problem]) -> Vec<Json> {
    let told =
        |problem: &Problem| dict! { "path" => problem.path.clone(), "message" => problem.message.clone() };
    problems.iter().map(told).collect()
}

/// The report on a text that is not JSON.
pub(crate) fn unreadable(error: &ReadError) -> Vec<u8> {
    unusable(&[Problem { path: String::new(), message: format!("settings are {error}") }])
}

/// What a shell answers when the module or the store cannot.
fn replies() -> Json {
    dict! {
        "trap" => reply(500, "the rules failed on this request"),
        "overrun" => reply(500, "the rules took too long for this request"),
        "store_away" => reply(503, "the store cannot be reached"),
        "busy" => reply(503, "too many requests are waiting"),
        "body_unread" => reply(408, "request body did not arrive in time"),
        "body_too_large" => reply(413, "request body is larger than 1048576 bytes"),
    }
}

fn reply(status: i64, message: &str) -> Json {
    let mut headers = vec![Json::List(vec!["content-type".into(), "application/json".into()])];
    if status == 503 {
        headers.push(Json::List(vec!["retry-after".into(), "1".into()]));
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
