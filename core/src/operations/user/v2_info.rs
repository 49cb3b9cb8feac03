//! `GET /v2/user/info`: shows a user, without keys and teams.

use crate::caller::{Caller, or_none};
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::{lookup, permission};
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::User;

/// Shows the user that `user_id` names, or the caller. To whom it is not theirs to see, a user does not exist.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let named = request.param("user_id").filter(|id| !id.is_empty());
    let id = named.or(caller.user_id.as_deref());
    let may_see = caller.sees_all() || id == caller.user_id.as_deref();
    let found: Option<User> = match id.filter(|_| may_see) {
        Some(id) => lookup::row(cx, "user_id", id)?,
        None => None,
    };
    let Some(user) = found else {
        let message = messages::user_named_not_found(or_none(id));
        let refusal = Refusal::error(Code::UserUnknown, 404, Kind::InvalidRequestError, Json::Null, message);
        return Err(refusal.on("user_id").into());
    };
    let permission = permission::of(cx, user.object_permission_id.as_deref())?;
    Ok(Outcome::reply(dict! {
        "user_id" => user.user_id,
        "user_email" => user.user_email,
        "user_alias" => user.user_alias,
        "user_role" => user.user_role,
        "spend" => user.spend,
        "max_budget" => user.max_budget,
        "tpm_limit" => user.tpm_limit,
        "rpm_limit" => user.rpm_limit,
        "models" => user.models,
        "budget_duration" => user.budget_duration,
        "budget_reset_at" => user.budget_reset_at.map(iso_z),
        "metadata" => user.metadata.value(),
        "created_at" => user.created_at.map(iso_z),
        "updated_at" => user.updated_at.map(iso_z),
        "sso_user_id" => user.sso_user_id,
        "teams" => user.teams,
        "object_permission" => permission::shown(cx, permission.as_ref()),
        "model_max_budget" => user.model_max_budget.value(),
    }))
}
