//! JSON as Python reads and writes it: integers of any size, floats apart from integers, `NaN` and `Infinity`.
//!
//! The reference answers with what `json.loads` understood, so `1` and `1.0` differ, `10000000000000000000000000`
//! keeps its digits, and a repeated member's last value wins. No JSON crate keeps all three.

mod limits;
mod members;
mod object;
mod read;
mod repr;
mod write;

pub use limits::{Limits, ReadError};
pub use object::{Object, write_list};
pub use read::{Reader, Within, read};
pub use repr::{float_repr, repr, str_of};
pub use write::{append, write, write_float, write_int, write_str};

use std::borrow::Cow;

/// The name of a member: known beforehand, or read.
pub type Name = Cow<'static, str>;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// A larger integer: an optional `-`, then digits without leading zeros.
    Big(String),
    /// Any number with a fraction or an exponent, `NaN` and `Infinity`.
    Float(f64),
    /// A string.
    Str(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order of the text; names are unique.
    Dict(Vec<(Name, Json)>),
    /// A document kept as text, for replies: it is written as it is, and nothing else is known of it.
    Raw(JsonText),
}

impl Json {
    /// An object without members.
    pub const fn empty_dict() -> Self {
        Self::Dict(Vec::new())
    }

    /// The member `name` of an object; `None` for anything else.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Dict(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The members of an object.
    pub fn as_dict(&self) -> Option<&[(Name, Self)]> {
        match self {
            Self::Dict(members) => Some(members),
            _ => None,
        }
    }

    /// Whether this is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What Python calls true: anything but `null`, `false`, zero and what is empty.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Big(_) => true,
            Self::Float(value) => *value != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Dict(members) => !members.is_empty(),
            Self::Raw(_) => true,
        }
    }

    /// Sets the member `name`, in place if it exists and at the end if not. Anything but an object is left alone.
    pub fn set(&mut self, name: impl Into<Name>, value: Self) {
        self.set_named(name.into(), value);
    }

    fn set_named(&mut self, name: Name, value: Self) {
        if let Self::Dict(members) = self {
            match members.iter_mut().find(|(key, _)| *key == name) {
                Some((_, old)) => *old = value,
                None => members.push((name, value)),
            }
        }
    }
}

impl From<&JsonText> for Json {
    fn from(text: &JsonText) -> Self {
        Self::Raw(text.clone())
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Str(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Json {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<Vec<Self>> for Json {
    fn from(items: Vec<Self>) -> Self {
        Self::List(items)
    }
}

impl From<Vec<String>> for Json {
    fn from(items: Vec<String>) -> Self {
        Self::List(items.into_iter().map(Self::Str).collect())
    }
}

impl From<Vec<(&'static str, Self)>> for Json {
    fn from(members: Vec<(&'static str, Self)>) -> Self {
        Self::Dict(members.into_iter().map(|(name, value)| (Name::Borrowed(name), value)).collect())
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Builds an object from names and values that convert into [`Json`].
#[macro_export]
macro_rules! dict {
    ($($name:expr => $value:expr),* $(,)?) => {
        $crate::json::Json::Dict(vec![$(($crate::json::Name::from($name), $crate::json::Json::from($value))),*])
    };
}

/// JSON as text, kept as it was written: a Json column of a row, an embedded document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonText(Cow<'static, str>);

impl JsonText {
    /// The text of `value`.
    pub fn of(value: &Json) -> Self {
        Self(Cow::Owned(write(value)))
    }

    /// `text` itself, if it is one JSON document.
    pub fn parse(text: String) -> Result<Self, ReadError> {
        let mut reader = Reader::of_text(&text, &Limits::STORED);
        reader.skip()?;
        reader.end()?;
        Ok(Self(Cow::Owned(text)))
    }

    /// Text that a writer has put together.
    pub(crate) const fn written(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// Text that a reader has passed over.
    fn checked(text: &str) -> Self {
        Self(match text {
            "null" => Cow::Borrowed("null"),
            "{}" => Cow::Borrowed("{}"),
            _ => Cow::Owned(text.to_owned()),
        })
    }

    /// `null`
    pub const fn null() -> Self {
        Self(Cow::Borrowed("null"))
    }

    /// `{}`
    pub const fn empty_dict() -> Self {
        Self(Cow::Borrowed("{}"))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value the text stands for; `null` where it cannot be read.
    pub fn value(&self) -> Json {
        read(self.as_str().as_bytes(), &Limits::STORED).unwrap_or(Json::Null)
    }
}

impl Default for JsonText {
    fn default() -> Self {
        Self::empty_dict()
    }
}
