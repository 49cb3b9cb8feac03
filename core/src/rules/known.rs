//! What a store knows and a form may not.

/// Something a store knows and a form may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<T> {
    /// Nobody looked.
    Unknown,
    /// It does not exist.
    Absent,
    /// It exists.
    Present(T),
}

impl<T> Known<T> {
    /// The same of what was found, borrowed.
    pub const fn as_ref(&self) -> Known<&T> {
        match self {
            Self::Present(value) => Known::Present(value),
            Self::Absent => Known::Absent,
            Self::Unknown => Known::Unknown,
        }
    }

    /// What exists, as far as anybody has looked.
    pub fn present(self) -> Option<T> {
        match self {
            Self::Present(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }
}

impl<T> From<Option<T>> for Known<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Present)
    }
}

/// Keys that somebody has already.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    /// The owner of the key.
    pub user: Known<u64>,
    /// The team of the key.
    pub team: Known<u64>,
}

impl Counts {
    /// Nobody has counted.
    pub const UNKNOWN: Self = Self { user: Known::Unknown, team: Known::Unknown };
}
