//! Writing numbers and strings.

use super::plain::plain_length;

/// Appends an integer.
pub(crate) fn write_int(out: &mut String, number: i64) {
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
    out.push_str(std::str::from_utf8(digits).unwrap_or_default());
}

/// Appends a float; one that JSON cannot hold (`NaN`, an infinity) becomes `null`.
pub(crate) fn write_float(out: &mut String, number: f64) {
    if number.is_finite() {
        out.push_str(&float_repr(number));
    } else {
        out.push_str("null");
    }
}

/// Appends `text` as a JSON string.
pub fn write_str(out: &mut String, text: &str) {
    out.reserve(text.len() + 2);
    out.push('"');
    if plain_length(text.as_bytes()) == text.len() {
        out.push_str(text);
    } else {
        push_escaped(out, text);
    }
    out.push('"');
}

fn push_escaped(out: &mut String, text: &str) {
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
}

/// Python's `repr` of a float: the shortest digits that read back equal, with an exponent below 1e-4 and from 1e16.
pub fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(number);
    if let Some((digits, exponent)) = text.split_once('e') {
        return scientific("", digits, exponent.parse().unwrap_or(0));
    }
    // ryu goes one place further without an exponent than Python
    let (sign, plain) = text.strip_prefix('-').map_or(("", text), |plain| ("-", plain));
    match plain.strip_prefix("0.0000") {
        Some(rest) if number != 0.0 => {
            let digits = rest.trim_start_matches('0');
            let (first, others) = digits.split_at_checked(1).unwrap_or((digits, ""));
            let point = if others.is_empty() { "" } else { "." };
            let zeros = rest.len().saturating_sub(digits.len());
            scientific(sign, &[first, point, others].concat(), -5 - i64::try_from(zeros).unwrap_or(0))
        }
        _ => text.to_owned(),
    }
}

/// Digits with an exponent of two places or more.
fn scientific(sign: &str, digits: &str, exponent: i64) -> String {
    let mut out = [sign, digits, if exponent < 0 { "e-" } else { "e+" }].concat();
    if exponent.abs() < 10 {
        out.push('0');
    }
    write_int(&mut out, exponent.abs());
    out
}
