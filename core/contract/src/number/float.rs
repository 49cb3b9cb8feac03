//! The float that is nearest to a decimal text. `str::parse` is exact, too, but its tables are a tenth of the module for
//! browsers.

use minimal_lexical::bellerophon::bellerophon;
use minimal_lexical::extended_float::extended_to_float;
use minimal_lexical::num::Float;
use minimal_lexical::number::Number;
use minimal_lexical::slow::slow;

/// Decimal digits that 64 bits hold, whatever they are.
const DIGITS: usize = 19;

/// Beyond this an exponent makes zero or infinity of every text that a body has room for.
const FAR: i32 = 1 << 28;

/// Reads what `str::parse` reads: digits with or without a point, an exponent, a sign, and in any case of the letters `inf`,
/// `infinity` and `nan`.
pub fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let magnitude = decimal(unsigned).or_else(|| named(unsigned))?;
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

fn named(text: &str) -> Option<f64> {
    let is = |name: &str| text.eq_ignore_ascii_case(name);
    if is("nan") {
        return Some(f64::NAN);
    }
    (is("inf") || is("infinity")).then_some(f64::INFINITY)
}

fn decimal(text: &str) -> Option<f64> {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, power(exponent)?),
        None => (text, 0),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if number.len() == usize::from(number.contains('.')) || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let number = leading(whole, fraction, exponent);
    Some(exact(&number).unwrap_or_else(|| nearest(number, whole, fraction)))
}

/// The first digits, as many as 64 bits hold, and what they are multiplied with.
fn leading(whole: &str, fraction: &str, exponent: i32) -> Number {
    let count = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
    let digits = whole.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0');
    let mut number = Number { exponent: exponent.saturating_sub(count(fraction.len())), ..Number::default() };
    for (at, digit) in digits.enumerate() {
        if at < DIGITS {
            number.mantissa = number.mantissa * 10 + u64::from(digit - b'0');
        } else {
            number.many_digits = true;
            number.exponent = number.exponent.saturating_add(1);
        }
    }
    number
}

/// The float, if it is the product or quotient of two floats that are exact: rounded once, it is the nearest.
#[expect(clippy::cast_precision_loss, reason = "less than 2^53")]
fn exact(number: &Number) -> Option<f64> {
    if number.many_digits || number.mantissa > 1 << f64::MANTISSA_DIGITS {
        return None;
    }
    let (mantissa, powers) = (number.mantissa as f64, number.exponent.unsigned_abs());
    // each of these powers of ten is exact
    let power = (powers <= 22).then(|| (0..powers).fold(1.0, |power, _| power * 10.0))?;
    Some(if number.exponent < 0 { mantissa / power } else { mantissa * power })
}

fn nearest(number: Number, whole: &str, fraction: &str) -> f64 {
    let mut float = bellerophon::<f64>(&number);
    if float.exp < 0 {
        // 64 bits do not tell which of two floats is nearer
        float.exp -= f64::INVALID_FP;
        float = slow::<f64, _, _>(number, float, whole.as_bytes().iter(), fraction.as_bytes().iter());
    }
    extended_to_float(float)
}

/// The exponent, or [`FAR`] in its place.
fn power(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !are_digits(digits) {
        return None;
    }
    let power = digits.parse().unwrap_or(FAR).min(FAR);
    Some(if text.starts_with('-') { -power } else { power })
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::parse_float;

    #[track_caller]
    fn same(text: &str) {
        let expected = text.parse().ok().map(f64::to_bits);
        assert_eq!(parse_float(text).map(f64::to_bits), expected, "{text}");
    }

    #[test]
    fn what_is_no_float_is_refused_as_by_the_standard_library() {
        for text in [
            "", ".", "-", "+", "-.", "e5", ".e5", "1e", "1e+", "1e+-1", "--1", "1.2.3", "1_0", " 1", "1 ",
            "0x1", "1e1.0", "1e2e3", "infinit", "na", "٣",
        ] {
            assert!(text.parse::<f64>().is_err());
            assert_eq!(parse_float(text), None, "{text}");
        }
        for text in
            ["1.", ".5", "-.5e1", "+7", "0", "-0", "00012.500", "inf", "-INF", "+Infinity", "1E5", "1e+05"]
        {
            same(text);
        }
        assert!(parse_float("-NaN").is_some_and(f64::is_nan));
    }

    #[test]
    fn floats_at_the_edges_are_the_nearest() {
        let halfway = format!("9007199254740993.{}", "0".repeat(900));
        let above = format!("9007199254740993.{}1", "0".repeat(900));
        for text in [
            "1e-324",
            "2e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "2.2250738585072011e-308",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1e400",
            "-1e400",
            "1e-400",
            "9007199254740993",
            "9007199254740992.5",
            "123456789012345678901234567890",
            "1e22",
            "1e23",
            "8.5e-5",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "0e99999999999",
            "6.631236846766476e-316",
            "3.2378839133029012895883524125015321748630994509783e-319",
            &halfway,
            &above,
        ] {
            same(text);
        }
    }

    #[test]
    fn an_exponent_may_make_up_for_a_long_fraction() {
        assert_eq!(parse_float(&format!("0.{}1e1000001", "0".repeat(1_000_000))), Some(1.0));
    }

    #[test]
    fn floats_drawn_at_random_are_the_nearest() {
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut draw = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        for _ in 0..20_000 {
            let (bits, digits, power) = (draw(), draw(), draw() % 700);
            same(&format!("{:e}", f64::from_bits(bits)));
            same(&format!("{digits}e-{power}"));
            same(&format!("{}.{digits}{bits}e{}", power, digits % 300));
            same(&format!("0.{}", bits >> (digits % 60)));
        }
    }
}
