//! Integers and floats: numbers of either kind, booleans, and numbers written as text.

use super::{Dump, Kind, Problem, Value, refuse};
use latchkey_contract::json::Json;
use latchkey_contract::number::{Integer, parse_float};

/// Digits that are converted before a text is refused.
const MAX_DIGITS: usize = 4300;

impl Value for Integer {
    const KIND: Kind = Kind::Integer;

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        match input {
            Json::Int(number) => Ok(Self::from(*number)),
            Json::Big(digits) => Ok(Self::parse(digits).unwrap_or_default()),
            Json::Bool(value) => Ok(Self::from(i64::from(*value))),
            Json::Float(number) => from_float(*number, input),
            Json::Str(text) => from_text(text, input),
            _ => refuse("int_type", "Input should be a valid integer", input),
        }
    }

    fn dump_as(&self, _how: Dump) -> Json {
        self.into()
    }
}

fn too_long<T>(input: &Json) -> Result<T, Vec<Problem>> {
    let msg = "Unable to parse input string as an integer, exceeded maximum size";
    refuse("int_parsing_size", msg, input)
}

fn from_float(number: f64, input: &Json) -> Result<Integer, Vec<Problem>> {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    if !number.is_finite() {
        return refuse("finite_number", "Input should be a finite number", input);
    }
    if number.fract() != 0.0 {
        let msg = "Input should be a valid integer, got a number with a fractional part";
        return refuse("int_from_float", msg, input);
    }
    if number <= -BOUND || number >= BOUND {
        return too_long(input);
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be an integer of 64 bits")]
    Ok(Integer::from(number as i64))
}

/// A sign, digits with single underscores between them, and a fraction of zeros; white space around.
fn from_text(text: &str, input: &Json) -> Result<Integer, Vec<Problem>> {
    let Some((sign, digits)) = digits_of(text.trim()) else {
        let msg = "Input should be a valid integer, unable to parse string as an integer";
        return refuse("int_parsing", msg, input);
    };
    if digits.len() > MAX_DIGITS {
        return too_long(input);
    }
    Ok(Integer::parse(&format!("{sign}{digits}")).unwrap_or_default())
}

/// Sign and digits, without leading zeros.
fn digits_of(text: &str) -> Option<(&'static str, String)> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let whole = match unsigned.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => unsigned,
    };
    // behind leading zeros underscores may be repeated, elsewhere not
    let significant = if whole.starts_with('0') { whole.trim_start_matches(['0', '_']) } else { whole };
    if significant.is_empty() {
        return whole.ends_with('0').then(|| (sign, "0".to_owned()));
    }
    let groups_hold = significant.split('_').all(|group| !group.is_empty());
    let digits = significant.replace('_', "");
    (groups_hold && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some((sign, digits))
}

impl Value for f64 {
    const KIND: Kind = Kind::Number;

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        let wrong = || refuse("float_type", "Input should be a valid number", input);
        match input {
            Json::Float(number) => Ok(*number),
            Json::Bool(value) => Ok(Self::from(u8::from(*value))),
            Json::Int(number) => Integer::from(*number).to_f64().map_or_else(wrong, Ok),
            Json::Big(digits) => Integer::parse(digits).and_then(|n| n.to_f64()).map_or_else(wrong, Ok),
            Json::Str(text) => float_of(text).map_or_else(
                || {
                    let msg = "Input should be a valid number, unable to parse string as a number";
                    refuse("float_parsing", msg, input)
                },
                Ok,
            ),
            _ => wrong(),
        }
    }

    fn dump_as(&self, _how: Dump) -> Json {
        Json::Float(*self)
    }
}

/// A decimal float, `inf`, `infinity` or `nan`, with white space around or with single underscores inside, not both.
fn float_of(text: &str) -> Option<f64> {
    if let Some(number) = parse_float(text.trim()) {
        return Some(number);
    }
    let is_grouped =
        text.contains('_') && !text.starts_with('_') && !text.ends_with('_') && !text.contains("__");
    if is_grouped { parse_float(&text.replace('_', "")) } else { None }
}
