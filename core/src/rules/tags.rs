//! Tags go into the key's metadata; they need a licence.

use super::KeyDraft;
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::verdict::{Passed, Said, Source};

/// Moves the tags. The reference fails on tags without metadata.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(tags) = draft.get("tags").cloned() else { return Ok(Passed::NotApplicable) };
    if !draft.settings.premium_user {
        return Err(Refusal::raised(Code::LicenceRequired, messages::tags_not_premium()).on("tags"));
    }
    if draft.before.is_some() {
        // the rule on changed columns moves them
        return Ok(Passed::Allowed);
    }
    if draft.get("metadata").is_none() && !draft.closes(Hole::tags_need_no_metadata) {
        let message = "`tags` need `metadata` beside them in this profile";
        return Err(Refusal::raised(Code::RequestUnsupported, message).on("tags"));
    }
    draft.put_metadata("tags", tags);
    draft.provenance.push(("metadata.tags".into(), Source::Request));
    Ok(Passed::Changed)
}
