//! A key's team must exist: in the reference only where `key_generation_settings` are set.

use super::team_keys::not_assigned;
use super::{KeyDraft, Known};
use crate::caller::{Caller, or_none};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::settings::Settings;
use crate::verdict::{Passed, Said};
use latchkey_contract::tables::Team;

/// Judges the team that a key comes to.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    if draft.settings.key_generation.is_none() && !draft.closes(Hole::unknown_team_is_refused) {
        return Ok(Passed::NotApplicable);
    }
    let Some(Some(team_id)) = draft.destination() else { return Ok(Passed::NotApplicable) };
    match draft.team {
        Known::Present(_) => Ok(Passed::Allowed),
        Known::Unknown => Ok(Passed::Unknown),
        Known::Absent => Err(unknown(draft.settings, draft.caller, team_id)),
    }
}

/// The refusal of a team that does not exist. In strict, to whom it could not be theirs it answers like the team of others.
pub(super) fn unknown(settings: &Settings, caller: &Caller, team_id: &str) -> Refusal {
    if settings.closes(Hole::unknown_and_foreign_teams_answer_alike) && !caller.sees_all() {
        return not_assigned(or_none(caller.user_id.as_deref()), team_id);
    }
    Refusal::http(Code::TeamUnknown, 400, messages::team_not_in_database(team_id)).on("team_id")
}

/// The team as a rule may speak of it to the caller: one in which they have no part answers like one that does not exist.
pub(crate) fn as_seen_by<'t>(caller: &Caller, team: Option<&'t Team>) -> Known<&'t Team> {
    let has_part = |team: &&Team| {
        let is_member = caller.user_id.as_deref().and_then(|id| team.member_role(id)).is_some();
        caller.sees_all() || is_member || caller.team_id.as_ref() == Some(&team.team_id)
    };
    team.filter(has_part).into()
}
