//! A key without an owner belongs to whoever creates it, unless a proxy admin leaves it unowned on purpose.

use super::KeyDraft;
use crate::verdict::{Passed, Said, Source};

/// Gives the key to the caller.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    if draft.get("user_id").is_some() || draft.caller.is_proxy_admin() {
        return Ok(Passed::NotApplicable);
    }
    let Some(user_id) = draft.caller.user_id.clone() else { return Ok(Passed::NotApplicable) };
    draft.set("user_id", user_id.into(), Source::Caller);
    Ok(Passed::Changed)
}
