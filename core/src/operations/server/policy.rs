//! `GET /policy`: the rules in force, for forms that judge a request as the server would before they send it.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Kind, Refusal};
use crate::forms::shown_caller;
use crate::http::request::Request;
use latchkey_contract::dict;
use latchkey_contract::json::Json;

/// Answers with the digest of the rules, the settings to configure them with, and the caller as the rules know them, to
/// everybody who is a user here.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    if !caller.sees_all() && caller.user_id.as_deref().is_none_or(str::is_empty) {
        let message = "only users can see the policy, and this key has no user";
        return Err(Refusal::error(Code::RouteForbidden, 403, Kind::AuthError, Json::Null, message).into());
    }
    Ok(Outcome::reply(dict! {
        "profile" => cx.settings.profile.as_str(),
        "rules_digest" => crate::RULES_DIGEST,
        "settings" => cx.settings.shown(),
        "caller" => shown_caller(caller),
    }))
}
