//! Nobody but a proxy admin creates or changes keys for another user.

use super::{KeyDraft, is_plain, owns};
use crate::caller::{Caller, or_none};
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;

/// Applies [`may_act_for`] to the key's user.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(user_id) = draft.text("user_id") else { return Ok(Passed::NotApplicable) };
    may_act_for(draft.caller, user_id).map(|()| Passed::Allowed)
}

/// A key's secret acts as its owner: only a proxy admin gives a key to another user, or takes it from one.
pub(super) fn of_change(draft: &mut KeyDraft<'_>) -> Said {
    let Some(asked) = draft.fields.get("user_id") else { return Ok(Passed::NotApplicable) };
    let Some(key) = draft.before else { return Ok(Passed::NotApplicable) };
    if key.user_id.as_deref() == asked.as_str() {
        return Ok(Passed::Allowed);
    }
    match asked.as_str() {
        Some(user_id) => may_act_for(draft.caller, user_id)?,
        None if draft.caller.is_proxy_admin() => return Ok(Passed::Allowed),
        None => {
            let message = messages::MAY_NOT_REMOVE_OWNER;
            return Err(
                Refusal::error(Code::NotOwner, 403, Kind::AuthError, Json::Null, message).on("user_id")
            );
        }
    }
    let is_free = key.user_id.is_none() && is_plain(key);
    if draft.caller.is_proxy_admin() || is_free || owns(draft.caller, key) {
        return Ok(Passed::Allowed);
    }
    let message =
        "only a proxy admin can take a key from its owner, or one with permissions or a configuration";
    Err(Refusal::error(Code::NotOwner, 403, Kind::AuthError, "user_id", message).on("user_id"))
}

/// Whether the caller may ask for keys of `user_id`.
pub(crate) fn may_act_for(caller: &Caller, user_id: &str) -> Result<(), Refusal> {
    if caller.is_proxy_admin() || caller.user_id.as_deref() == Some(user_id) {
        return Ok(());
    }
    let message = messages::only_for_themselves(user_id, or_none(caller.user_id.as_deref()));
    Err(Refusal::http(Code::OtherUser, 403, message).on("user_id"))
}
