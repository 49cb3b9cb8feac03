//! Tags go into the key's metadata; they need a licence.

use super::{KeyDraft, Passed, Source, Verdict};
use crate::error::{Code, Refusal, messages};

/// Moves the tags.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let Some(tags) = draft.get("tags").cloned() else { return Ok(Passed::NotApplicable) };
    if !draft.settings.premium_user {
        return Err(Refusal::raised(Code::LicenceRequired, messages::tags_not_premium()).on("tags"));
    }
    draft.put_metadata("tags", tags);
    draft.provenance.push(("metadata.tags".into(), Source::Request));
    Ok(Passed::Changed)
}

/// The reference fails on tags without metadata.
pub(super) fn as_the_reference(draft: &mut KeyDraft<'_>) -> Verdict {
    if draft.get("tags").is_some() && draft.settings.premium_user && draft.get("metadata").is_none() {
        let message = "`tags` need `metadata` beside them in this profile";
        return Err(Refusal::raised(Code::RequestUnsupported, message).on("tags"));
    }
    apply(draft)
}
