//! Bounds on JSON from outside, and why a text is not read.

/// Bounds on a document from outside.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How deep arrays and objects may nest.
    pub depth: usize,
    /// How many items one array, or members one object, may have.
    pub items: usize,
}

impl Limits {
    /// For the body of a request.
    pub const REQUEST: Self = Self { depth: 64, items: 10_000 };
    /// For what came out of the store, which was bounded when it went in.
    pub const STORED: Self = Self { depth: 256, items: usize::MAX };
}

/// Why a text is not JSON, or more than is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// Not JSON; the byte where reading stopped.
    Syntax(usize),
    /// JSON, with half of a surrogate pair, which is no text; the byte behind the first one.
    Surrogate(usize),
    /// An integer with more digits than Python converts.
    Digits,
    /// Nested deeper than [`Limits::depth`].
    TooDeep,
    /// An array or object with more than [`Limits::items`].
    TooLong,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(at) => write!(f, "not json at byte {at}"),
            Self::Surrogate(at) => write!(f, "half of a surrogate pair before byte {at}"),
            Self::Digits => write!(f, "an integer with more than {MAX_DIGITS} digits"),
            Self::TooDeep => f.write_str("nested too deep"),
            Self::TooLong => f.write_str("too large: an array or object has too many items"),
        }
    }
}

/// Digits Python converts before it refuses (`sys.get_int_max_str_digits`).
pub(super) const MAX_DIGITS: usize = 4300;
