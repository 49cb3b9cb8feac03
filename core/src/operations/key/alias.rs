//! A key that a request names by its alias alone, as LiteLLM takes it since 1.109.

use super::delete::teams_of;
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::{self, Body, Request};
use crate::operations::lookup::{self, by_id, team_of};
use crate::rules::may_manage;
use crate::types::Problem;
use latchkey_contract::json::Json;
use latchkey_contract::tables::VirtualKey;

/// The request with the key's token in the place of the alias; nothing where it names a key. To whom a key is not theirs to
/// see, there is none of its alias.
pub(super) fn resolved(
    cx: &Context<'_>,
    caller: &Caller,
    request: &Request,
) -> Result<Option<Request>, Halt> {
    let Body::Json(Json::Dict(members)) = &request.body else { return Ok(None) };
    let named = |name: &str| members.iter().find(|(member, _)| member == name).map(|(_, value)| value);
    if !cx.closes(Hole::keys_are_named_by_alias) || named("key").is_some_and(|key| !key.is_null()) {
        return Ok(None);
    }
    let Some(alias) = named("key_alias").and_then(Json::as_str) else {
        let problem = Problem::rule("either key or key_alias must be provided", &Json::Dict(members.clone()));
        return Err(request::invalid(&[problem.under("body")]).into());
    };
    let mut found: Vec<VirtualKey> = lookup::brief(cx, "key_alias", vec![alias.to_owned()])?;
    let teams = teams_of(cx, &found)?;
    let teams = by_id(&teams);
    let is_theirs = |key: &VirtualKey| {
        !may_manage(caller, key, team_of(key, &teams)).is_err_and(|refusal| refusal.code == Code::KeyUnknown)
    };
    found.retain(is_theirs);
    let token = match found.as_slice() {
        [key] => key.token.clone(),
        [] => {
            let message = messages::no_key_with_alias(alias);
            return Err(refusal(Code::KeyUnknown, 404, Kind::NotFoundError, message).into());
        }
        _ => {
            let message = messages::keys_share_alias(alias);
            return Err(refusal(Code::RequestInvalid, 400, Kind::BadRequestError, message).into());
        }
    };
    let others = members.iter().filter(|(name, _)| name != "key" && name != "key_alias").cloned();
    let members = [("key".into(), token.into())].into_iter().chain(others).collect();
    Ok(Some(Request {
        path: request.path.clone(),
        query: request.query.clone(),
        path_param: request.path_param.clone(),
        body: Body::Json(Json::Dict(members)),
    }))
}

fn refusal(code: Code, status: u16, kind: Kind, message: String) -> Refusal {
    Refusal::error(code, status, kind, "key_alias", message).on("key_alias")
}
