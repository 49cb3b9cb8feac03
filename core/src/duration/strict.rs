//! Durations in the strict grammar: one count, one unit, nothing else.

use super::DurationError;
use crate::tables::Millis;
use crate::time::{LAST, utc};
use chrono::Months;
use std::fmt;

/// The unit of a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `s`
    Seconds,
    /// `m`
    Minutes,
    /// `h`
    Hours,
    /// `d`
    Days,
    /// `w`
    Weeks,
    /// `mo`: to the same day of a later month, clipped to its last.
    Months,
}

impl Unit {
    const ALL: [Self; 6] = [Self::Seconds, Self::Minutes, Self::Hours, Self::Days, Self::Weeks, Self::Months];

    /// How it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Minutes => "m",
            Self::Hours => "h",
            Self::Days => "d",
            Self::Weeks => "w",
            Self::Months => "mo",
        }
    }

    /// Its length in milliseconds; months have none of their own.
    const fn millis(self) -> Option<i64> {
        match self {
            Self::Seconds => Some(1000),
            Self::Minutes => Some(60_000),
            Self::Hours => Some(3_600_000),
            Self::Days => Some(86_400_000),
            Self::Weeks => Some(604_800_000),
            Self::Months => None,
        }
    }
}

/// A duration: a count above zero and a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    count: i64,
    unit: Unit,
}

impl Duration {
    /// Reads ASCII digits and a unit, with nothing before, between and after.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let unit_at = text.bytes().take_while(u8::is_ascii_digit).count();
        let parts = text.split_at_checked(unit_at).filter(|(count, _)| !count.is_empty());
        let parts = parts.and_then(|(count, unit)| {
            Unit::ALL.into_iter().find(|known| known.as_str() == unit).map(|unit| (count, unit))
        });
        let Some((count, unit)) = parts else { return Err(DurationError::Malformed(text.to_owned())) };
        match count.parse() {
            Ok(0) => Err(DurationError::Zero(text.to_owned())),
            Ok(count) => Ok(Self { count, unit }),
            Err(_) => Err(DurationError::TooLong(text.to_owned())),
        }
    }

    /// The moment this long after `now`.
    pub fn end(self, now: Millis) -> Result<Millis, DurationError> {
        let end = match self.unit.millis() {
            Some(unit) => self.count.checked_mul(unit).and_then(|length| now.0.checked_add(length)),
            None => self.month_later(now),
        };
        match end {
            Some(end) if end <= LAST.0 => Ok(Millis(end)),
            _ => Err(DurationError::TooLong(self.to_string())),
        }
    }

    fn month_later(self, now: Millis) -> Option<i64> {
        let months = Months::new(u32::try_from(self.count).ok()?);
        Some(utc(now).checked_add_months(months)?.and_utc().timestamp_millis())
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.as_str())
    }
}
