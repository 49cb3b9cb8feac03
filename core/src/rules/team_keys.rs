//! Who may create keys of a team: members only, with a role the operator allows, and with the required fields.

use super::{KeyDraft, Known};
use crate::caller::or_none;
use crate::error::{Code, Refusal, messages};
use crate::settings::TeamKeys;
use crate::verdict::{Passed, Said};
use latchkey_contract::tables::Team;

/// The user a team key is assigned to must be a member of the team.
pub(super) fn assigned_user(draft: &mut KeyDraft<'_>) -> Said {
    let is_asked = ["user_id", "team_id"].iter().any(|name| draft.get(name).is_some());
    let Some(user_id) = draft.new_owner().filter(|_| is_asked) else { return Ok(Passed::NotApplicable) };
    match draft.next_team() {
        Known::Unknown => Ok(Passed::Unknown),
        Known::Absent => Ok(Passed::NotApplicable),
        Known::Present(team) if team.member_role(user_id).is_some() => Ok(Passed::Allowed),
        Known::Present(team) => Err(not_assigned(user_id, &team.team_id).on("user_id")),
    }
}

/// The user who asks must be a member with an allowed role, unless a proxy admin.
pub(super) fn asking_user(draft: &mut KeyDraft<'_>) -> Said {
    let Some(team) = team(draft) else { return unjudged(draft) };
    if draft.caller.is_proxy_admin() {
        return Ok(Passed::Allowed);
    }
    may_create(team, draft.caller.user_id.as_deref(), team_settings(draft))?;
    Ok(Passed::Allowed)
}

/// The fields that `team_key_generation.required_params` names must be in the request.
pub(super) fn required_params(draft: &mut KeyDraft<'_>) -> Said {
    if team(draft).is_none() {
        return unjudged(draft);
    }
    let required = team_settings(draft).map(|settings| settings.required_params.as_slice());
    super::required_params::judge(draft, required.unwrap_or_default())
}

/// Whether a member of `team` may create and delete keys of it.
pub(crate) fn may_create(
    team: &Team,
    user_id: Option<&str>,
    settings: Option<&TeamKeys>,
) -> Result<(), Refusal> {
    let Some(role) = user_id.and_then(|user_id| team.member_role(user_id)) else {
        return Err(not_assigned(or_none(user_id), &team.team_id));
    };
    let allowed = settings.and_then(|settings| settings.allowed_team_member_roles.as_deref());
    match allowed {
        Some(roles) if !roles.contains(&role) => {
            let message = messages::team_role_not_allowed(&role, roles);
            Err(Refusal::http(Code::TeamRoleForbidden, 400, message).on("team_id"))
        }
        _ => Ok(()),
    }
}

/// The refusal of a user who is no member of the team.
pub(super) fn not_assigned(user_id: &str, team_id: &str) -> Refusal {
    Refusal::http(Code::NotTeamMember, 400, messages::user_not_in_team(user_id, team_id)).on("team_id")
}

fn team<'a>(draft: &KeyDraft<'a>) -> Option<&'a Team> {
    match draft.team {
        Known::Present(team) if draft.text("team_id").is_some() => Some(team),
        _ => None,
    }
}

fn unjudged(draft: &KeyDraft<'_>) -> Said {
    let unknown = draft.text("team_id").is_some() && draft.team == Known::Unknown;
    Ok(if unknown { Passed::Unknown } else { Passed::NotApplicable })
}

fn team_settings<'a>(draft: &KeyDraft<'a>) -> Option<&'a TeamKeys> {
    draft.settings.key_generation.as_ref().and_then(|settings| settings.team.as_ref())
}
