//! The body as authentication sees it, which in the reference is another parser than the operation's.

use super::routes::unauthorized;
use crate::context::Context;
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::http::request::{self, Body};
use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::number::parse_float;
use std::borrow::Cow;

/// The body for the checks of authentication: in strict the one the operation gets, and `{}` where that is no object; in
/// the reference `{}` wherever its parser (orjson) reads nothing.
pub(super) fn seen<'b>(cx: &Context<'_>, body: &'b Body) -> Cow<'b, Json> {
    if cx.closes(Hole::access_reads_the_operations_body) {
        return match body {
            Body::Json(value) if value.as_dict().is_some() => Cow::Borrowed(value),
            _ => Cow::Owned(Json::empty_dict()),
        };
    }
    let content_type = cx.header("content-type").unwrap_or_default();
    let seen = if content_type.contains("form") {
        Cow::Owned(form(content_type, cx.body))
    } else {
        match body {
            Body::Json(value) => Cow::Borrowed(value),
            _ if cx.body.is_empty() => Cow::Owned(Json::empty_dict()),
            _ => Cow::Owned(read(cx.body, &Limits::REQUEST).unwrap_or_else(|_| Json::empty_dict())),
        }
    };
    if has_infinity(&seen) || cx.body.starts_with(request::BYTE_ORDER_MARK) {
        return Cow::Owned(Json::empty_dict());
    }
    seen
}

/// The fields of an urlencoded form; those of a multipart form are not looked at.
fn form(content_type: &str, bytes: &[u8]) -> Json {
    let mut fields = Json::empty_dict();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        for (name, value) in request::query(&String::from_utf8_lossy(bytes)) {
            fields.set(name, value.into());
        }
    }
    fields
}

/// Whether a number in the value is `NaN` or beyond a double: no JSON for orjson.
fn has_infinity(value: &Json) -> bool {
    match value {
        Json::Float(number) => !number.is_finite(),
        Json::Big(digits) => parse_float(digits).is_some_and(f64::is_infinite),
        Json::List(items) => items.iter().any(has_infinity),
        Json::Dict(members) => members.iter().any(|(_, value)| has_infinity(value)),
        _ => false,
    }
}

/// orjson makes floats of longer integers.
fn is_u64(digits: &str) -> bool {
    digits.parse::<u64>().is_ok()
}

/// Python's name for the type of a value.
pub(super) fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Null => "NoneType",
        Json::Bool(_) => "bool",
        Json::Int(_) => "int",
        Json::Big(digits) if is_u64(digits) => "int",
        Json::Big(_) | Json::Float(_) => "float",
        Json::Str(_) => "str",
        Json::List(_) => "list",
        Json::Dict(_) | Json::Raw(_) => "dict",
    }
}

/// What the reference answers where its authentication stumbles over the type of a value.
pub(super) fn stumbled(message: impl Into<Json>) -> Refusal {
    unauthorized(Code::RequestInvalid, message)
}

/// Where the reference wants to read members of something that has none.
pub(super) fn no_members(value: &Json) -> Refusal {
    stumbled(format!("'{}' object has no attribute 'get'", type_name(value)))
}

/// Where the reference searches in something that cannot be searched.
pub(super) fn not_iterable(value: &Json) -> Refusal {
    stumbled(format!("argument of type '{}' is not iterable", type_name(value)))
}

/// Where the reference looks up something that cannot be a name.
pub(super) fn unhashable(value: &Json) -> Refusal {
    stumbled(format!("unhashable type: '{}'", type_name(value)))
}

/// Refuses a body that is no object. Profile strict never gets here: there the operation judges the body's form.
pub(super) fn must_be_object(body: &Json) -> Result<(), Refusal> {
    if body.as_dict().is_none() { Err(no_members(body)) } else { Ok(()) }
}

/// Refuses a body that names an upstream, which would get the provider's key.
pub(super) fn names_no_upstream(cx: &Context<'_>, body: &Json) -> Result<(), Refusal> {
    for param in ["api_base", "base_url"] {
        if body.get(param).is_none() || brings_credentials(cx, body)? {
            continue;
        }
        if cx.settings.allow_client_side_credentials {
            return Ok(());
        }
        match body.get("model").filter(|_| !cx.closes(Hole::bodies_are_judged_by_operations)) {
            Some(model @ (Json::List(_) | Json::Dict(_))) => return Err(unhashable(model)),
            Some(Json::Null) => return Err(stumbled("'NoneType' object has no attribute 'split'")),
            _ => {}
        }
        return Err(unauthorized(Code::UpstreamInBody, messages::upstream_in_body(param)));
    }
    Ok(())
}

/// Whether the body brings its own key, for a provider that needs no more than a key.
fn brings_credentials(cx: &Context<'_>, body: &Json) -> Result<bool, Refusal> {
    const NEED_MORE: [&str; 3] = ["sagemaker", "bedrock", "vertex_ai"];
    let needs_more = match body.get("model") {
        None | Some(Json::Null) => true,
        Some(Json::Str(model)) => NEED_MORE.iter().any(|name| model.contains(name)),
        Some(_) if cx.closes(Hole::bodies_are_judged_by_operations) => true,
        Some(Json::List(items)) => {
            items.iter().any(|item| item.as_str().is_some_and(|text| NEED_MORE.contains(&text)))
        }
        Some(model @ Json::Dict(_)) => NEED_MORE.iter().any(|name| model.get(name).is_some()),
        Some(model) => return Err(not_iterable(model)),
    };
    Ok(!needs_more && body.get("api_key").is_some())
}

/// Where the reference looks for the end user, and stumbles over metadata that is no object.
pub(super) fn end_user_readable(body: &Json) -> Result<(), Refusal> {
    if body.get("user").is_some_and(|user| !user.is_null()) {
        return Ok(());
    }
    if let Some(metadata) = body.get("litellm_metadata") {
        if metadata.as_dict().is_none() {
            return Err(no_members(metadata));
        }
        if metadata.get("user").is_some_and(Json::is_truthy) {
            return Ok(());
        }
    }
    match body.get("metadata").filter(|metadata| metadata.is_truthy()) {
        Some(Json::Str(text)) if text.contains("user_id") => {
            Err(stumbled("string indices must be integers, not 'str'"))
        }
        Some(Json::List(items)) if items.iter().any(|item| item.as_str() == Some("user_id")) => {
            Err(stumbled("list indices must be integers or slices, not str"))
        }
        Some(other @ (Json::Bool(_) | Json::Int(_) | Json::Big(_) | Json::Float(_))) => {
            Err(not_iterable(other))
        }
        _ => Ok(()),
    }
}
