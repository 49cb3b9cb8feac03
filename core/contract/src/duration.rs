//! Durations as they are written: one count, one unit, nothing else.

use std::fmt;

/// The unit of a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `s`
    Seconds,
    /// `m`
    Minutes,
    /// `h`
    Hours,
    /// `d`
    Days,
    /// `w`
    Weeks,
    /// `mo`: to the same day of a later month, clipped to its last.
    Months,
}

impl Unit {
    const ALL: [Self; 6] = [Self::Seconds, Self::Minutes, Self::Hours, Self::Days, Self::Weeks, Self::Months];

    /// How it is written.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Minutes => "m",
            Self::Hours => "h",
            Self::Days => "d",
            Self::Weeks => "w",
            Self::Months => "mo",
        }
    }
}

/// A duration: a count above zero and a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub count: i64,
    /// Of what.
    pub unit: Unit,
}

/// Why a text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misread {
    /// Not a count and a unit.
    Malformed,
    /// Nothing at all.
    Zero,
    /// A count beyond 64 bits.
    TooLong,
}

impl Duration {
    /// Reads ASCII digits and a unit, with nothing before, between and after.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        let unit_at = text.bytes().take_while(u8::is_ascii_digit).count();
        let parts = text.split_at_checked(unit_at).filter(|(count, _)| !count.is_empty());
        let parts = parts.and_then(|(count, unit)| {
            Unit::ALL.into_iter().find(|known| known.as_str() == unit).map(|unit| (count, unit))
        });
        let Some((count, unit)) = parts else { return Err(Misread::Malformed) };
        match count.parse() {
            Ok(0) => Err(Misread::Zero),
            Ok(count) => Ok(Self { count, unit }),
            Err(_) => Err(Misread::TooLong),
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.as_str())
    }
}
