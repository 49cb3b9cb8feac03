//! The types that stand for columns: how a value is written, read, and judged.

use super::{ColumnType, Millis, Misfit, storable};
use crate::json::{
    Json, JsonText, ReadError, Reader, read_text, read_texts, write_float, write_int, write_list, write_str,
};
use crate::number::parse_float;

/// The value of one column in memory.
pub trait Cell {
    /// Appends the value as JSON.
    fn write(&self, out: &mut String);
    /// The value as JSON, where that is one of a few texts or at hand.
    fn short(&self) -> Option<JsonText> {
        None
    }
    /// The value as JSON.
    fn text(&self) -> JsonText {
        self.short().unwrap_or_else(|| {
            let mut out = String::new();
            self.write(&mut out);
            JsonText::written(out)
        })
    }
    /// Takes the value as a store tells it.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError>;
    /// Takes a value of a request for column `name`, or tells why it cannot be stored.
    fn fit(&mut self, name: &str, value: &Json) -> Result<(), Misfit>;
}

/// A Rust type that stands for a column.
pub trait ColumnValue: Cell {
    /// What the column holds.
    const KIND: ColumnType;
    /// Whether it may be null.
    const NULLABLE: bool = false;
}

/// States a type of columns: how it is written, read, and judged. Behind `or` stands the text of values that need none of
/// their own.
macro_rules! column_values {
    ($($type:ty as $kind:ident $(or $short:expr)?, $write:expr, $read:expr, $fit:expr;)+) => {$(
        impl ColumnValue for $type {
            const KIND: ColumnType = ColumnType::$kind;
        }

        impl Cell for $type {
            fn write(&self, out: &mut String) {
                ($write)(out, self);
            }

            $(fn short(&self) -> Option<JsonText> {
                ($short)(self)
            })?

            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
                *self = ($read)(reader)?;
                Ok(())
            }

            fn fit(&mut self, name: &str, value: &Json) -> Result<(), Misfit> {
                *self = ($fit)(name, value)?;
                Ok(())
            }
        }
    )+};
}

column_values! {
    String as Text, |out, value: &Self| write_str(out, value), read_text, storable::text;
    i32 as Int4, |out, value: &Self| write_int(out, (*value).into()), read_int4, storable::int4;
    i64 as Int8, |out, value: &Self| write_int(out, *value), Reader::integer, storable::int8;
    f64 as Float, |out, value: &Self| write_float(out, *value), read_float, storable::float;
    bool as Bool or |value: &Self| Some(JsonText::fixed(word(*value))),
        |out: &mut String, value: &Self| out.push_str(word(*value)),
        Reader::boolean, storable::boolean;
    Millis as Time, |out, value: &Self| write_int(out, value.0), |reader: &mut Reader<'_>| reader.integer().map(Millis),
        |name, value| storable::moment(name, Millis(storable::int8(name, value)?));
    JsonText as Json or |value: &Self| Some(value.clone()), |out: &mut String, value: &Self| out.push_str(value.as_str()), Reader::text, storable::json;
    Vec<String> as TextList or |value: &Self| value.is_empty().then_some(JsonText::fixed("[]")),
        |out, value: &Self| write_list(out, value, |out, item| write_str(out, item)),
        read_texts, storable::list;
}

const fn word(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn read_int4(reader: &mut Reader<'_>) -> Result<i32, ReadError> {
    reader.integer()?.try_into().or_else(|_| reader.fail())
}

fn read_float(reader: &mut Reader<'_>) -> Result<f64, ReadError> {
    parse_float(reader.number()?.0).map_or_else(|| reader.fail(), Ok)
}

impl<T: ColumnValue + Default> ColumnValue for Option<T> {
    const KIND: ColumnType = T::KIND;
    const NULLABLE: bool = true;
}

impl<T: ColumnValue + Default> Cell for Option<T> {
    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }

    fn text(&self) -> JsonText {
        self.as_ref().map_or_else(JsonText::null, Cell::text)
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = None;
        if reader.null()? { Ok(()) } else { self.insert(T::default()).read(reader) }
    }

    fn fit(&mut self, name: &str, value: &Json) -> Result<(), Misfit> {
        *self = None;
        if value.is_null() { Ok(()) } else { self.insert(T::default()).fit(name, value) }
    }
}
