//! Durations as people write them: `30s`, `15m`, `12h`, `7d`, `2w`, `3mo`.

mod digits;
mod error;
mod reference;
mod strict;

pub(crate) use error::DurationError;

use crate::deviations::Hole;
use crate::settings::Profile;
use latchkey_contract::number::Integer;
use latchkey_contract::tables::Millis;

/// How many seconds `text` is from `now` on, in the grammar of `profile`. Months depend on `now`.
pub(crate) fn seconds(profile: Profile, text: &str, now: Millis) -> Result<Integer, DurationError> {
    if !profile.closes(Hole::durations_are_whole) {
        return reference::seconds(text, now);
    }
    let end = strict::end(strict::parse(text)?, now)?;
    Ok(Integer::from(end.0.saturating_sub(now.0) / 1000))
}

/// The moment `text` after `now`, in the grammar of `profile`.
pub fn end(profile: Profile, text: &str, now: Millis) -> Result<Millis, DurationError> {
    match profile.closes(Hole::durations_are_whole) {
        true => strict::end(strict::parse(text)?, now),
        false => reference::later(now, &reference::seconds(text, now)?),
    }
}

/// Makes sure that `text` is a duration in the strict grammar.
pub(crate) fn judge(text: &str) -> Result<(), DurationError> {
    strict::parse(text).map(drop)
}

#[cfg(test)]
mod tests;
