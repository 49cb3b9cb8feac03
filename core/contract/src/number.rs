//! Integers of any size, compared and printed as Python does.

mod float;

pub use float::parse_float;

use crate::json::Json;
use std::cmp::Ordering;
use std::fmt;

/// An integer of any size.
///
/// Almost all fit 64 bits; a larger one keeps its decimal digits, because nothing is calculated with it: it is compared
/// with a limit, printed, or refused.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Integer(Form);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Form {
    Small(i64),
    /// A magnitude beyond 64 bits, without leading zeros.
    Large {
        negative: bool,
        digits: String,
    },
}

impl Integer {
    /// Zero.
    pub const ZERO: Self = Self(Form::Small(0));

    /// Reads an optional sign and at least one ASCII digit; leading zeros are allowed, anything else is not.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(Self::from_digits(negative, digits))
    }

    /// The value, if it fits 64 bits.
    pub const fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Small(value) => Some(*value),
            Form::Large { .. } => None,
        }
    }

    /// The nearest float, as Python's `float(value)`; `None` where Python overflows.
    pub fn to_f64(&self) -> Option<f64> {
        match &self.0 {
            #[expect(
                clippy::cast_precision_loss,
                reason = "rounding to the nearest float is what is asked for"
            )]
            Form::Small(value) => Some(*value as f64),
            Form::Large { .. } => parse_float(&self.to_string()).filter(|value| value.is_finite()),
        }
    }

    /// Whether this is below zero.
    pub const fn is_negative(&self) -> bool {
        match &self.0 {
            Form::Small(value) => *value < 0,
            Form::Large { negative, .. } => *negative,
        }
    }

    /// This times `factor`.
    #[must_use]
    pub fn times(&self, factor: u32) -> Self {
        if let Form::Small(value) = self.0
            && let Some(product) = value.checked_mul(factor.into())
        {
            return Self(Form::Small(product));
        }
        let mut carry = 0_u64;
        let mut reversed = Vec::new();
        let text = self.to_string();
        for byte in text.bytes().rev().filter(u8::is_ascii_digit) {
            carry += u64::from(byte - b'0') * u64::from(factor);
            reversed.push(char::from_digit((carry % 10) as u32, 10).unwrap_or('0'));
            carry /= 10;
        }
        while carry > 0 {
            reversed.push(char::from_digit((carry % 10) as u32, 10).unwrap_or('0'));
            carry /= 10;
        }
        let digits: String = reversed.into_iter().rev().collect();
        Self::from_digits(self.is_negative(), &digits)
    }

    /// The integer written as `digits` (ASCII digits, at least one).
    fn from_digits(negative: bool, digits: &str) -> Self {
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Self::ZERO;
        }
        let signed = if negative { format!("-{digits}") } else { digits.to_owned() };
        match signed.parse() {
            Ok(value) => Self(Form::Small(value)),
            Err(_) => Self(Form::Large { negative, digits: digits.to_owned() }),
        }
    }

    /// Sign and digits, for comparing integers of which one is large.
    fn parts(&self) -> (bool, String) {
        match &self.0 {
            Form::Small(value) => (*value < 0, value.unsigned_abs().to_string()),
            Form::Large { negative, digits } => (*negative, digits.clone()),
        }
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Small(value) => value.fmt(f),
            Form::Large { negative, digits } => write!(f, "{}{digits}", if *negative { "-" } else { "" }),
        }
    }
}

impl Default for Integer {
    fn default() -> Self {
        Self::ZERO
    }
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self(Form::Small(value))
    }
}

impl From<&Integer> for Json {
    fn from(value: &Integer) -> Self {
        value.to_i64().map_or_else(|| Self::Big(value.to_string()), Self::Int)
    }
}

