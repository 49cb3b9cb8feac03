//! Nobody but a proxy admin creates or changes keys for a team other than the team of the key in use; the dashboard's
//! session keys stand for all teams of their user.

use super::{KeyDraft, Known};
use crate::caller::{Caller, DASHBOARD_TEAM_ID, or_none};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};

/// Applies [`may_use_team`] to the key's team. In strict, membership decides for a team that is known, whichever key its member
/// uses.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(team_id) = draft.text("team_id") else { return Ok(Passed::NotApplicable) };
    let is_for_sessions = team_id == DASHBOARD_TEAM_ID && !draft.caller.is_proxy_admin();
    if is_for_sessions && draft.closes(Hole::session_keys_come_from_admins) {
        return Err(session_keys());
    }
    let by_key = may_use_team(draft.caller, team_id).map(|()| Passed::Allowed);
    let user_id = draft.caller.user_id.as_deref();
    let user_id = user_id.filter(|_| draft.closes(Hole::members_make_keys_of_their_teams));
    let Some(user_id) = user_id else { return by_key };
    match draft.team {
        Known::Present(team) if team.member_role(user_id).is_some() => Ok(Passed::Allowed),
        Known::Present(_) | Known::Absent => by_key,
        Known::Unknown => Ok(by_key.unwrap_or(Passed::Unknown)),
    }
}

/// The refusal of a key for the team of the dashboard's session keys, whose limits bind nothing that is made with it.
pub(super) fn session_keys() -> Refusal {
    let message = format!("only a proxy admin can give a key to team `{DASHBOARD_TEAM_ID}`");
    Refusal::error(Code::OtherTeam, 403, Kind::AuthError, "team_id", message).on("team_id")
}

/// Whether the caller's key may ask for keys of `team_id`.
pub(crate) fn may_use_team(caller: &Caller, team_id: &str) -> Result<(), Refusal> {
    let own = caller.team_id.as_deref();
    if caller.is_proxy_admin() || own == Some(team_id) || own == Some(DASHBOARD_TEAM_ID) {
        return Ok(());
    }
    Err(Refusal::http(Code::OtherTeam, 403, messages::only_for_own_team(team_id, or_none(own))).on("team_id"))
}
