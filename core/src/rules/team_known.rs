//! A key's team must exist: in the reference only where `key_generation_settings` are set.

use super::{KeyDraft, Known, Passed, Verdict};
use crate::error::{Code, Refusal, messages};

/// LiteLLM's check, which an operator without `key_generation_settings` does not have.
pub(super) fn if_restricted(draft: &mut KeyDraft<'_>) -> Verdict {
    if draft.settings.key_generation.is_none() {
        return Ok(Passed::NotApplicable);
    }
    always(draft)
}

/// The same for everyone.
pub(super) fn always(draft: &mut KeyDraft<'_>) -> Verdict {
    let Some(team_id) = draft.text("team_id") else { return Ok(Passed::NotApplicable) };
    match draft.team {
        Known::Present(_) => Ok(Passed::Allowed),
        Known::Unknown => Ok(Passed::Unknown),
        Known::Absent => {
            let message = messages::team_not_in_database(team_id);
            Err(Refusal::http(Code::TeamUnknown, 400, message).on("team_id"))
        }
    }
}
