//! Reading a moment: RFC 3339 text, a date, or a unix timestamp in seconds or milliseconds.

use super::DateTime;
use crate::types::{Dump, Kind, Problem, Value};
use chrono::{DateTime as Moment, Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use latchkey_contract::json::Json;
use latchkey_contract::number::{Integer, parse_float};

const TOO_EARLY: &str = "dates before 0000 are not supported as unix timestamps";
const TOO_LATE: &str = "dates after 9999 are not supported as unix timestamps";
const NOT_A_NUMBER: &str = "NaN values not permitted";
/// Timestamps beyond this count milliseconds.
const WATERSHED: i64 = 20_000_000_000;
/// The first second of the year 0 and the last of 9999.
const BOUNDS: (i64, i64) = (-62_167_219_200, 253_402_300_799);

impl Value for DateTime {
    const KIND: Kind = Kind::Time;

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        datetime(input)
    }

    fn dump_as(&self, _how: Dump) -> Json {
        self.isoformat().into()
    }
}

/// Reads what the reference takes for a moment.
fn datetime(input: &Json) -> Result<DateTime, Vec<Problem>> {
    let wrong = |reason| problem("datetime_parsing", "Input should be a valid datetime", reason, input);
    let read = match input {
        Json::Str(text) => text_as_datetime(text).map_err(|reason| {
            problem("datetime_from_date_parsing", "Input should be a valid datetime or date", reason, input)
        })?,
        Json::Int(seconds) => from_timestamp(*seconds, 0).map_err(wrong)?,
        Json::Big(digits) if Integer::parse(digits).is_some_and(|number| number.to_f64().is_some()) => {
            return Err(wrong(if digits.starts_with('-') { TOO_EARLY } else { TOO_LATE }));
        }
        Json::Float(seconds) => from_float(*seconds).map_err(wrong)?,
        _ => return Err(vec![Problem::new("datetime_type", "Input should be a valid datetime", input)]),
    };
    if read.local.year() < 1 {
        return Err(wrong("year 0 is out of range"));
    }
    Ok(read)
}

fn problem(kind: &'static str, what: &str, reason: &'static str, input: &Json) -> Vec<Problem> {
    vec![
        Problem::new(kind, format!("{what}, {reason}"), input)
            .with(latchkey_contract::dict! {"error" => reason}),
    ]
}

/// A moment with its time, else a timestamp, else a date alone. What is wrong with the date is told last.
fn text_as_datetime(text: &str) -> Result<DateTime, &'static str> {
    if let Some(read) = rfc3339(text) {
        return Ok(read);
    }
    if let Ok(seconds) = text.parse::<i64>() {
        return from_timestamp(seconds, 0);
    }
    if let Some(Ok(read)) = decimal(text).map(from_float) {
        return Ok(read);
    }
    let (date, rest) = date(text)?;
    if !rest.is_empty() {
        return Err("unexpected extra characters at the end of the input");
    }
    Ok(DateTime { local: date.and_time(NaiveTime::MIN), offset: None })
}

/// A float with a point; an exponent may follow, but not stand in for the point.
fn decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let fraction = unsigned.trim_start_matches(|c: char| c.is_ascii_digit());
    if fraction.starts_with('.') { parse_float(text) } else { None }
}

fn from_timestamp(timestamp: i64, micros: u32) -> Result<DateTime, &'static str> {
    let (seconds, more) = if timestamp.unsigned_abs() > WATERSHED.unsigned_abs() {
        (timestamp.div_euclid(1000), u32::try_from(timestamp.rem_euclid(1000)).unwrap_or(0) * 1000)
    } else {
        (timestamp, 0)
    };
    if seconds < BOUNDS.0 {
        return Err(TOO_EARLY);
    }
    if seconds > BOUNDS.1 {
        return Err(TOO_LATE);
    }
    let micros = micros + more;
    let moment = Moment::from_timestamp(seconds + i64::from(micros / 1_000_000), micros % 1_000_000 * 1000);
    moment.map(|moment| DateTime { local: moment.naive_utc(), offset: Some(0) }).ok_or(TOO_LATE)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "bounds are checked before, and the fraction is between 0 and 1"
)]
fn from_float(timestamp: f64) -> Result<DateTime, &'static str> {
    if timestamp.is_nan() {
        return Err(NOT_A_NUMBER);
    }
    if timestamp.abs() <= WATERSHED as f64 {
        let fraction = timestamp - timestamp.floor();
        return from_timestamp(timestamp.floor() as i64, (fraction * 1e6).round() as u32);
    }
    let seconds = (timestamp / 1000.0).floor();
    if seconds < BOUNDS.0 as f64 {
        return Err(TOO_EARLY);
    }
    if seconds > BOUNDS.1 as f64 {
        return Err(TOO_LATE);
    }
    let micros = ((timestamp - seconds * 1000.0) * 1000.0).round() as u32;
    let whole = seconds as i64 + i64::from(micros / 1_000_000);
    let moment = Moment::from_timestamp(whole, micros % 1_000_000 * 1000);
    moment.map(|moment| DateTime { local: moment.naive_utc(), offset: Some(0) }).ok_or(TOO_LATE)
}

