//! Symbols for what LiteLLM 1.109.1 answers at one moment only: when a budget begins again, and ids that it draws.

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc,
};
use latchkey_contract::json::Json;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

macro_rules! pattern {
    ($name:ident, $text:literal) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("the pattern is well formed"));
    };
}
pattern!(DURATION, r"^[1-9][0-9]*(?:[smhdw]|mo)$");
pattern!(MOMENT, r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):00:00(?:\.0+)?(Z|\+00:00)?$");
pattern!(TEAM_BUDGET, r"\b(team-(?:.*-)?budget-)[0-9a-f]{32}\b");
// a row of an archive: its id and its number among those that were deleted with it
pattern!(NUMBERED, r"^(<uuid>|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[0-9]{8}$");
pattern!(RESET, r"^<reset ([^|]*)\|(\w+)>$");

/// Remembers the durations in a request.
pub(super) fn note_durations(document: &Json, durations: &mut BTreeSet<String>) {
    match document {
        Json::Dict(members) => members.iter().for_each(|(_, item)| note_durations(item, durations)),
        Json::List(items) => items.iter().for_each(|item| note_durations(item, durations)),
        Json::Str(text) if DURATION.is_match(text) => {
            durations.insert(text.clone());
        }
        _ => {}
    }
}

/// `document` with symbols: moments at which a budget of one of the durations begins again, and ids of teams' budgets.
pub(super) fn with_symbols(document: &Json, now: DateTime<Utc>, durations: &BTreeSet<String>) -> Json {
    match document {
        Json::Dict(members) => {
            let mut out = Json::empty_dict();
            for (name, item) in members {
                out.set(name.clone(), with_symbols(item, now, durations));
            }
            out
        }
        Json::List(items) => {
            Json::List(items.iter().map(|item| with_symbols(item, now, durations)).collect())
        }
        Json::Str(text) => Json::Str(reset(text, now, durations).unwrap_or_else(|| {
            let text = NUMBERED.replace_all(text, "$1");
            TEAM_BUDGET.replace_all(&text, "$1<uuid>").into_owned()
        })),
        other => other.clone(),
    }
}

/// Whether both are symbols for resets of the same form that have a duration in common: on some days a budget of a day begins
/// again when one of a month does.
pub(super) fn are_one_reset(left: &str, right: &str) -> bool {
    let (Some(left), Some(right)) = (RESET.captures(left), RESET.captures(right)) else { return false };
    let (Some(durations), Some(others)) = (left.get(1), right.get(1)) else { return false };
    left.get(2).map(|form| form.as_str()) == right.get(2).map(|form| form.as_str())
        && durations.as_str().split(' ').any(|one| others.as_str().split(' ').any(|other| one == other))
}

fn reset(text: &str, now: DateTime<Utc>, durations: &BTreeSet<String>) -> Option<String> {
    let found = MOMENT.captures(text)?;
    let day = found.get(1)?.as_str().parse::<NaiveDate>().ok()?;
    let moment = day.and_hms_opt(found.get(2)?.as_str().parse().ok()?, 0, 0)?;
    let is_then = |duration: &&String| next_reset(duration, now.naive_utc()) == Some(moment);
    let names: Vec<&str> = durations.iter().filter(is_then).map(String::as_str).collect();
    let form = match found.get(3).map(|zone| zone.as_str()) {
        None => "naive",
        Some("Z") => "Z",
        Some(_) => "offset",
    };
    (!names.is_empty()).then(|| format!("<reset {}|{form}>", names.join(" ")))
}

/// When a budget of this duration begins again: on a multiple of its hours, at midnight, on Monday, on the first of a month.
fn next_reset(duration: &str, now: NaiveDateTime) -> Option<NaiveDateTime> {
    let midnight = now.date().and_time(NaiveTime::MIN);
    let (count, unit) = duration.split_at(duration.find(|letter: char| !letter.is_ascii_digit())?);
    let count = count.parse::<u32>().ok()?;
    match (count, unit) {
        (1 | 2 | 3 | 4 | 6 | 8 | 12 | 24, "h") => {
            midnight.checked_add_signed(TimeDelta::hours(((now.hour() / count + 1) * count).into()))
        }
        (30, "d") | (1, "mo") => midnight.with_day(1)?.checked_add_months(Months::new(1)),
        (7, "d") => midnight.checked_add_days(Days::new(7 - u64::from(now.weekday().num_days_from_monday()))),
        (_, "d") => midnight.checked_add_days(Days::new(count.into())),
        (_, "w") => midnight.checked_add_days(Days::new(u64::from(count) * 7)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str, durations: &[&str]) -> String {
        let durations = durations.iter().map(|text| (*text).to_owned()).collect();
        let now = "2026-11-29T09:10:11Z".parse().expect("a moment");
        let shown = with_symbols(&Json::from(text), now, &durations);
        shown.as_str().unwrap_or_default().to_owned()
    }

    #[test]
    fn moments_at_which_a_budget_begins_again_are_symbols() {
        assert_eq!(seen("2026-11-29T10:00:00Z", &["1h"]), "<reset 1h|Z>");
        assert_eq!(seen("2026-11-30T00:00:00+00:00", &["1d", "7d"]), "<reset 1d 7d|offset>");
        assert_eq!(seen("2026-12-01T00:00:00", &["30d"]), "<reset 30d|naive>");
        assert_eq!(seen("2026-11-29T12:00:00", &["12h"]), "<reset 12h|naive>");
        assert_eq!(seen("2026-12-01T00:00:00", &["1d"]), "2026-12-01T00:00:00");
    }

    #[test]
    fn resets_are_equal_if_they_have_a_duration_in_common() {
        assert!(are_one_reset("<reset 1d 30d|Z>", "<reset 1d|Z>"));
        assert!(!are_one_reset("<reset 1d 30d|Z>", "<reset 7d|Z>"));
        assert!(!are_one_reset("<reset 1d|Z>", "<reset 1d|offset>"));
    }
}
