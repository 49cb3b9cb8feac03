//! A JSON value.

use super::JsonText;
use crate::order::Index;
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

    /// The members of an object by name; none of anything but an object.
    pub fn by_name(&self) -> Index<'_, Self> {
        let members = self.as_dict().unwrap_or_default().iter();
        Index::of(members.map(|(name, value)| (&**name, value)))
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

    /// The member called `name`, to be changed; nothing of anything but an object.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        match self {
            Self::Dict(members) => members.iter_mut().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_name() {
        let object = crate::dict! { "b" => 1, "a" => 2 };
        let members = object.by_name();
        assert_eq!((members.get("a"), members.get("b")), (Some(&Json::Int(2)), Some(&Json::Int(1))));
        assert_eq!((members.get("c"), Json::Null.by_name().get("a")), (None, None));
    }
}
