//! Durations in the strict grammar: one count, one unit, nothing else.

use super::DurationError;
use crate::time::{LAST, utc};
use chrono::Months;
use latchkey_contract::duration::{Duration, Misread, Unit};
use latchkey_contract::tables::Millis;

/// Reads a duration.
pub(super) fn parse(text: &str) -> Result<Duration, DurationError> {
    let text_of = || text.to_owned();
    Duration::parse(text).map_err(|misread| match misread {
        Misread::Malformed => DurationError::Malformed(text_of()),
        Misread::Zero => DurationError::Zero(text_of()),
        Misread::TooLong => DurationError::TooLong(text_of()),
    })
}

/// The moment this long after `now`.
pub(super) fn end(duration: Duration, now: Millis) -> Result<Millis, DurationError> {
    let end = match millis(duration.unit) {
        Some(unit) => duration.count.checked_mul(unit).and_then(|length| now.0.checked_add(length)),
        None => months_later(duration.count, now),
    };
    match end {
        Some(end) if end <= LAST.0 => Ok(Millis(end)),
        _ => Err(DurationError::TooLong(duration.to_string())),
    }
}

/// The length of a unit in milliseconds; months have none of their own.
const fn millis(unit: Unit) -> Option<i64> {
    match unit {
        Unit::Seconds => Some(1000),
        Unit::Minutes => Some(60_000),
        Unit::Hours => Some(3_600_000),
        Unit::Days => Some(86_400_000),
        Unit::Weeks => Some(604_800_000),
        Unit::Months => None,
    }
}

fn months_later(count: i64, now: Millis) -> Option<i64> {
    let months = Months::new(u32::try_from(count).ok()?);
    Some(utc(now).checked_add_months(months)?.and_utc().timestamp_millis())
}
