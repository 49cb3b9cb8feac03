//! Durations as people write them: `30s`, `15m`, `12h`, `7d`, `2w`, `3mo`.

mod digits;
mod reference;
mod strict;

use crate::deviations::Hole;
use crate::error::Code;
use crate::settings::Profile;
use latchkey_contract::number::Integer;
use latchkey_contract::tables::Millis;
use std::fmt;

/// Why a duration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DurationError {
    /// Not a count and a unit.
    Malformed(String),
    /// Nothing at all.
    Zero(String),
    /// It would end after the year 9999.
    TooLong(String),
    /// What Python says in the reference, word for word.
    Reference(String),
}

impl DurationError {
    /// The machine code.
    pub const fn code(&self) -> Code {
        match self {
            Self::Malformed(_) | Self::Reference(_) => Code::DurationInvalid,
            Self::Zero(_) => Code::DurationZero,
            Self::TooLong(_) => Code::DurationTooLong,
        }
    }
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(text) => {
                write!(f, "duration `{text}` is not like `30s`, `15m`, `12h`, `7d`, `2w` or `3mo`")
            }
            Self::Zero(text) => write!(f, "duration `{text}` is zero"),
            Self::TooLong(text) => write!(f, "duration `{text}` ends after the year 9999"),
            Self::Reference(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for DurationError {}

/// How many seconds `text` is from `now` on, in the grammar of `profile`. Months depend on `now`.
pub fn seconds(profile: Profile, text: &str, now: Millis) -> Result<Integer, DurationError> {
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
