//! Fields of a request that a change cannot follow.

use super::KeyDraft;
use crate::error::{Code, Refusal};
use crate::verdict::{Passed, Said};

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
