//! Durations by the grammar of the profile in force, refused as the rules refuse.

use crate::duration::{self, DurationError};
use crate::error::Refusal;
use crate::settings::Profile;
use latchkey_contract::number::Integer;
use latchkey_contract::tables::Millis;

/// How many seconds `text` is from `now` on.
pub(crate) fn seconds(profile: Profile, text: &str, now: Millis) -> Result<Integer, Refusal> {
    duration::seconds(profile, text, now).map_err(|error| refuse(&error))
}

/// The moment `text` after `now`.
pub(crate) fn after(profile: Profile, text: &str, now: Millis) -> Result<Millis, Refusal> {
    duration::end(profile, text, now).map_err(|error| refuse(&error))
}

/// Whether `text` is a duration in the strict grammar.
pub(crate) fn judge(text: &str) -> Result<(), Refusal> {
    duration::judge(text).map_err(|error| refuse(&error))
}

fn refuse(error: &DurationError) -> Refusal {
    Refusal::raised(error.code(), error.to_string())
}
