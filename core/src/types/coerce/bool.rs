//! Booleans: true, false, 0, 1, and words.

use super::{Dump, Kind, Problem, Value, refuse};
use latchkey_contract::json::Json;

const TRUE: [&str; 6] = ["1", "on", "t", "true", "y", "yes"];
const FALSE: [&str; 6] = ["0", "off", "f", "false", "n", "no"];

impl Value for bool {
    const KIND: Kind = Kind::Boolean;

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        let known = match input {
            Json::Bool(value) => return Ok(*value),
            Json::Int(number) => number_as_bool(*number),
            #[expect(clippy::cast_possible_truncation, reason = "checked to be an integer of 64 bits")]
            Json::Float(number) if is_integer(*number) => number_as_bool(*number as i64),
            Json::Str(text) if TRUE.iter().any(|word| text.eq_ignore_ascii_case(word)) => Some(true),
            Json::Str(text) if FALSE.iter().any(|word| text.eq_ignore_ascii_case(word)) => Some(false),
            Json::Str(_) => None,
            _ => return refuse("bool_type", "Input should be a valid boolean", input),
        };
        let msg = "Input should be a valid boolean, unable to interpret input";
        known.map_or_else(|| refuse("bool_parsing", msg, input), Ok)
    }

    fn dump_as(&self, _how: Dump) -> Json {
        Json::Bool(*self)
    }
}

const fn number_as_bool(number: i64) -> Option<bool> {
    match number {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// Whether the float is an integer within 64 bits.
fn is_integer(number: f64) -> bool {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    number.fract() == 0.0 && -BOUND < number && number < BOUND
}
