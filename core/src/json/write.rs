//! Writing JSON text without white space.

use super::Json;
use super::read::plain_length;

/// The text of `value`. A number JSON cannot hold (`NaN`, an infinity) becomes `null`.
pub fn write(value: &Json) -> String {
    let mut out = String::new();
    append(&mut out, value);
    out
}

/// Appends the text of `value`.
pub fn append(out: &mut String, value: &Json) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Int(number) => write_int(out, *number),
        Json::Big(digits) => out.push_str(digits),
        Json::Float(number) => write_float(out, *number),
        Json::Str(text) => write_str(out, text),
        Json::Raw(text) => out.push_str(text.as_str()),
        Json::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                append(out, item);
            }
            out.push(']');
        }
        Json::Dict(members) => {
            out.push('{');
            for (index, (name, item)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_str(out, name);
                out.push(':');
                append(out, item);
            }
            out.push('}');
        }
    }
}

/// Appends an integer.
pub fn write_int(out: &mut String, number: i64) {
    let mut digits = [b'0'; 20];
    let mut rest = number.unsigned_abs();
    let mut length = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        length += 1;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    let digits = digits.get(digits.len() - length..).unwrap_or_default();
    out.extend(digits.iter().copied().map(char::from));
}

/// Appends a float; one that JSON cannot hold (`NaN`, an infinity) becomes `null`.
pub fn write_float(out: &mut String, number: f64) {
    if number.is_finite() {
        out.push_str(&super::float_repr(number));
    } else {
        out.push_str("null");
    }
}

/// Appends `text` as a JSON string.
pub fn write_str(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    loop {
        let (plain, tail) = rest.split_at_checked(plain_length(rest.as_bytes())).unwrap_or((rest, ""));
        out.push_str(plain);
        let mut chars = tail.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(control) => {
                out.push_str(if control < '\u{10}' { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(u32::from(control) & 0xf, 16));
            }
            None => break,
        }
        rest = chars.as_str();
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, read};
    use super::*;

    #[test]
    fn what_is_written_reads_back_equal() {
        let text = r#"{"a":[1,1.5,-3,99999999999999999999,1e+16,null,true],"é\n\"\\":{"":"\u0001"}}"#;
        let value = read(text.as_bytes(), &Limits::REQUEST);
        assert_eq!(value.as_ref().map(write).ok().as_deref(), Some(text));
    }
}
