//! A key the request brings along instead of having one made.

use super::{KeyDraft, Known};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::dict;
use latchkey_contract::json::repr;

/// The shortest custom key that strict takes.
const MIN_LENGTH: usize = 16;

/// A custom key begins with `sk-`, is long enough not to be guessed, and has no character a header cannot carry; where the
/// operator wants none there are none.
pub(super) fn well_formed(draft: &mut KeyDraft<'_>) -> Said {
    let Some(key) = draft.text("key") else { return Ok(Passed::NotApplicable) };
    if draft.settings.disable_custom_keys && draft.closes(Hole::custom_keys_can_be_disabled) {
        let detail = dict! { "error" => messages::CUSTOM_KEYS_DISABLED };
        return Err(Refusal::http(Code::CustomKeyInvalid, 403, detail).on("key"));
    }
    let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
    if key.starts_with("sk-") && key.len() >= MIN_LENGTH && plain {
        return Ok(Passed::Allowed);
    }
    let message = if !key.starts_with("sk-") {
        messages::CUSTOM_KEY_BEGINS_OTHERWISE.to_owned()
    } else if key.len() < MIN_LENGTH {
        messages::CUSTOM_KEY_TOO_SHORT.to_owned()
    } else {
        format!("`key` must begin with `sk-` and have {MIN_LENGTH} or more visible ascii characters")
    };
    let message = format!("{{'error': {}}}", repr(&message.into()));
    Err(Refusal::error(Code::CustomKeyInvalid, 400, Kind::BadRequestError, "key", message).on("key"))
}

/// A custom key that exists already is not issued again. The reference answers 200 for one without storing anything.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    if draft.get("key").is_none() {
        return Ok(Passed::NotApplicable);
    }
    if !draft.closes(Hole::custom_key_is_new) {
        return Ok(Passed::Allowed);
    }
    match draft.existing_key {
        Known::Absent => Ok(Passed::Allowed),
        Known::Unknown => Ok(Passed::Unknown),
        Known::Present(()) => {
            let message = "`key` exists already, choose another or leave it out";
            Err(Refusal::error(Code::KeyExists, 400, Kind::BadRequestError, "key", message).on("key"))
        }
    }
}
