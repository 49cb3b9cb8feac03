//! Limits by model and guardrails go into the key's metadata.

use super::{KeyDraft, Passed, Verdict};

/// Moves them.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let mut passed = Passed::NotApplicable;
    for name in ["model_rpm_limit", "model_tpm_limit", "guardrails"] {
        if let Some(value) = draft.get(name).cloned() {
            draft.put_metadata(name, value);
            passed = Passed::Changed;
        }
    }
    Ok(passed)
}
