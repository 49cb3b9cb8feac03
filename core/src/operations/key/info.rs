//! `GET /key/info`: shows a virtual key.

use super::issue::budget_table;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::record::record;
use crate::operations::{archive, cut, permission};
use crate::rules::may_see_key;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{DeletedKey, VirtualKey};
use latchkey_contract::wire::{CallerRows, Query};
use latchkey_contract::{dict, mint};

/// Shows the key that `key` names, or the caller's own.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let named = request.param("key").filter(|key| !key.is_empty());
    let shown = named.or(caller.token.as_deref()).unwrap_or_default();
    let token = mint::token_if_key(shown);
    let Some(CallerRows { key, budget, team, .. }) = cx.holder(&token)? else {
        return match cx.closes(Hole::deleted_keys_and_teams_are_archived) {
            true => archived(cx, caller, shown, &token),
            false => Err(not_found().into()),
        };
    };
    may_see_key(cx.settings, caller, shown, &key, team.as_ref())
        .map_err(cx.wrapping(|refusal| refusal.wrapped(Kind::InternalServerError, "")))?;
    let mut info = without_token(readable(cx, &key));
    let budget =
        budget.map_or(Json::Null, |budget| budget_table(cx.settings, &budget, crate::time::isoformat));
    info.set("litellm_budget_table", budget);
    if cx.settings.keeps::<VirtualKey>("object_permission_id") {
        let permission = permission::of(cx, key.object_permission_id.as_deref())?;
        info.set("status", status(cx, &key).into());
        info.set("object_permission", permission::shown(cx, permission.as_ref()));
    }
    Ok(Outcome::reply(dict! { "key" => shown, "info" => info }))
}

/// Shows a key that is gone, as the archive has it.
fn archived(cx: &Context<'_>, caller: &Caller, shown: &str, token: &str) -> Result<Outcome, Halt> {
    let Some(row) = archive::seen(cx, caller, shown, token)? else { return Err(not_found().into()) };
    let mut info = without_token(deleted(cx, caller, &row));
    for relation in ["litellm_budget_table", "object_permission"] {
        info.set(relation, Json::Null);
    }
    info.set("status", "deleted".into());
    Ok(Outcome::reply(dict! { "key" => shown, "info" => info }))
}

fn without_token(mut info: Json) -> Json {
    if let Json::Dict(members) = &mut info {
        members.retain(|(name, _)| name != "token");
    }
    info
}

/// A deleted key as its readers see it.
pub(crate) fn deleted(cx: &Context<'_>, caller: &Caller, row: &DeletedKey) -> Json {
    let mut info = readable(cx, &row.key);
    for (name, value) in archive::about(caller, row, crate::time::isoformat) {
        info.set(name, value);
    }
    info
}

/// Whether the key works, in LiteLLM's words.
fn status(cx: &Context<'_>, key: &VirtualKey) -> &'static str {
    match key.expires {
        _ if key.blocked == Some(true) => "revoked",
        Some(expiry) if expiry <= cx.now() => "expired",
        _ => "active",
    }
}

/// Asks for the key that is named, before it is known who asks.
pub(crate) fn foresee(cx: &Context<'_>, request: &Request) {
    let named = request.param("key").filter(|key| !key.is_empty());
    cx.foresee(named.map(|key| Query::Caller { token: mint::token_if_key(key) }));
}

/// The refusal of a key that is not in the store.
pub(crate) fn not_found() -> Refusal {
    Refusal::error(Code::KeyUnknown, 404, Kind::NotFoundError, "key", messages::KEY_NOT_FOUND)
}

/// A key as its readers see it: in strict with the list of routes that binds it, which is empty where the store has no such
/// column.
pub(crate) fn readable(cx: &Context<'_>, key: &VirtualKey) -> Json {
    let mut info = record(cx.settings, key, crate::time::isoformat);
    if cx.closes(Hole::routes_of_a_key_bind_it) {
        info.set("allowed_routes", key.allowed_routes.clone().into());
        cut::mark(&mut info, key);
    }
    info
}
