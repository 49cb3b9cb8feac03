//! JSON as text.

use std::sync::Arc;

/// JSON as text, kept as it was written: a Json column of a row, an embedded document.
#[derive(Debug, Clone)]
pub struct JsonText(Text);

#[derive(Debug, Clone)]
enum Text {
    /// In the code.
    Fixed(&'static str),
    /// Put together.
    Owned(String),
    /// Read; copies share it.
    Shared(Arc<str>),
}

impl JsonText {
    /// Text that a writer has put together.
    pub const fn written(text: String) -> Self {
        Self(Text::Owned(text))
    }

    /// Text that a reader has passed over.
    pub(crate) fn checked(text: &str) -> Self {
        Self(match text {
            "null" => Text::Fixed("null"),
            "{}" => Text::Fixed("{}"),
            _ => Text::Shared(text.into()),
        })
    }

    /// A text of the code.
    pub(crate) const fn fixed(text: &'static str) -> Self {
        Self(Text::Fixed(text))
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
        match &self.0 {
            Text::Fixed(text) => text,
            Text::Owned(text) => text,
            Text::Shared(text) => text,
        }
    }
}

impl PartialEq for JsonText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for JsonText {}

impl Default for JsonText {
    fn default() -> Self {
        Self::empty_dict()
    }
}
