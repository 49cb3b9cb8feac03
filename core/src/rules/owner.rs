//! A key without an owner belongs to whoever creates it, unless a proxy admin leaves it unowned on purpose. That of a
//! service account belongs to nobody.

use super::{KeyDraft, KeyRoute};
use crate::verdict::{Passed, Said, Source};
use latchkey_contract::json::Json;

/// Gives the key to the caller.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    if draft.route == KeyRoute::ServiceAccount {
        // whatever was asked for, or is the operator's default
        draft.set("user_id", Json::Null, Source::Caller);
        return Ok(Passed::Changed);
    }
    if draft.get("user_id").is_some() || draft.caller.is_proxy_admin() {
        return Ok(Passed::NotApplicable);
    }
    let Some(user_id) = draft.caller.user_id.clone() else { return Ok(Passed::NotApplicable) };
    draft.set("user_id", user_id.into(), Source::Caller);
    Ok(Passed::Changed)
}
