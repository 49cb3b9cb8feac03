//! Whose key may be changed by whom, and to whom it may go.

use super::KeyChange;
use crate::error::{Code, Kind, Refusal, messages};
use crate::json::Json;
use crate::rules::{
    Known, Passed, Standing, Verdict, administers, is_plain, may_act_for, may_manage_if_known, owns,
};

/// Only a proxy admin, the owner and an admin of the team change a key.
pub(super) fn manage(change: &mut KeyChange<'_>) -> Verdict {
    change.standing = may_manage_if_known(change.caller, change.key, change.team)?;
    Ok(if change.standing.is_some() { Passed::Allowed } else { Passed::Unknown })
}

/// A key moves only to a team that exists.
pub(super) fn team_known(change: &mut KeyChange<'_>) -> Verdict {
    let Some(team_id) = moved_to(change) else { return Ok(Passed::NotApplicable) };
    match change.new_team {
        Known::Present(_) => Ok(Passed::Allowed),
        Known::Unknown => Ok(Passed::Unknown),
        Known::Absent => {
            let message = messages::team_not_in_database(team_id);
            Err(Refusal::http(Code::TeamUnknown, 400, message).on("team_id"))
        }
    }
}

/// An admin of a team moves its keys only to teams of which they are an admin, too.
pub(super) fn own_team(change: &mut KeyChange<'_>) -> Verdict {
    if change.standing != Some(Standing::TeamAdmin) {
        return Ok(Passed::NotApplicable);
    }
    let allowed = match change.request.get("team_id") {
        None => true,
        Some(asked) if asked.as_str() == change.key.team_id.as_deref() => true,
        Some(_) if change.new_team == Known::Unknown => return Ok(Passed::Unknown),
        Some(_) => administers(change.caller, change.new_team.present()),
    };
    if allowed {
        return Ok(Passed::Allowed);
    }
    let message = "an admin of a team can move its keys only to teams of which they are an admin";
    Err(Refusal::error(Code::OtherTeam, 403, Kind::AuthError, "team_id", message).on("team_id"))
}

/// Whoever has a key's secret acts as its owner: only a proxy admin gives a key to another user, or takes it from one.
pub(super) fn own_user(change: &mut KeyChange<'_>) -> Verdict {
    let Some(asked) = change.request.get("user_id") else { return Ok(Passed::NotApplicable) };
    if change.key.user_id.as_deref() == asked.as_str() {
        return Ok(Passed::Allowed);
    }
    if let Some(user_id) = asked.as_str() {
        may_act_for(change.caller, user_id)?;
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
    let user_id = match change.request.get("user_id") {
        None => change.key.user_id.as_deref(),
        Some(asked) => asked.as_str(),
    };
    let team = match moved_to(change) {
        Some(_) => change.new_team.present(),
        None if change.request.get("team_id").is_some_and(Json::is_null) => None,
        None => change.team.present(),
    };
    let is_asked = ["user_id", "team_id"].iter().any(|name| change.get(name).is_some());
    match (user_id, team) {
        (Some(user_id), Some(team)) if is_asked && team.member_role(user_id).is_none() => {
            let message = messages::user_not_in_team(user_id, &team.team_id);
            Err(Refusal::http(Code::NotTeamMember, 400, message).on("user_id"))
        }
        (Some(_), Some(_)) => Ok(Passed::Allowed),
        _ => Ok(Passed::NotApplicable),
    }
}

/// The team the request names, if it is not the key's own.
fn moved_to<'c>(change: &'c KeyChange<'_>) -> Option<&'c str> {
    change.text("team_id").filter(|team_id| change.key.team_id.as_deref() != Some(*team_id))
}
