//! An alias names one key.

use super::{KeyDraft, Known};
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};

/// Refuses an alias that another key has.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(alias) = draft.text("key_alias") else { return Ok(Passed::NotApplicable) };
    match draft.alias_holder {
        Known::Absent => Ok(Passed::Allowed),
        Known::Unknown => Ok(Passed::Unknown),
        Known::Present(()) => Err(taken(alias)),
    }
}

/// The refusal of an alias that another key has.
pub(crate) fn taken(alias: &str) -> Refusal {
    let message = messages::alias_exists(alias);
    Refusal::error(Code::AliasTaken, 400, Kind::BadRequestError, "key_alias", message).on("key_alias")
}
