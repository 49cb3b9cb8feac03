//! An alias is one line, and no way out of a folder.

use super::KeyDraft;
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};

/// Refuses an alias with control characters, or with `..` as a part of a path. What a key is called already stays.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(alias) = draft.text("key_alias") else { return Ok(Passed::NotApplicable) };
    let is_old = draft.before.is_some_and(|key| key.key_alias.as_deref() == Some(alias));
    let is_wrong = alias.chars().any(char::is_control) || alias.split('/').any(|part| part == "..");
    if is_old || !is_wrong {
        return Ok(Passed::Allowed);
    }
    let message = messages::INVALID_ALIAS;
    Err(Refusal::error(Code::ValueUnstorable, 400, Kind::BadRequestError, "key_alias", message)
        .on("key_alias"))
}
