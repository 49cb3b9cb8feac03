//! JSON as text.

use std::borrow::Cow;

/// JSON as text, kept as it was written: a Json column of a row, an embedded document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonText(Cow<'static, str>);

impl JsonText {
    /// Text that a writer has put together.
    pub const fn written(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// Text that a reader has passed over.
    pub(crate) fn checked(text: &str) -> Self {
        Self(match text {
            "null" => Cow::Borrowed("null"),
            "{}" => Cow::Borrowed("{}"),
            _ => Cow::Owned(text.to_owned()),
        })
    }

    /// A text of the code.
    pub(crate) const fn fixed(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// `null`
    pub const fn null() -> Self {
        Self::fixed("null")
    }

    /// `{}`
    pub const fn empty_dict() -> Self {
        Self::fixed("{}")
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for JsonText {
    fn default() -> Self {
        Self::empty_dict()
    }
}
