//! Fields without a column go into the key's metadata, as limits by model and guardrails do.

use super::KeyDraft;
use super::key_fields::{Home, KEY_FIELDS};
use crate::verdict::{Passed, Said};

/// Moves them, but for those that a rule of their own has moved.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let mut passed = Passed::NotApplicable;
    for name in KEY_FIELDS.iter().filter(|field| field.home == Home::Metadata).map(|field| field.name) {
        let Some(value) = draft.get(name) else { continue };
        if draft.get("metadata").and_then(|metadata| metadata.get(name)) != Some(value) {
            draft.put_metadata(name, value.clone());
            passed = Passed::Changed;
        }
    }
    Ok(passed)
}
