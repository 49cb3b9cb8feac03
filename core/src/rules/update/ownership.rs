//! Whose key may be changed by whom, and to whom it may go.

use super::KeyChange;
use crate::error::{Code, Kind, Refusal, messages};
use crate::rules::{Known, Passed, Verdict, is_plain, may_act_for, may_manage_if_known, owns};
use latchkey_contract::json::Json;

/// Only a proxy admin, the owner and an admin of the team change a key.
pub(super) fn manage(change: &mut KeyChange<'_>) -> Verdict {
    change.standing = may_manage_if_known(change.caller, change.key, change.team)?;
    Ok(if change.standing.is_some() { Passed::Allowed } else { Passed::Unknown })
}

/// Whoever has a key's secret acts as its owner: only a proxy admin gives a key to another user, or takes it from one.
pub(super) fn own_user(change: &mut KeyChange<'_>) -> Verdict {
    let Some(asked) = change.request.get("user_id") else { return Ok(Passed::NotApplicable) };
    if change.key.user_id.as_deref() == asked.as_str() {
        return Ok(Passed::Allowed);
    }
    match asked.as_str() {
        Some(user_id) => may_act_for(change.caller, user_id)?,
        None if change.caller.is_proxy_admin() => return Ok(Passed::Allowed),
        None => {
            let message = messages::MAY_NOT_REMOVE_OWNER;
            return Err(
                Refusal::error(Code::NotOwner, 403, Kind::AuthError, Json::Null, message).on("user_id")
            );
        }
    }
    let is_free = change.key.user_id.is_none() && is_plain(change.key);
    if change.caller.is_proxy_admin() || is_free || owns(change.caller, change.key) {
        return Ok(Passed::Allowed);
    }
    let message =
        "only a proxy admin can take a key from its owner, or one with permissions or a configuration";
    Err(Refusal::error(Code::NotOwner, 403, Kind::AuthError, "user_id", message).on("user_id"))
}

/// The owner of a team's key is a member of the team.
pub(super) fn assigned_user(change: &mut KeyChange<'_>) -> Verdict {
    let is_asked = ["user_id", "team_id"].iter().any(|name| change.get(name).is_some());
    let Some(user_id) = change.new_owner().filter(|_| is_asked) else { return Ok(Passed::NotApplicable) };
    match change.next_team() {
        Known::Unknown => Ok(Passed::Unknown),
        Known::Absent => Ok(Passed::NotApplicable),
        Known::Present(team) if team.member_role(user_id).is_some() => Ok(Passed::Allowed),
        Known::Present(team) => {
            let message = messages::user_not_in_team(user_id, &team.team_id);
            Err(Refusal::http(Code::NotTeamMember, 400, message).on("user_id"))
        }
    }
}
