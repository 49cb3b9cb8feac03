//! `POST /key/block`: takes a virtual key out of service.

use super::stamp;
use super::update::full_row;
use crate::auth::is_master;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome, Reply};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::rules::KeyRoute;
use crate::rules::member_permissions::owner_may;
use crate::rules::{Standing, may_manage, not_for_owners, unknown_key};
use crate::types::BlockKeyRequest;
use latchkey_contract::json::Json;
use latchkey_contract::mint;
use latchkey_contract::tables::{Team, VirtualKey};
use latchkey_contract::wire::{CallerRows, Event, Query, changed, unchanged, unchanged_in};

/// Blocks the key.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: BlockKeyRequest = request.model()?;
    let mut outcome = set_blocked(cx, caller, &asked.key, true)?;
    // the reference answers with its own model of a key, which has another member for the organization and no budget id
    if let Reply::Json(Json::Dict(members)) = &mut outcome.reply {
        members.retain(|(name, _)| name != "budget_id");
        members.push(("org_id".into(), Json::Null));
    }
    Ok(outcome)
}

/// Sets or takes away the mark of a blocked key, and shows the key.
pub(crate) fn set_blocked(
    cx: &Context<'_>,
    caller: &Caller,
    key_or_token: &str,
    blocked: bool,
) -> Result<Outcome, Halt> {
    let token = mint::token_if_key(key_or_token);
    cx.foresee([Query::Caller { token: token.clone() }]);
    let Some(CallerRows { key, team, .. }) = cx.holder(&token)? else {
        // the master key has no row, but the reference knows it: it changes nothing and shows nothing
        let is_known = is_master(cx, &token) && !cx.closes(Hole::the_master_key_is_no_key);
        return match is_known && !cx.settings.store_audit_logs {
            true => Ok(Outcome::default()),
            false => Err(unknown(cx, key_or_token).into()),
        };
    };
    // a holder who changes their key without end keeps nobody from blocking it
    let mut guards = vec![unchanged_in(&key, &["user_id", "team_id"])];
    if caller.is_former && caller.token.as_ref() != Some(&key.token) {
        return Err(former_secret().into());
    }
    if cx.closes(Hole::owners_block_their_keys) {
        let standing = may_set(caller, &key, team.as_ref(), blocked)?;
        let route = if blocked { KeyRoute::Block } else { KeyRoute::Unblock };
        if cx.closes(Hole::members_need_their_teams_permission) {
            owner_may(&cx.settings.lacking, caller, standing, &key, team.as_ref(), route)?;
        }
        guards.extend(team.as_ref().map(|row| unchanged(row)));
    }
    let row = stamp::changed(cx, caller, VirtualKey { blocked: Some(blocked), ..key.clone() });
    let mut outcome = Outcome::reply(full_row(cx.settings, &row, crate::time::iso_z));
    outcome.guards = guards;
    outcome.writes.extend(changed(&key, &row));
    let event = if blocked { "key_blocked" } else { "key_unblocked" };
    outcome.events = vec![Event { event: event.into(), object: row.token }];
    Ok(outcome)
}

/// A secret that was replaced reads for as long as it works, and may put its own key out of service, but changes nothing
/// else.
pub(crate) fn former_secret() -> Refusal {
    let message = "the key has a newer secret: use that one for changes";
    Refusal::error(Code::RouteForbidden, 403, Kind::AuthError, Json::Null, message)
}

/// Owners may take their key out of service, but not put it back.
fn may_set(
    caller: &Caller,
    key: &VirtualKey,
    team: Option<&Team>,
    blocked: bool,
) -> Result<Standing, Refusal> {
    match may_manage(caller, key, team)? {
        Standing::Owner if !blocked => Err(not_for_owners("key", "unblock it")),
        standing => Ok(standing),
    }
}

fn unknown(cx: &Context<'_>, key: &str) -> Refusal {
    if cx.closes(Hole::unknown_and_foreign_keys_answer_alike) {
        return unknown_key();
    }
    Refusal::error(Code::KeyUnknown, 404, Kind::BadRequestError, "key", messages::key_not_found(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_blocks_and_does_not_unblock() {
        let owner = Caller { user_id: Some("u".to_owned()), ..Caller::default() };
        let key = VirtualKey { user_id: Some("u".to_owned()), ..VirtualKey::default() };
        assert_eq!(may_set(&owner, &key, None, true), Ok(Standing::Owner));
        assert_eq!(may_set(&owner, &key, None, false).map_err(|refusal| refusal.status), Err(403));
        let other = Caller { user_id: Some("v".to_owned()), ..Caller::default() };
        assert_eq!(may_set(&other, &key, None, true), Err(unknown_key()));
    }
}
