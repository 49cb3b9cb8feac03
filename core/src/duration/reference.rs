//! Durations as release 1.60.8 takes them: a prefix match, months by a rule of its own, and Python's errors.

use super::{DurationError, digits};
use crate::time::{LAST, utc};
use chrono::{Datelike, NaiveDate};
use latchkey_contract::number::Integer;
use latchkey_contract::tables::Millis;

/// Digits that Python converts before it refuses.
const MAX_DIGITS: usize = 4300;
const SECONDS_A_DAY: i64 = 86_400;
/// The most days a Python `timedelta` holds.
const MAX_DAYS: i64 = 999_999_999;

fn error<T>(message: impl Into<String>) -> Result<T, DurationError> {
    Err(DurationError::Reference(message.into()))
}

/// The seconds of the longest prefix that is a count and a unit; what follows it is ignored.
pub(super) fn seconds(text: &str, now: Millis) -> Result<Integer, DurationError> {
    let (count, rest) = digits::leading(text);
    if count.len() > MAX_DIGITS {
        return error(format!(
            "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits; use \
             sys.set_int_max_str_digits() to increase the limit",
            count.len()
        ));
    }
    let Some(count) = Integer::parse(&count) else { return error("Invalid duration format") };
    if rest.starts_with("mo") {
        return months(&count, now).map(|days| Integer::from(days * SECONDS_A_DAY));
    }
    match rest.chars().next() {
        Some('s') => Ok(count),
        Some('m') => Ok(count.times(60)),
        Some('h') => Ok(count.times(3600)),
        Some('d') => Ok(count.times(86_400)),
        _ => error(format!("Unsupported duration unit, passed duration: {text}")),
    }
}

/// The days until the same day `count` months later, clipped to that month. In December it is January, whatever the
/// count; in other months the year must not end before.
fn months(count: &Integer, now: Millis) -> Result<i64, DurationError> {
    let today = utc(now).date();
    let (year, month) = if today.month() == 12 {
        (today.year() + 1, 1)
    } else {
        (today.year(), month_after(today.month(), count)?)
    };
    if year > 9999 {
        return error(format!("year {year} is out of range"));
    }
    let target = (1..=today.day()).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day));
    Ok(target.map_or(0, |target| target.signed_duration_since(today).num_days()))
}

fn month_after(month: u32, count: &Integer) -> Result<u32, DurationError> {
    // the reference asks for the first of the month that follows
    let Some(following) = count.to_i64().and_then(|count| count.checked_add(i64::from(month) + 1)) else {
        return error("Python int too large to convert to C long");
    };
    if following > i64::from(i32::MAX) {
        return error("signed integer is greater than maximum");
    }
    match u32::try_from(following - 1) {
        Ok(target @ 1..=12) => Ok(target),
        _ => error("month must be in 1..12"),
    }
}

/// `now + timedelta(seconds=seconds)`
pub(super) fn later(now: Millis, seconds: &Integer) -> Result<Millis, DurationError> {
    let days = seconds.to_i64().map(|seconds| seconds.div_euclid(SECONDS_A_DAY));
    let Some(days) = days.filter(|days| i32::try_from(*days).is_ok()) else {
        return error("Python int too large to convert to C int");
    };
    if days.abs() > MAX_DAYS {
        return error(format!("days={days}; must have magnitude <= {MAX_DAYS}"));
    }
    let end = seconds.to_i64().and_then(|seconds| now.0.checked_add(seconds.checked_mul(1000)?));
    match end {
        Some(end) if end <= LAST.0 => Ok(Millis(end)),
        _ => error("date value out of range"),
    }
}
