use super::*;
use crate::time::LAST;
use chrono::{Datelike, NaiveDate};

fn at(year: i32, month: u32, day: u32) -> Millis {
    let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
    Millis(date.and_hms_milli_opt(18, 22, 29, 7).unwrap().and_utc().timestamp_millis())
}

/// Every 11th day of some years, leap years among them.
fn days() -> impl Iterator<Item = Millis> {
    (0..400).map(|step| Millis(at(1999, 12, 30).0 + step * 11 * 86_400_000))
}

fn strict(text: &str, now: Millis) -> Result<Millis, DurationError> {
    end(Profile::Strict, text, now)
}

fn reference(text: &str, now: Millis) -> Result<String, String> {
    seconds(Profile::Litellm160, text, now).map(|n| n.to_string()).map_err(|error| error.to_string())
}

#[test]
fn strict_takes_one_count_and_one_unit() {
    let now = at(2025, 5, 24);
    for (text, length) in [
        ("30s", 30),
        ("15m", 900),
        ("12h", 43_200),
        ("7d", 604_800),
        ("2w", 1_209_600),
        ("007d", 604_800),
        ("3mo", 92 * 86_400),
    ] {
        assert_eq!(seconds(Profile::Strict, text, now), Ok(Integer::from(length)), "{text}");
    }
    let malformed =
        ["", "s", "mo", "1", "1d12h", "10minutes", "1.5h", "-1d", "+1d", " 1d", "1d ", "1 d", "1D"];
    for text in malformed.into_iter().chain(["1y", "1e3s", "٣d", "1_0s", "1mox", "d1", "1d\n", "1d\0"]) {
        assert_eq!(strict(text, now), Err(DurationError::Malformed(text.to_owned())), "{text:?}");
    }
}

#[test]
fn strict_refuses_nothing_and_what_leaves_the_calendar() {
    let now = at(2025, 5, 24);
    for text in ["0s", "0mo", "000d"] {
        assert_eq!(strict(text, now), Err(DurationError::Zero(text.to_owned())));
    }
    for text in ["95696mo", "9999999999mo", "9223372036854775807s", "9223372036854775808w", "416095w"] {
        assert_eq!(strict(text, now), Err(DurationError::TooLong(text.to_owned())), "{text}");
    }
    assert!(strict("95695mo", now).is_ok() && strict("416094w", now).is_ok());
    assert_eq!(strict("1s", LAST), Err(DurationError::TooLong("1s".to_owned())));
}

#[test]
fn strict_months_clip_the_day_and_roll_over_the_year() {
    for (now, text, then) in [
        (at(2025, 1, 31), "1mo", at(2025, 2, 28)),
        (at(2024, 1, 31), "1mo", at(2024, 2, 29)),
        (at(2025, 12, 31), "2mo", at(2026, 2, 28)),
        (at(2025, 11, 15), "14mo", at(2027, 1, 15)),
        (at(2024, 2, 29), "48mo", at(2028, 2, 29)),
        (at(2024, 2, 29), "12mo", at(2025, 2, 28)),
    ] {
        assert_eq!(strict(text, now), Ok(then), "{text}");
    }
}

#[test]
fn strict_durations_print_back_and_grow_with_their_count() {
    for unit in ["s", "m", "h", "d", "w", "mo"] {
        for now in days() {
            let ends: Vec<Millis> = [1, 2, 3, 11, 12, 13, 100]
                .map(|count| format!("{count}{unit}"))
                .iter()
                .map(|text| {
                    assert_eq!(strict::parse(text).unwrap().to_string(), *text);
                    strict(text, now).unwrap()
                })
                .collect();
            assert!(now < ends[0] && ends.windows(2).all(|pair| pair[0] < pair[1]), "{unit} from {now:?}");
        }
    }
}

#[test]
fn strict_months_end_later_the_later_they_begin() {
    for count in 1..40 {
        let ends: Vec<Millis> = days().map(|now| strict(&format!("{count}mo"), now).unwrap()).collect();
        assert!(ends.windows(2).all(|pair| pair[0] <= pair[1]), "{count}mo");
    }
}

#[test]
fn the_reference_reads_a_prefix() {
    let now = at(2025, 5, 24);
    for (text, length) in [
        ("1d12h", "86400"),
        ("10minutes", "600"),
        ("٣s", "3"),
        ("007m", "420"),
        ("0s", "0"),
        ("1mox", "2678400"),
        ("0mo", "0"),
        ("7mo", "18489600"),
        ("99999999999999999999d", "8639999999999999999913600"),
    ] {
        assert_eq!(reference(text, now).as_deref(), Ok(length), "{text}");
    }
}

#[test]
fn the_reference_fails_in_pythons_words() {
    let now = at(2025, 5, 24);
    for (text, message) in [
        ("", "Invalid duration format"),
        (" 1d", "Invalid duration format"),
        ("-1d", "Invalid duration format"),
        ("1w", "Unsupported duration unit, passed duration: 1w"),
        ("5", "Unsupported duration unit, passed duration: 5"),
        ("8mo", "month must be in 1..12"),
        ("2147483641mo", "month must be in 1..12"),
        ("2147483642mo", "signed integer is greater than maximum"),
        ("9223372036854775802mo", "Python int too large to convert to C long"),
    ] {
        assert_eq!(reference(text, now), Err(message.to_owned()), "{text}");
    }
    let digits = "1".repeat(4301) + "s";
    assert!(
        reference(&digits, now).is_err_and(|message| message.starts_with("Exceeds the limit (4300 digits)"))
    );
}

#[test]
fn the_reference_counts_any_number_of_months_in_december_as_one() {
    for text in ["1mo", "5mo", "99999999999999999999mo"] {
        assert_eq!(end(Profile::Litellm160, text, at(2025, 12, 31)), Ok(at(2026, 1, 31)));
    }
    assert_eq!(reference("1mo", at(9999, 12, 1)), Err("year 10000 is out of range".to_owned()));
}

#[test]
fn the_reference_ends_within_the_calendar() {
    let now = at(2025, 5, 24);
    for (text, message) in [
        ("251654189851s", "date value out of range"),
        ("86399999999999s", "date value out of range"),
        ("86400000000000s", "days=1000000000; must have magnitude <= 999999999"),
        ("185542587187200s", "Python int too large to convert to C int"),
        ("99999999999999999999d", "Python int too large to convert to C int"),
    ] {
        let refused = end(Profile::Litellm160, text, now).map_err(|error| error.to_string());
        assert_eq!(refused, Err(message.to_owned()), "{text}");
    }
    assert_eq!(end(Profile::Litellm160, "251654189850s", Millis(now.0 - 7)), Ok(Millis(LAST.0 - 999)));
    assert_eq!(end(Profile::Litellm160, "0s", now), Ok(now));
}

#[test]
fn both_profiles_agree_where_the_reference_is_right() {
    for now in days() {
        let month = crate::time::utc(now).month();
        for text in ["1s", "59m", "23h", "400d", "1mo"] {
            assert_eq!(end(Profile::Litellm160, text, now), strict(text, now), "{text} from {now:?}");
        }
        for count in 1..=12 - month {
            let text = format!("{count}mo");
            assert_eq!(end(Profile::Litellm160, &text, now), strict(&text, now), "{text} from {now:?}");
        }
    }
}