impl From<Integer> for Json {
    fn from(value: Integer) -> Self {
        Self::from(&value)
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Form::Small(a), Form::Small(b)) = (&self.0, &other.0) {
            return a.cmp(b);
        }
        let ((a_negative, a), (b_negative, b)) = (self.parts(), other.parts());
        let magnitudes = a.len().cmp(&b.len()).then_with(|| a.cmp(&b));
        match (a_negative, b_negative) {
            (false, false) => magnitudes,
            (true, true) => magnitudes.reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<f64> for Integer {
    fn eq(&self, other: &f64) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd<f64> for Integer {
    /// Compares exactly, without rounding the integer to a float first.
    fn partial_cmp(&self, other: &f64) -> Option<Ordering> {
        if other.is_nan() {
            return None;
        }
        if other.is_infinite() {
            return Some(if *other > 0.0 { Ordering::Less } else { Ordering::Greater });
        }
        let floor = other.floor();
        let order = self.cmp(&whole(floor));
        Some(if order == Ordering::Equal && *other > floor { Ordering::Less } else { order })
    }
}

/// The integer that a finite float without a fraction is, to the last digit.
fn whole(number: f64) -> Integer {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    const MANTISSA: u64 = (1 << 52) - 1;
    if number.abs() < BEYOND {
        #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and fits")]
        return Integer::from(number as i64);
    }
    let bits = number.to_bits();
    let mantissa = (bits & MANTISSA) | (MANTISSA + 1);
    // the last place first, and then doubled as often as the exponent says
    let mut digits: Vec<u8> = mantissa.to_string().bytes().rev().map(|digit| digit - b'0').collect();
    for _ in 0..((bits >> 52) & 0x7ff).saturating_sub(1075) {
        let mut carry = 0;
        for digit in &mut digits {
            let doubled = 2 * *digit + carry;
            (*digit, carry) = (doubled % 10, doubled / 10);
        }
        if carry > 0 {
            digits.push(carry);
        }
    }
    let text: String = digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
    Integer::from_digits(number < 0.0, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(text: &str) -> Integer {
        Integer::parse(text).unwrap()
    }

    #[test]
    fn a_whole_float_is_an_integer_to_the_last_digit() {
        for number in [0.0, -7.0, 4.5e15, 9.3e18, -1.8446744073709552e19, 1e22, 1.2345e200, f64::MAX] {
            assert_eq!(whole(number).to_string(), format!("{number:.0}"), "{number}");
        }
    }

    #[test]
    fn digits_print_back_without_sign_and_zeros_that_say_nothing() {
        for (text, printed) in [
            ("0", "0"),
            ("-0", "0"),
            ("+007", "7"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("9223372036854775808", "9223372036854775808"),
            ("-00099999999999999999999", "-99999999999999999999"),
        ] {
            assert_eq!(int(text).to_string(), printed);
        }
        for text in ["", "-", "+-1", "1_0", "1.0", " 1", "٣"] {
            assert_eq!(Integer::parse(text), None, "{text}");
        }
    }

    #[test]
    fn integers_of_all_sizes_are_in_order() {
        let ascending =
            ["-99999999999999999999", "-9223372036854775808", "-1", "0", "5", "9223372036854775807"]
                .into_iter()
                .chain(["9223372036854775808", "10000000000000000000", "99999999999999999999"])
                .map(int)
                .collect::<Vec<_>>();
        assert!(ascending.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_float_is_compared_exactly() {
        assert!(int("9007199254740993") > 9_007_199_254_740_992.0);
        assert!(int("9223372036854775807") < 9_223_372_036_854_775_808.0);
        assert!(int("9223372036854775808") == 9_223_372_036_854_775_808.0);
        assert!(int("-1") < -0.5 && int("-1") > -1.5 && int("0") == -0.0);
        assert!(int("999") < f64::INFINITY && int("-999") > f64::NEG_INFINITY);
        assert_eq!(PartialOrd::<f64>::partial_cmp(&int("1"), &f64::NAN), None);
    }

    #[test]
    fn a_product_keeps_all_digits() {
        assert_eq!(int("99999999999999999999").times(86_400), int("8639999999999999999913600"));
        assert_eq!(int("-9223372036854775807").times(60), int("-553402322211286548420"));
        assert_eq!(int("7").times(0), Integer::ZERO);
        assert_eq!(int("99999999999999999999").times(0), Integer::ZERO);
    }

    #[test]
    fn a_float_that_would_be_infinite_is_none() {
        assert_eq!(int(&"9".repeat(308)).to_f64(), Some(1e308));
        assert_eq!(int(&"9".repeat(310)).to_f64(), None);
    }
}
