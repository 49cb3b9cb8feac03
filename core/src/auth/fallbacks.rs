//! The models a request names as fallbacks.

use super::body::{stumbled, type_name};
use super::models::Allowed;
use crate::context::Context;
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Name};
use std::borrow::Cow;

/// Fallbacks that strict takes in one request: each is compared with all that the key may call.
const MOST: usize = 100;

/// Refuses fallbacks that the key may not call, or that the operator does not offer.
pub(super) fn may_call(
    cx: &Context<'_>,
    allowed: &Allowed<'_>,
    fallbacks: &Json,
    aliases: &[(Name, Json)],
) -> Result<(), Refusal> {
    let fallbacks = items(cx, fallbacks)?;
    if cx.closes(Hole::fallbacks_are_counted) && fallbacks.len() > MOST {
        let message = format!("`fallbacks` must not hold more than {MOST} models");
        return Err(Refusal::error(Code::RequestInvalid, 400, Kind::BadRequestError, "fallbacks", message));
    }
    for fallback in fallbacks.iter() {
        let model = match fallback {
            Json::Dict(_) => match fallback.get("model") {
                Some(model) => model,
                None if cx.closes(Hole::bodies_are_judged_by_operations) => continue,
                None => return Err(stumbled("'model'")),
            },
            other => other,
        };
        allowed.judge(cx, model, aliases)?;
        match model {
            Json::Str(name) => is_offered(cx, name)?,
            _ if cx.closes(Hole::bodies_are_judged_by_operations) => {}
            Json::Null if cx.settings.models.iter().any(|known| known.name.contains('*')) => {}
            Json::Null => return Err(not_offered("None")),
            Json::Bool(_) | Json::Int(_) | Json::Big(_) | Json::Float(_) => {
                return Err(stumbled(format!("argument of type '{}' is not iterable", type_name(model))));
            }
            Json::List(_) | Json::Dict(_) | Json::Raw(_) => {}
        }
    }
    Ok(())
}

/// What Python goes through when it is told to go through the value. Profile strict reads lists only.
fn items<'f>(cx: &Context<'_>, fallbacks: &'f Json) -> Result<Cow<'f, [Json]>, Refusal> {
    match fallbacks {
        Json::List(items) => Ok(items.into()),
        _ if cx.closes(Hole::bodies_are_judged_by_operations) => Ok(Cow::default()),
        Json::Str(text) => Ok(text.chars().map(|c| Json::Str(c.to_string())).collect()),
        Json::Dict(members) => Ok(members.iter().map(|(name, _)| Json::from(&**name)).collect()),
        other => Err(stumbled(format!("'{}' object is not iterable", type_name(other)))),
    }
}

/// Whether the operator offers a model of this name; a wildcard among the models lets all names through.
fn is_offered(cx: &Context<'_>, model: &str) -> Result<(), Refusal> {
    let offered = |name: &str| name == model || name.contains('*');
    if model.contains(',') || cx.settings.models.iter().any(|known| offered(&known.name)) {
        return Ok(());
    }
    Err(not_offered(model))
}

fn not_offered(model: &str) -> Refusal {
    let message = dict! { "error" => messages::invalid_model_name(model) };
    Refusal::http(Code::ModelForbidden, 400, message)
}
