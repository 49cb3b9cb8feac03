//! Documents kept as text, from values and back.

use super::{Json, JsonText, Limits, ReadError, Reader, write};

impl JsonText {
    /// The text of `value`.
    pub fn of(value: &Json) -> Self {
        Self::written(write(value))
    }

    /// `text` itself, if it is one JSON document.
    pub fn parse(text: String) -> Result<Self, ReadError> {
        let mut reader = Reader::of_text(&text, &Limits::STORED);
        reader.skip()?;
        reader.end()?;
        Ok(Self::written(text))
    }

    /// The value that the text encodes; `null` if it cannot be read.
    pub fn value(&self) -> Json {
        let mut reader = Reader::of_text(self.as_str(), &Limits::STORED);
        let value = reader.value().and_then(|value| reader.end().map(|()| value));
        value.unwrap_or(Json::Null)
    }
}
