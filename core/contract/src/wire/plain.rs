//! What messages are made of.

use super::Message;
use super::schema::Schemas;
use crate::dict;
use crate::json::{Json, JsonText, ReadError, Reader, read_text, write_int, write_list, write_str};
use crate::tables::Cells;
use std::borrow::Cow;

/// States a type that is a value of JSON. Messages have many of them, and the module is smaller with calls.
macro_rules! value {
    ($($type:ty, $schema:expr, $write:expr, $read:expr;)+) => {$(
        impl Message for $type {
            #[inline(never)]
            fn write(&self, out: &mut String) {
                ($write)(self, out);
            }

            #[inline(never)]
            fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
                ($read)(reader)
            }

            fn schema(_: &mut Schemas) -> Json {
                dict! { "type" => $schema }
            }
        }
    )+};
}

value! {
    String, "string", |text: &Self, out| write_str(out, text), read_text;
    Cow<'static, str>, "string", |text: &Self, out| write_str(out, text),
        |reader: &mut Reader<'_>| read_text(reader).map(Cow::Owned);
    i64, "integer", |number: &Self, out| write_int(out, *number), Reader::integer;
    u16, "integer", |number: &Self, out| write_int(out, (*number).into()), natural;
    u32, "integer", |number: &Self, out| write_int(out, (*number).into()), natural;
    u64, "integer", write_natural, natural;
    usize, "integer", |number: &Self, out| write_natural(&(*number as u64), out), natural;
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the writers of all numbers have one signature")]
fn write_natural(number: &u64, out: &mut String) {
    match i64::try_from(*number) {
        Ok(number) => write_int(out, number),
        Err(_) => out.push_str(&number.to_string()),
    }
}

fn natural<T: std::str::FromStr>(reader: &mut Reader<'_>) -> Result<T, ReadError> {
    match reader.number()? {
        (digits, true) => digits.parse().or_else(|_| reader.fail()),
        _ => reader.fail(),
    }
}

impl Message for bool {
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.boolean()
    }

    fn missing() -> Option<Self> {
        Some(false)
    }

    fn schema(_: &mut Schemas) -> Json {
        dict! { "type" => "boolean" }
    }
}

impl<T: Message> Message for Option<T> {
    fn write(&self, out: &mut String) {
        match self {
            Some(message) => message.write(out),
            None => out.push_str("null"),
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        if reader.null()? { Ok(None) } else { T::read(reader).map(Some) }
    }

    fn missing() -> Option<Self> {
        Some(None)
    }

    fn schema(known: &mut Schemas) -> Json {
        dict! { "anyOf" => vec![T::schema(known), dict! { "type" => "null" }] }
    }
}

impl<T: Message> Message for Vec<T> {
    fn write(&self, out: &mut String) {
        write_list(out, self, |out, item| item.write(out));
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut items = Self::new();
        let mut list = reader.list()?;
        while reader.item(&mut list)? {
            items.push(T::read(reader)?);
        }
        Ok(items)
    }

    fn schema(known: &mut Schemas) -> Json {
        dict! { "type" => "array", "items" => T::schema(known) }
    }
}

impl<A: Message, B: Message> Message for (A, B) {
    fn write(&self, out: &mut String) {
        out.push('[');
        self.0.write(out);
        out.push(',');
        self.1.write(out);
        out.push(']');
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut list = reader.list()?;
        if !reader.item(&mut list)? {
            return reader.fail();
        }
        let first = A::read(reader)?;
        if !reader.item(&mut list)? {
            return reader.fail();
        }
        let second = B::read(reader)?;
        if reader.item(&mut list)? { reader.fail() } else { Ok((first, second)) }
    }

    fn schema(known: &mut Schemas) -> Json {
        let items = vec![A::schema(known), B::schema(known)];
        dict! { "type" => "array", "prefixItems" => items, "minItems" => 2, "maxItems" => 2 }
    }
}

impl<T: Message> Message for Box<T> {
    fn write(&self, out: &mut String) {
        T::write(self, out);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        T::read(reader).map(Self::new)
    }

    fn schema(known: &mut Schemas) -> Json {
        T::schema(known)
    }
}

impl Message for JsonText {
    fn write(&self, out: &mut String) {
        out.push_str(self.as_str());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.text()
    }

    fn schema(known: &mut Schemas) -> Json {
        known.named("JsonText", &["A document, as it was written."], |_| Json::empty_dict())
    }
}

impl Message for Cells {
    fn write(&self, out: &mut String) {
        Self::write(self, out);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        Self::read(reader)
    }

    fn schema(known: &mut Schemas) -> Json {
        let lines = ["Values by column name, each as it was written."];
        known.named("Cells", &lines, |_| dict! { "type" => "object" })
    }
}
