//! Why a duration cannot be used.

use crate::error::Code;
use std::fmt;

/// Why a duration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DurationError {
    /// Not a count and a unit.
    Malformed(String),
    /// Nothing at all.
    Zero(String),
    /// It would end after the year 9999.
    TooLong(String),
    /// What Python says in the reference, word for word.
    Reference(String),
}

impl DurationError {
    /// The machine code.
    pub const fn code(&self) -> Code {
        match self {
            Self::Malformed(_) | Self::Reference(_) => Code::DurationInvalid,
            Self::Zero(_) => Code::DurationZero,
            Self::TooLong(_) => Code::DurationTooLong,
        }
    }
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(text) => {
                write!(f, "duration `{text}` is not like `30s`, `15m`, `12h`, `7d`, `2w` or `3mo`")
            }
            Self::Zero(text) => write!(f, "duration `{text}` is zero"),
            Self::TooLong(text) => write!(f, "duration `{text}` ends after the year 9999"),
            Self::Reference(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for DurationError {}
