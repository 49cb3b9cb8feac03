//! Nobody but a proxy admin creates or changes keys for another user.

use super::{KeyDraft, Passed, Verdict};
use crate::caller::{Caller, or_none};
use crate::error::{Code, Refusal, messages};

/// Applies [`may_act_for`] to the key's user.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let Some(user_id) = draft.text("user_id") else { return Ok(Passed::NotApplicable) };
    may_act_for(draft.caller, user_id).map(|()| Passed::Allowed)
}

/// Whether the caller may ask for keys of `user_id`.
pub(crate) fn may_act_for(caller: &Caller, user_id: &str) -> Result<(), Refusal> {
    if caller.is_proxy_admin() || caller.user_id.as_deref() == Some(user_id) {
        return Ok(());
    }
    let message = messages::only_for_themselves(user_id, or_none(caller.user_id.as_deref()));
    Err(Refusal::http(Code::OtherUser, 403, message).on("user_id"))
}
