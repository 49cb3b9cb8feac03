//! Parameters that every call with the key must have; they go into its metadata.

use super::KeyDraft;
use crate::deviations::Hole;
use crate::error::{Code, Refusal};
use crate::verdict::{Passed, Said};

/// Moves the enforced parameters. The reference fails on them when it makes a key.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(params) = draft.get("enforced_params").cloned() else { return Ok(Passed::NotApplicable) };
    if !draft.closes(Hole::enforced_params_are_stored) {
        let message = "`enforced_params` cannot be set on a new key in this profile";
        return Err(Refusal::raised(Code::RequestUnsupported, message).on("enforced_params"));
    }
    draft.put_metadata("enforced_params", params);
    Ok(Passed::Changed)
}
