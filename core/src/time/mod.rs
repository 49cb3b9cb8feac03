//! Moments: as the reference reads and prints them.

mod parse;

use chrono::{DateTime as Moment, Datelike as _, NaiveDateTime, TimeDelta, Timelike as _};
use latchkey_contract::tables::Millis;

/// A date and time of day, with the offset from UTC it was written with, if any (Python's `datetime`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime {
    /// As it was written.
    local: NaiveDateTime,
    /// Seconds east of UTC.
    offset: Option<i32>,
}

impl DateTime {
    /// The moment; without an offset it counts as UTC. Rounded down to the millisecond.
    pub(crate) fn to_millis(self) -> Millis {
        let shift = TimeDelta::seconds(self.offset.unwrap_or(0).into());
        let utc = self.local.checked_sub_signed(shift).unwrap_or(self.local);
        Millis(utc.and_utc().timestamp_millis())
    }

    /// Python's `isoformat()`: a fraction only where there is one.
    pub(crate) fn isoformat(&self) -> String {
        let mut text = to_seconds(self.local, 'T');
        let micros = self.local.and_utc().timestamp_subsec_micros();
        if micros > 0 {
            text.push('.');
            digits(&mut text, micros, 6);
        }
        if let Some(offset) = self.offset {
            text.push(if offset < 0 { '-' } else { '+' });
            let minutes = offset.unsigned_abs() / 60;
            digits(&mut text, minutes / 60, 2);
            text.push(':');
            digits(&mut text, minutes % 60, 2);
        }
        text
    }
}

/// The moment as Python's `isoformat()` prints it in UTC: `2025-09-12T18:22:29+00:00`, with six digits of fraction where
/// there is one. Moments beyond the years 1 to 9999 print as the nearest one within.
pub(crate) fn isoformat(moment: Millis) -> String {
    DateTime { local: utc(moment), offset: Some(0) }.isoformat()
}

/// The moment as pydantic prints it: `2025-09-12T18:22:29Z`, with six digits of fraction where there is one.
pub fn iso_z(moment: Millis) -> String {
    DateTime { local: utc(moment), offset: None }.isoformat() + "Z"
}

/// The moment as LiteLLM's tables print it: `2025-09-12T18:22:29.000000Z`.
pub(crate) fn iso_micros(moment: Millis) -> String {
    let utc = utc(moment);
    let mut text = to_seconds(utc, 'T');
    text.push('.');
    digits(&mut text, utc.and_utc().timestamp_subsec_micros(), 6);
    text.push('Z');
    text
}

/// Date and time to the second, with `between` them; years beyond four digits have a sign.
pub(crate) fn to_seconds(local: NaiveDateTime, between: char) -> String {
    let mut text = String::with_capacity(32);
    match local.year() {
        year @ 0..10_000 => digits(&mut text, year.unsigned_abs(), 4),
        year => text.push_str(&format!("{year:+05}")),
    }
    let parts = [
        ('-', local.month()),
        ('-', local.day()),
        (between, local.hour()),
        (':', local.minute()),
        (':', local.second()),
    ];
    for (before, part) in parts {
        text.push(before);
        digits(&mut text, part, 2);
    }
    text
}

/// Appends the last `count` digits of a number: every reply holds moments, and the formatter is slow.
fn digits(out: &mut String, number: u32, count: u32) {
    for place in (0..count).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        out.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

/// The first moment of the year 1, the first a Python `datetime` can be.
pub(crate) const FIRST: Millis = Millis(-62_135_596_800_000);
/// The last millisecond of the year 9999, the last a Python `datetime` can be.
pub(crate) const LAST: Millis = Millis(253_402_300_799_999);

pub(crate) fn utc(moment: Millis) -> NaiveDateTime {
    let millis = moment.0.clamp(FIRST.0, LAST.0);
    Moment::from_timestamp_millis(millis).unwrap_or_default().naive_utc()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Value;
    use latchkey_contract::json::Json;

    #[test]
    fn a_moment_prints_in_the_three_ways_of_the_reference() {
        let whole = Millis(1_757_701_349_000);
        assert_eq!(isoformat(whole), "2025-09-12T18:22:29+00:00");
        assert_eq!(iso_z(whole), "2025-09-12T18:22:29Z");
        assert_eq!(iso_micros(whole), "2025-09-12T18:22:29.000000Z");
        let fraction = Millis(1_757_701_349_007);
        assert_eq!(isoformat(fraction), "2025-09-12T18:22:29.007000+00:00");
        assert_eq!(iso_z(fraction), "2025-09-12T18:22:29.007000Z");
        assert_eq!(iso_micros(fraction), "2025-09-12T18:22:29.007000Z");
        assert_eq!(isoformat(Millis(i64::MAX)), "9999-12-31T23:59:59.999000+00:00");
        assert_eq!(isoformat(Millis(i64::MIN)), "0001-01-01T00:00:00+00:00");
    }

    #[test]
    fn an_offset_is_kept_for_printing_and_counts_for_the_moment() {
        let read = |text: &str| DateTime::read(&Json::from(text)).unwrap();
        let east = read("2025-09-12T18:22:29.5+05:30");
        assert_eq!(east.isoformat(), "2025-09-12T18:22:29.500000+05:30");
        assert_eq!(east.to_millis(), Millis(1_757_681_549_500));
        let west = read("2025-09-12T18:22:29-0030");
        assert_eq!(west.isoformat(), "2025-09-12T18:22:29-00:30");
        assert_eq!(west.to_millis(), Millis(1_757_703_149_000));
        let naive = read("2025-09-12");
        assert!(naive.offset.is_none() && naive.isoformat() == "2025-09-12T00:00:00");
        assert_eq!(naive.to_millis(), Millis(1_757_635_200_000));
    }
}
