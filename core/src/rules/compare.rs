//! Numbers of a request compared as Python compares them: `true` is 1, `false` 0.

use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;
use std::cmp::Ordering;

/// The order of two numbers; `None` where there is none: NaN, or something that is not a number.
pub(crate) fn compare(left: &Json, right: &Json) -> Option<Ordering> {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => left.partial_cmp(&right),
        _ => to_f64(left)?.partial_cmp(&to_f64(right)?),
    }
}

/// The nearest float.
pub(crate) fn to_f64(value: &Json) -> Option<f64> {
    match value {
        Json::Float(number) => Some(*number),
        other => integer(other)?.to_f64(),
    }
}

fn integer(value: &Json) -> Option<Integer> {
    match value {
        Json::Int(number) => Some(Integer::from(*number)),
        Json::Bool(value) => Some(Integer::from(i64::from(*value))),
        Json::Big(digits) => Integer::parse(digits),
        _ => None,
    }
}
