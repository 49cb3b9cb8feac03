//! Moments as Python prints and reads them.

use crate::time::to_seconds;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};
use latchkey_contract::tables::Millis;

/// `str` of a datetime in UTC: `2025-01-02 03:04:05.678000+00:00`, without a fraction if it is zero.
pub(super) fn printed(moment: Millis) -> String {
    let Some(utc) = DateTime::from_timestamp_millis(moment.0) else { return moment.0.to_string() };
    let seconds = to_seconds(utc.naive_utc(), ' ');
    match utc.timestamp_subsec_millis() {
        0 => format!("{seconds}+00:00"),
        millis => format!("{seconds}.{millis:03}000+00:00"),
    }
}

/// What `datetime.fromisoformat` reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    /// The moment, as if its zone was UTC.
    local: NaiveDateTime,
    /// Seconds east of UTC, if the text says so.
    offset: Option<i64>,
}

impl Read {
    /// Whether the text names a zone.
    pub(super) const fn has_zone(&self) -> bool {
        self.offset.is_some()
    }

    /// Whether this is later than `now`; without a zone in UTC.
    pub(super) fn is_after(&self, now: Millis) -> bool {
        let east = TimeDelta::seconds(self.offset.unwrap_or_default());
        let utc = self.local.checked_sub_signed(east);
        utc.is_some_and(|utc| utc.and_utc().timestamp_micros() > now.0.saturating_mul(1000))
    }
}

/// Reads ISO 8601 as `datetime.fromisoformat` does: a calendar date, then any character and a time, with or without
/// punctuation, then a zone.
pub(super) fn read(text: &str) -> Option<Read> {
    let (date, rest) = date(text)?;
    let mut rest = rest.chars();
    if rest.next().is_none() {
        return Some(Read { local: date.and_hms_opt(0, 0, 0)?, offset: None });
    }
    let rest = rest.as_str();
    let zone_at = rest.find(['Z', '+', '-']);
    let (time, zone) = zone_at.and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
    let (seconds, micros) = clock(time)?;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let local = date.and_hms_micro_opt(hour, minute, second, micros)?;
    let offset = match zone.split_at_checked(1) {
        None => None,
        Some(("Z", "")) => Some(0),
        Some(("Z", _)) => return None,
        Some((sign, zone)) => {
            let east = i64::from(clock(zone)?.0);
            Some(if sign == "-" { -east } else { east })
        }
    };
    Some(Read { local, offset })
}

fn date(text: &str) -> Option<(NaiveDate, &str)> {
    let (year, rest) = text.split_at_checked(4)?;
    let (month, rest) = match rest.strip_prefix('-') {
        Some(rest) => {
            rest.split_at_checked(2).and_then(|(month, rest)| Some((month, rest.strip_prefix('-')?)))?
        }
        None => rest.split_at_checked(2)?,
    };
    let (day, rest) = rest.split_at_checked(2)?;
    let year = i32::try_from(digits(year)?).ok()?;
    Some((NaiveDate::from_ymd_opt(year, digits(month)?, digits(day)?)?, rest))
}

/// `hh[:mm[:ss[.f]]]` or the same without colons, as seconds and microseconds.
fn clock(text: &str) -> Option<(u32, u32)> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let has_fraction = whole.len() < text.len();
    let compact: String = whole.chars().filter(|c| *c != ':').collect();
    let well_formed = match whole.len() {
        2 | 4 | 6 => !whole.contains(':'),
        5 => whole.get(2..3) == Some(":"),
        8 => whole.get(2..3) == Some(":") && whole.get(5..6) == Some(":"),
        _ => false,
    };
    if !well_formed || (has_fraction && compact.len() != 6) || fraction.is_empty() {
        return None;
    }
    let part = |range| compact.get(range).map_or(Some(0), digits);
    let (hour, minute, second) = (part(0..2)?, part(2..4)?, part(4..6)?);
    if hour > 23 || minute > 59 || second > 59 || digits(fraction.get(..1)?).is_none() {
        return None;
    }
    let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some((hour * 3600 + minute * 60 + second, digits(&micros)?))
}

fn digits(text: &str) -> Option<u32> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_prints_as_python_prints_it() {
        assert_eq!(printed(Millis(1_735_787_045_678)), "2025-01-02 03:04:05.678000+00:00");
        assert_eq!(printed(Millis(1_735_787_045_000)), "2025-01-02 03:04:05+00:00");
        assert_eq!(printed(Millis(1_735_787_045_007)), "2025-01-02 03:04:05.007000+00:00");
    }

    #[test]
    fn dates_and_times_are_read_with_and_without_punctuation() {
        let moment = Millis(1_735_787_045_678);
        for (text, later, zone) in [
            ("2025-01-02T03:04:05.679", true, false),
            ("2025-01-02 03:04:05", false, false),
            ("20250102T030406", true, false),
            ("2025-01-03", true, false),
            ("2025-01-02T04", true, false),
            ("2025-01-02T03:05", true, false),
            ("2025-01-02T03:04:06Z", true, true),
            ("2025-01-02T04:04:05+01:00", false, true),
            ("2025-01-02T02:05-01:00", true, true),
        ] {
            let read = read(text);
            assert_eq!(read.map(|r| r.is_after(moment)), Some(later), "{text}");
            assert_eq!(read.map(|r| r.has_zone()), Some(zone), "{text}");
        }
        for text in
            ["", "x", "2025", "2025-1-2", "2025-13-01", "2025-01-02T", "2025-01-02T25", "2025-01-02T3:4"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
