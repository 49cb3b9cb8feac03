//! Fields of a request that a change cannot follow.

use super::KeyDraft;
use crate::error::{Code, Refusal};
use crate::verdict::{Passed, Said};

/// A soft budget is a budget of its own: it comes with a new key and changes with `/budget/update`.
pub(super) fn soft_budget(draft: &mut KeyDraft<'_>) -> Said {
    if draft.get("soft_budget").is_none() {
        return Ok(Passed::NotApplicable);
    }
    let message = "`soft_budget` cannot be changed here, use `/budget/update`";
    Err(Refusal::raised(Code::RequestUnsupported, message).on("soft_budget"))
}

/// When a key is regenerated, the reference takes these fields for columns and fails.
pub(super) fn by_the_reference(draft: &mut KeyDraft<'_>) -> Said {
    match ["soft_budget", "send_invite_email"].iter().find(|name| draft.fields.get(name).is_some()) {
        None => Ok(Passed::Allowed),
        Some(name) => {
            let message = format!("`{name}` cannot be changed when a key is regenerated");
            Err(Refusal::raised(Code::RequestUnsupported, message).on(name))
        }
    }
}
