//! How a message is stated, once for its writer, its reader and its schema.
//!
//! serde's derive was measured in its place: with it `policy.wasm` had 438,095 bytes of brotli, with this macro 407,422; to
//! read the calls and write the steps of one `key_generate` took 140,000 instructions with it, and 137,000 with the macro.

use super::schema::Schemas;
use crate::json::{Json, Limits, ReadError, Reader};

/// What crosses between the module and its shells.
pub trait Message: Sized {
    /// Appends the message as JSON.
    fn write(&self, out: &mut String);

    /// Reads a message.
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError>;

    /// What a member is that is missing, if it may be.
    fn missing() -> Option<Self> {
        None
    }

    /// The JSON Schema of the message.
    fn schema(known: &mut Schemas) -> Json;
}

/// The message as JSON text.
pub fn to_text(message: &impl Message) -> String {
    let mut out = String::new();
    message.write(&mut out);
    out
}

/// The message that a text holds.
pub fn of_text<T: Message>(text: &[u8]) -> Result<T, ReadError> {
    let mut reader = Reader::of(text, &Limits::STORED)?;
    let message = T::read(&mut reader)?;
    reader.end()?;
    Ok(message)
}

/// States a message: an object with members, one of several words, or one of several kinds, which is an object with one member
/// that has the kind's name. A member that is not known is refused: it would be a condition that nothing looks at.
macro_rules! message {
    (@about doc = $line:literal) => { $line };
    (@about $($other:tt)*) => { "" };

    (@name $name:ident $type:ty) => { $name };
    (@expression $type:ty, $expression:expr) => { $expression };

    (@write $out:expr, $($field:ident, $value:expr);*) => {{
        let mut object = $crate::json::Object::open($out);
        $($crate::wire::Message::write($value, object.known(concat!(",\"", stringify!($field), "\":")));)*
        object.end();
    }};

    (@read $reader:ident, [$($make:tt)*] { $($field:ident),* }) => {{
        $(let mut $field = None;)*
        let mut members = $reader.dict()?;
        while let Some(name) = $reader.member(&mut members)? {
            match &*name {
                $(stringify!($field) => $field = Some($crate::wire::Message::read($reader)?),)*
                _ => return $reader.fail(),
            }
        }
        match ($($field.or_else($crate::wire::Message::missing)),*,) {
            ($(Some($field)),*,) => $($make)* { $($field),* },
            _ => return $reader.fail(),
        }
    }};

    (@schema $known:ident, $($([$($meta:tt)*])* $field:ident: $type:ty),*) => {
        $crate::wire::schema::object(vec![$((
            stringify!($field),
            $crate::wire::schema::about(
                <$type as $crate::wire::Message>::schema($known),
                &[$(message!(@about $($meta)*)),*],
            ),
        )),*])
    };

    ($(#[$($meta:tt)*])* pub struct $name:ident {
        $($(#[$($field_meta:tt)*])* pub $field:ident: $type:ty),+ $(,)?
    }) => {
        $(#[$($meta)*])*
        pub struct $name {
            $($(#[$($field_meta)*])* pub $field: $type,)+
        }

        impl $crate::wire::Message for $name {
            fn write(&self, out: &mut String) {
                message!(@write out, $($field, &self.$field);+)
            }

            fn read(reader: &mut $crate::json::Reader<'_>) -> Result<Self, $crate::json::ReadError> {
                Ok(message!(@read reader, [Self] { $($field),+ }))
            }

            fn schema(known: &mut $crate::wire::schema::Schemas) -> $crate::json::Json {
                known.named(stringify!($name), &[$(message!(@about $($meta)*)),*], |known| {
                    message!(@schema known, $($([$($field_meta)*])* $field: $type),+)
                })
            }
        }
    };

    ($(#[$($meta:tt)*])* pub enum $name:ident {
        $($(#[$($word_meta:tt)*])* $word:ident = $text:literal),+ $(,)?
    }) => {
        $(#[$($meta)*])*
        pub enum $name {
            $($(#[$($word_meta)*])* $word,)+
        }

        impl $name {
            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)+
                }
            }
        }

        impl $crate::wire::Message for $name {
            fn write(&self, out: &mut String) {
                $crate::json::write_str(out, self.as_str());
            }

            fn read(reader: &mut $crate::json::Reader<'_>) -> Result<Self, $crate::json::ReadError> {
                match &*reader.string()? {
                    $($text => Ok(Self::$word),)+
                    _ => reader.fail(),
                }
            }

            fn schema(known: &mut $crate::wire::schema::Schemas) -> $crate::json::Json {
                known.named(stringify!($name), &[$(message!(@about $($meta)*)),*], |_| {
                    $crate::wire::schema::one_of(vec![$($crate::wire::schema::about(
                        $crate::dict! { "const" => $text },
                        &[$(message!(@about $($word_meta)*)),*],
                    )),+])
                })
            }
        }
    };

    ($(#[$($meta:tt)*])* pub enum $name:ident {
        $($(#[$($kind_meta:tt)*])* $tag:literal => $kind:ident
            $({ $($(#[$($field_meta:tt)*])* $field:ident: $type:ty),+ $(,)? })? $(($inner:ty))?),+ $(,)?
    } $(if $is_valid:path)?) => {
        $(#[$($meta)*])*
        #[allow(clippy::large_enum_variant, reason = "a message lives as long as one crossing")]
        pub enum $name {
            $($(#[$($kind_meta)*])* $kind
                $({ $($(#[$($field_meta)*])* $field: $type,)+ })? $(($inner))?,)+
        }

        impl $crate::wire::Message for $name {
            fn write(&self, out: &mut String) {
                let mut message = $crate::json::Object::open(out);
                match self {
                    $(Self::$kind $({ $($field),+ })? $((message!(@name inner $inner)))? => {
                        let out = message.known(concat!(",\"", $tag, "\":"));
                        $(message!(@write out, $($field, $field);+);)?
                        $(message!(@expression $inner, $crate::wire::Message::write(inner, out));)?
                    })+
                }
                message.end();
            }

            fn read(reader: &mut $crate::json::Reader<'_>) -> Result<Self, $crate::json::ReadError> {
                let mut kinds = reader.dict()?;
                let Some(kind) = reader.member(&mut kinds)? else { return reader.fail() };
                let message = match &*kind {
                    $($tag => $(message!(@read reader, [Self::$kind] { $($field),+ }))?
                        $(message!(@expression $inner, Self::$kind($crate::wire::Message::read(reader)?)))?,)+
                    _ => return reader.fail(),
                };
                let is_all = reader.member(&mut kinds)?.is_none() $(&& $is_valid(&message))?;
                if is_all { Ok(message) } else { reader.fail() }
            }

            fn schema(known: &mut $crate::wire::schema::Schemas) -> $crate::json::Json {
                known.named(stringify!($name), &[$(message!(@about $($meta)*)),*], |known| {
                    $crate::wire::schema::one_of(vec![$({
                        let inner = {
                            $(message!(@schema known, $($([$($field_meta)*])* $field: $type),+))?
                            $(<$inner as $crate::wire::Message>::schema(known))?
                        };
                        $crate::wire::schema::about(
                            $crate::wire::schema::object(vec![($tag, inner)]),
                            &[$(message!(@about $($kind_meta)*)),*],
                        )
                    }),+])
                })
            }
        }
    };
}
pub(super) use message;
