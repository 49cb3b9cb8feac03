//! Parameters that every call with the key must have; they go into its metadata.

use super::{KeyDraft, Passed, Verdict};
use crate::error::{Code, Refusal};

/// Moves the enforced parameters.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let Some(params) = draft.get("enforced_params").cloned() else { return Ok(Passed::NotApplicable) };
    draft.put_metadata("enforced_params", params);
    Ok(Passed::Changed)
}

/// The reference fails on them when it makes a key.
pub(super) fn unsupported(draft: &mut KeyDraft<'_>) -> Verdict {
    if draft.get("enforced_params").is_none() {
        return Ok(Passed::NotApplicable);
    }
    let message = "`enforced_params` cannot be set on a new key in this profile";
    Err(Refusal::raised(Code::RequestUnsupported, message).on("enforced_params"))
}
