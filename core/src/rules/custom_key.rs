//! A key the request brings along instead of having one made.

use super::{KeyDraft, Known};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::settings::Settings;
use crate::verdict::{Passed, Said};
use latchkey_contract::dict;
use latchkey_contract::json::repr;

/// The shortest custom key that strict takes.
const MIN_LENGTH: usize = 16;

/// How a request calls the secret that it brings along, and what it is told of one that has another form.
struct Words {
    param: &'static str,
    kind: Kind,
    begins_otherwise: &'static str,
    too_short: &'static str,
}

/// A custom key begins with `sk-`, is long enough not to be guessed, and has no character a header cannot carry; where the
/// operator wants none there are none.
pub(super) fn well_formed(draft: &mut KeyDraft<'_>) -> Said {
    let Some(key) = draft.text("key") else { return Ok(Passed::NotApplicable) };
    let words = Words {
        param: "key",
        kind: Kind::BadRequestError,
        begins_otherwise: messages::CUSTOM_KEY_BEGINS_OTHERWISE,
        too_short: messages::CUSTOM_KEY_TOO_SHORT,
    };
    has_form(draft.settings, key, &words)
}

/// The same of the secret that a regenerated key is to have.
pub(crate) fn new_key_well_formed(settings: &Settings, key: &str) -> Said {
    let words = Words {
        param: "new_key",
        kind: Kind::InvalidRequestError,
        begins_otherwise: messages::NEW_KEY_BEGINS_OTHERWISE,
        too_short: messages::NEW_KEY_TOO_SHORT,
    };
    has_form(settings, key, &words)
}

fn has_form(settings: &Settings, key: &str, words: &Words) -> Said {
    let Words { param, kind, begins_otherwise, too_short } = *words;
    if settings.disable_custom_keys && settings.closes(Hole::custom_keys_can_be_disabled) {
        let detail = dict! { "error" => messages::CUSTOM_KEYS_DISABLED };
        return Err(Refusal::http(Code::CustomKeyInvalid, 403, detail).on(param));
    }
    let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
    if key.starts_with("sk-") && key.len() >= MIN_LENGTH && plain {
        return Ok(Passed::Allowed);
    }
    let message = if !key.starts_with("sk-") {
        begins_otherwise.to_owned()
    } else if key.len() < MIN_LENGTH {
        too_short.to_owned()
    } else {
        format!("`{param}` must begin with `sk-` and have {MIN_LENGTH} or more visible ascii characters")
    };
    let message = format!("{{'error': {}}}", repr(&message.into()));
    Err(Refusal::error(Code::CustomKeyInvalid, 400, kind, param, message).on(param))
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
        Known::Present(()) => Err(exists("key")),
    }
}

/// The refusal of a secret that a key has or had.
pub(crate) fn exists(param: &'static str) -> Refusal {
    let message = format!("`{param}` exists already, choose another or leave it out");
    Refusal::error(Code::KeyExists, 400, Kind::BadRequestError, param, message).on(param)
}