/// `yyyy-mm-dd` at the start of the text, and what follows it.
fn date(text: &str) -> Result<(NaiveDate, &str), &'static str> {
    let separator = |at| match text.as_bytes().get(at) {
        Some(b'-') => Ok(()),
        _ => Err("invalid date separator, expected `-`"),
    };
    if text.len() < 10 {
        return Err("input is too short");
    }
    let year = digits(text, 0, 4).ok_or("invalid character in year")?;
    separator(4)?;
    let month = digits(text, 5, 2).ok_or("invalid character in month")?;
    separator(7)?;
    let day = digits(text, 8, 2).ok_or("invalid character in day")?;
    if !(1..=12).contains(&month) {
        return Err("month value is outside expected range of 1-12");
    }
    let date = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    let rest = text.get(10..).unwrap_or_default();
    date.map(|date| (date, rest)).ok_or("day value is outside expected range")
}

fn digits(text: &str, at: usize, count: usize) -> Option<u32> {
    let part = text.get(at..at + count)?;
    if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse().ok() } else { None }
}

fn rfc3339(text: &str) -> Option<DateTime> {
    let (date, rest) = date(text).ok()?;
    let rest = rest.strip_prefix(['T', 't', ' ', '_'])?;
    let (time, rest) = time(rest)?;
    Some(DateTime { local: NaiveDateTime::new(date, time), offset: offset(rest)? })
}

/// `hh:mm`, `hh:mm:ss` or with a fraction, and what follows it.
fn time(text: &str) -> Option<(NaiveTime, &str)> {
    let (hour, minute) = (digits(text, 0, 2)?, digits(text, 3, 2)?);
    if text.get(2..3) != Some(":") {
        return None;
    }
    let mut rest = text.get(5..)?;
    let (mut second, mut micros) = (0, 0);
    if let Some(after) = rest.strip_prefix(':') {
        second = digits(after, 0, 2)?;
        rest = after.get(2..)?;
        if let Some(after) = rest.strip_prefix(['.', ',']) {
            let length = after.bytes().take_while(u8::is_ascii_digit).count();
            let fraction = after.get(..length.min(6)).filter(|fraction| !fraction.is_empty())?;
            micros = format!("{fraction:0<6}").parse().ok()?;
            rest = after.get(length..)?;
        }
    }
    Some((NaiveTime::from_hms_micro_opt(hour, minute, second, micros)?, rest))
}

/// Nothing, `Z`, or a sign with `hh:mm` or `hhmm`, to the end of the text; seconds east of UTC.
fn offset(text: &str) -> Option<Option<i32>> {
    let (sign, hours_minutes) = match text {
        "" => return Some(None),
        "Z" | "z" => return Some(Some(0)),
        _ => match text.strip_prefix('+') {
            Some(rest) => (1, rest),
            None => (-1, text.strip_prefix(['-', '\u{2212}'])?),
        },
    };
    let hours = digits(hours_minutes, 0, 2)?;
    let minutes = hours_minutes.get(2..)?;
    let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
    if minutes.len() != 2 || hours > 23 {
        return None;
    }
    let minutes = digits(minutes, 0, 2).filter(|minutes| *minutes < 60)?;
    i32::try_from(hours * 3600 + minutes * 60).ok().map(|seconds| Some(sign * seconds))
}
