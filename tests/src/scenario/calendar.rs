//! Times in answers, as distances from the moment of the exchange.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use fancy_regex::{Captures, Regex};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// How many seconds two times may differ and still count as equal.
pub(super) const TOLERANCE_SECONDS: i64 = 5;

/// Seconds from `now` until "`count` months" of the reference are over: the day is clipped to the month's length, in
/// December any count is one month. `None` where the reference fails because it would leave the year.
fn calendar_months(now: NaiveDateTime, count: u128) -> Option<i64> {
    let (year, month) = if now.month() == 12 {
        (now.year() + 1, 1)
    } else {
        (now.year(), u32::try_from(count).ok()?.checked_add(now.month())?)
    };
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    let last = first.checked_add_months(Months::new(1))?.pred_opt()?.day();
    let then = first.with_day(now.day().min(last))?.and_time(now.time());
    Some((then - now).num_seconds())
}

/// Rewrites every timestamp of the years 2020 to 2089 in `text` as its distance from `now`. `months` are the calendar
/// durations of the scenario so far.
pub(super) fn relative_times(text: &str, now: DateTime<Utc>, months: &BTreeSet<u128>) -> String {
    // the look-ahead keeps a longer number from being read as a shorter one
    static TIMESTAMP: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})?(?![\d:])",
        )
        .expect("the pattern is well formed")
    });
    TIMESTAMP
        .replace_all(text, |found: &Captures<'_>| {
            symbol(found, now, months).unwrap_or_else(|| found[0].to_owned())
        })
        .into_owned()
}

fn symbol(found: &Captures<'_>, now: DateTime<Utc>, months: &BTreeSet<u128>) -> Option<String> {
    let number = |group: usize| found.get(group).and_then(|part| part.as_str().parse::<u32>().ok());
    let year = found.get(1)?.as_str().parse::<i32>().ok()?;
    if !(2020..=2089).contains(&year) {
        return None;
    }
    let fraction = found.get(7).map_or("0", |part| part.as_str());
    let micros = format!("{fraction:0<6}").get(..6)?.parse::<u32>().ok()?;
    let moment = NaiveDate::from_ymd_opt(year, number(2)?, number(3)?)?.and_hms_micro_opt(
        number(4)?,
        number(5)?,
        number(6)?,
        micros,
    )?;
    let zone = found.get(8).map(|part| part.as_str());
    let (form, offset) = match zone {
        None => ("naive", 0),
        Some("Z") => ("Z", 0),
        Some(zone) => {
            let part = |range: std::ops::Range<usize>| zone.get(range)?.parse::<i64>().ok();
            let seconds = part(1..3)? * 3600 + part(4..6)? * 60;
            ("offset", if zone.starts_with('-') { -seconds } else { seconds })
        }
    };
    let apart = moment - TimeDelta::seconds(offset) - now.naive_utc();
    let mut delta = seconds_rounded(apart);
    for count in months {
        let month = calendar_months(now.naive_utc(), *count);
        if month.is_some_and(|month| (delta - month).abs() <= TOLERANCE_SECONDS) {
            return Some(format!("<now+{count}mo|{form}>"));
        }
    }
    if delta.abs() <= TOLERANCE_SECONDS {
        delta = 0;
    }
    Some(format!("<now{delta:+}|{form}>"))
}

/// Whole seconds, halves to even as Python rounds.
fn seconds_rounded(apart: TimeDelta) -> i64 {
    let micros = apart.num_microseconds().unwrap_or(i64::MAX);
    let (whole, rest) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    match rest.cmp(&500_000) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole.rem_euclid(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[test]
    fn a_time_becomes_its_distance_with_the_form_of_its_zone() {
        let now = at("2026-01-31T12:00:00Z");
        let none = BTreeSet::new();
        for (text, symbol) in [
            ("2026-01-31T12:00:04.999Z", "<now+0|Z>"),
            ("2026-01-31 13:00:00", "<now+3600|naive>"),
            ("at 2026-01-31T11:00:00.5-01:00!", "at <now+0|offset>!"),
            ("2026-01-31T11:59:50+00:00", "<now-10|offset>"),
            ("2019-01-31T12:00:00Z", "2019-01-31T12:00:00Z"),
            ("2026-02-30T12:00:00Z", "2026-02-30T12:00:00Z"),
            ("2026-01-31T12:00:001", "2026-01-31T12:00:001"),
            ("2026-01-31T12:00:00.1234567890", "<now+0|naive>.1234567890"),
        ] {
            assert_eq!(relative_times(text, now, &none), symbol, "{text}");
        }
    }

    #[test]
    fn halves_of_a_second_round_to_even() {
        let now = at("2026-01-31T12:00:00Z");
        let none = BTreeSet::new();
        assert_eq!(relative_times("2026-01-31T12:00:10.5Z", now, &none), "<now+10|Z>");
        assert_eq!(relative_times("2026-01-31T12:00:11.5Z", now, &none), "<now+12|Z>");
    }

    #[test]
    fn months_are_counted_by_the_calendar_and_december_knows_only_one() {
        let months = BTreeSet::from([1, 2, 13]);
        let january = at("2026-01-31T12:00:00Z");
        assert_eq!(relative_times("2026-02-28T12:00:02Z", january, &months), "<now+1mo|Z>");
        assert_eq!(relative_times("2026-03-31T12:00:00Z", january, &months), "<now+2mo|Z>");
        let december = at("2025-12-10T00:00:00Z");
        assert_eq!(relative_times("2026-01-10T00:00:00Z", december, &BTreeSet::from([13])), "<now+13mo|Z>");
        assert_eq!(calendar_months(january.naive_utc(), 12), None);
    }
}
