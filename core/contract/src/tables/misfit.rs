//! Values that a column cannot hold.

/// A value that does not fit its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The column's name.
    pub column: String,
    /// Why it does not fit.
    pub why: Unfit,
}

/// Why a value does not fit its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is `null`, which the column does not take.
    Null,
    /// The value is not a string.
    NotText,
    /// It is text with a NUL, or a document with such a text.
    Nul,
    /// The value is not a whole number.
    NotWhole,
    /// It is a whole number beyond 32 bits.
    BeyondInt4,
    /// It is a whole number beyond 64 bits.
    BeyondInt8,
    /// It is no number.
    NotNumber,
    /// It is NaN or an infinity, or too large for a double.
    NotFinite,
    /// It is neither `true` nor `false`.
    NotBool,
    /// It is no list.
    NotList,
    /// It is a list with an item that is no text.
    ItemNotText,
    /// It is a document with NaN or an infinity.
    NotFiniteWithin,
    /// It is a moment outside the years 1 to 9999.
    BeyondYears,
}
