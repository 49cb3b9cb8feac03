//! How a table is described, once for the rules and for every store.

use super::storable;
use crate::contract::{Cells, Guard, Write};
use crate::error::Refusal;
use crate::json::{
    Json, JsonText, Limits, ReadError, Reader, read, write_float, write_int, write_list, write_str,
};
use std::borrow::Cow;
use std::sync::Arc;

/// What a column holds, in the terms of LiteLLM's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text without NUL.
    Text,
    /// A 32-bit integer.
    Int4,
    /// A 64-bit integer.
    Int8,
    /// A finite double.
    Float,
    /// true or false
    Bool,
    /// A moment, to the millisecond.
    Time,
    /// A JSON document.
    Json,
    /// A list of text.
    TextList,
}

impl ColumnType {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int4 => "int4",
            Self::Int8 => "int8",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Time => "time",
            Self::Json => "json",
            Self::TextList => "text_list",
        }
    }
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the rules and in the store.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether a store may lack it: LiteLLM's tables differ from release to release. A row of such a store has the
    /// default there.
    pub optional: bool,
}

/// Columns that are written beside every decision: what was spent, and when a row was last written. A row is still the
/// same when they differ.
pub const COUNTERS: [&str; 4] = ["spend", "model_spend", "soft_budget_cooldown", "updated_at"];

impl Column {
    /// Whether it is one of [`COUNTERS`].
    pub fn is_counter(&self) -> bool {
        COUNTERS.contains(&self.name)
    }

    /// Whether it may hold text of any length: a document or a list.
    pub const fn is_document(&self) -> bool {
        matches!(self.kind, ColumnType::Json | ColumnType::TextList)
    }
}

/// One table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// Its name in the store.
    pub name: &'static str,
    /// The columns of its primary key, all text or one `Int8`.
    pub key: &'static [&'static str],
    /// Text columns that are looked up and therefore indexed.
    pub indexed: &'static [&'static str],
    /// All columns.
    pub columns: &'static [Column],
    /// Tables of LiteLLM's that no rule reads, and the column by which their rows go with a row of this one, where a
    /// store has them.
    pub dependents: &'static [(&'static str, &'static str)],
    /// Whether a store may lack the whole table.
    pub optional: bool,
}

impl Schema {
    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The columns that every store with this table has; of an optional table that is its key.
    pub fn needed(&self) -> impl Iterator<Item = &'static Column> {
        let (key, is_optional) = (self.key, self.optional);
        self.columns.iter().filter(
            move |column| {
                if is_optional { key.contains(&column.name) } else { !column.optional }
            },
        )
    }

    /// Whether texts of the column are compared without regard to the case of ASCII letters: an e-mail address is one
    /// user's, however it is written.
    pub fn is_caseless(&self, column: &str) -> bool {
        self.name == super::User::NAME && column == "user_email"
    }
}

/// Milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub i64);

/// The value of one column in memory.
pub trait Cell {
    /// Appends the value as JSON.
    fn write(&self, out: &mut String);
    /// Takes the value as a store tells it.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError>;
    /// Takes a value of a request for column `name`, or tells why it cannot be stored.
    fn fit(&mut self, name: &str, value: &Json) -> Result<(), Refusal>;
}

/// A Rust type that stands for a column.
pub trait ColumnValue: Cell {
    /// What the column holds.
    const KIND: ColumnType;
    /// Whether it may be null.
    const NULLABLE: bool = false;
}

/// States a type of columns: how it is written, read, and judged.
macro_rules! column_values {
    ($($type:ty as $kind:ident, $write:expr, $read:expr, $fit:expr;)+) => {$(
        impl ColumnValue for $type {
            const KIND: ColumnType = ColumnType::$kind;
        }

        impl Cell for $type {
            fn write(&self, out: &mut String) {
                ($write)(out, self);
            }

            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
                *self = ($read)(reader)?;
                Ok(())
            }

            fn fit(&mut self, name: &str, value: &Json) -> Result<(), Refusal> {
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
    bool as Bool, |out: &mut String, value: &Self| out.push_str(if *value { "true" } else { "false" }),
        Reader::boolean, storable::boolean;
    Millis as Time, |out, value: &Self| write_int(out, value.0), |reader: &mut Reader<'_>| reader.integer().map(Millis),
        |name, value| storable::moment(name, Millis(storable::int8(name, value)?));
    JsonText as Json, |out: &mut String, value: &Self| out.push_str(value.as_str()), Reader::text, storable::json;
    Vec<String> as TextList, |out, value: &Self| write_list(out, value, |out, item| write_str(out, item)),
        read_texts, storable::list;
}

/// A text.
pub(crate) fn read_text(reader: &mut Reader<'_>) -> Result<String, ReadError> {
    reader.string().map(Cow::into_owned)
}

fn read_int4(reader: &mut Reader<'_>) -> Result<i32, ReadError> {
    reader.integer()?.try_into().or_else(|_| reader.fail())
}

fn read_float(reader: &mut Reader<'_>) -> Result<f64, ReadError> {
    reader.number()?.0.parse().or_else(|_| reader.fail())
}

/// A list of text.
pub(crate) fn read_texts(reader: &mut Reader<'_>) -> Result<Vec<String>, ReadError> {
    let mut within = reader.list()?;
    let mut texts = Vec::new();
    while reader.item(&mut within)? {
        texts.push(read_text(reader)?);
    }
    Ok(texts)
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

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = None;
        if reader.null()? { Ok(()) } else { self.insert(T::default()).read(reader) }
    }

    fn fit(&mut self, name: &str, value: &Json) -> Result<(), Refusal> {
        *self = None;
        if value.is_null() { Ok(()) } else { self.insert(T::default()).fit(name, value) }
    }
}

/// A row in memory, of whichever table.
pub trait Row {
    /// Its table.
    fn schema(&self) -> &'static Schema;
    /// The values of all columns, in the order of the schema.
    fn columns(&self) -> Vec<&dyn Cell>;
    /// The same to be changed, and what the store told.
    fn columns_mut(&mut self) -> (Vec<&mut dyn Cell>, &mut Told);
    /// The values of the primary key's columns.
    fn key(&self) -> Vec<String>;
    /// How the row came from a store.
    fn told(&self) -> &Told;
}

/// How a row came from a store, which is no part of its value. Copies of a row share it.
#[derive(Debug, Clone, Default)]
pub struct Told {
    text: Option<Arc<str>>,
    /// Whether its lists and documents were left out.
    pub is_cut: bool,
}

impl PartialEq for Told {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A row type.
pub trait Table: Row + Default {
    /// The table's name in the store.
    const NAME: &'static str;
    /// The whole description.
    const SCHEMA: Schema;

    /// Reads a row as a store tells it; columns that are left out get their default.
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut row = Self::default();
        let any: &mut dyn Row = &mut row;
        any.read(reader)?;
        Ok(row)
    }
}

impl dyn Row + '_ {
    /// All columns with their values.
    pub fn cells(&self) -> Cells {
        let columns = self.schema().columns.iter().zip(self.columns());
        columns.map(|(column, cell)| (Cow::Borrowed(column.name), text(cell))).collect()
    }

    /// Takes the row as a store tells it: names that are no columns are passed over, columns that are left out stay.
    pub fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let names = self.schema().columns;
        let (mut cells, told) = self.columns_mut();
        reader.peek();
        let start = reader.at();
        let mut members = reader.dict()?;
        let mut expected = 0;
        while let Some(name) = reader.member(&mut members)? {
            // stores tell the columns in their order, mostly
            let is_here = |at: usize| names.get(at).is_some_and(|column| column.name == name);
            let at = if is_here(expected) {
                Some(expected)
            } else {
                names.iter().position(|column| column.name == name)
            };
            match at.and_then(|at| cells.get_mut(at)) {
                Some(cell) => cell.read(reader)?,
                None if name == "cut" => told.is_cut = reader.boolean()?,
                None => reader.skip()?,
            }
            expected = at.map_or(expected, |at| at + 1);
        }
        told.text = Some(reader.since(start).into());
        Ok(())
    }

    /// Takes values of a request, an object by column name; moments are milliseconds. The first value, in their order,
    /// that does not fit is refused; names that are no columns are passed over, columns that are left out stay.
    pub fn take(&mut self, values: &Json) -> Result<(), Refusal> {
        let names = self.schema().columns;
        let (mut cells, _) = self.columns_mut();
        for (name, value) in values.as_dict().unwrap_or_default() {
            let at = names.iter().position(|column| column.name == name);
            if let Some(cell) = at.and_then(|at| cells.get_mut(at)) {
                cell.fit(name, value)?;
            }
        }
        Ok(())
    }

    /// The same, but the first value in the order of the columns is refused.
    pub fn amend(&mut self, values: &Json) -> Result<(), Refusal> {
        let names = self.schema().columns;
        let (cells, _) = self.columns_mut();
        for (column, cell) in names.iter().zip(cells) {
            if let Some(value) = values.get(column.name) {
                cell.fit(column.name, value)?;
            }
        }
        Ok(())
    }
}

fn text(cell: &dyn Cell) -> JsonText {
    let mut out = String::new();
    cell.write(&mut out);
    JsonText::written(out)
}

/// The write that stores a new row.
pub fn insert(row: &dyn Row) -> Write {
    Write::Insert { table: row.schema().name.into(), row: row.cells(), like: None }
}

/// The write that stores `row` as a copy of `original`: in columns that the rules do not know it has the same.
pub fn insert_copy(row: &dyn Row, original: &dyn Row) -> Write {
    Write::Insert { table: row.schema().name.into(), row: row.cells(), like: Some(original.key()) }
}

/// The write that turns `old` into `new`: the changed columns only, so that what others write beside us stays.
/// `None` if nothing changed. The primary key itself may change.
pub fn changed(old: &dyn Row, new: &dyn Row) -> Option<Write> {
    let Schema { name, columns, .. } = new.schema();
    let both = old.columns().into_iter().zip(new.columns());
    let values = columns.iter().zip(both).map(|(column, (old, new))| (column.name, text(old), text(new)));
    let differs = values.filter(|(_, old, new)| differ(old, new));
    let set: Cells = differs.map(|(name, _, new)| (Cow::Borrowed(name), new)).collect();
    (!set.is_empty()).then(|| Write::Update { table: Cow::Borrowed(name), key: old.key(), set })
}

/// The condition that the row is as it was read, but for its counters.
pub fn unchanged(row: &dyn Row) -> Guard {
    let told = match &row.told().text {
        Some(told) => told.as_ref().to_owned(),
        None => json(row),
    };
    Guard::Same { table: row.schema().name.into(), key: row.key(), row: JsonText::written(told) }
}

/// The condition that the row with this primary key is there.
pub fn present<T: Table>(key: &str) -> Guard {
    Guard::Present { table: T::NAME.into(), key: vec![key.to_owned()] }
}

/// All columns as a JSON object.
fn json(row: &dyn Row) -> String {
    let mut out = String::new();
    row.cells().write(&mut out);
    out
}

/// Whether two cells hold different values: `1.50` that was read and written as `1.5` is no change.
fn differ(old: &JsonText, new: &JsonText) -> bool {
    let value = |cell: &JsonText| read(cell.as_str().as_bytes(), &Limits::STORED).ok();
    old != new && (value(old).is_none() || value(old) != value(new))
}

/// A row as a store tells it.
#[cfg(test)]
pub(crate) fn stored(row: &dyn Row) -> JsonText {
    JsonText::written(json(row))
}

/// States a table: the row type with its columns and their types, the primary key and the indexed columns. A table marked
/// `optional`, and the columns of the block `optional`, are there in some stores and not in others.
macro_rules! table {
    (@optional) => { false };
    (@optional optional) => { true };
    (@column $column:ident, $type:ty, $optional:literal) => {
        $crate::tables::Column {
            name: stringify!($column),
            kind: <$type as $crate::tables::ColumnValue>::KIND,
            nullable: <$type as $crate::tables::ColumnValue>::NULLABLE,
            optional: $optional,
        }
    };
    ($(#[$doc:meta])* $row:ident in $name:literal $($is_optional:ident)?, key [$($key:ident),+],
        indexed [$($indexed:literal),*] $(, dependents [$($dependent:tt),*])? {
        $($(#[$column_doc:meta])* $column:ident: $type:ty),+ $(,)?
    } $(optional {
        $($(#[$optional_doc:meta])* $optional:ident: $optional_type:ty),+ $(,)?
    })?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $row {
            $($(#[$column_doc])* pub $column: $type,)+
            $($($(#[$optional_doc])* pub $optional: $optional_type,)+)?
            /// How it came from a store.
            pub told: $crate::tables::Told,
        }

        impl $crate::tables::Table for $row {
            const NAME: &'static str = $name;
            const SCHEMA: $crate::tables::Schema = $crate::tables::Schema {
                name: $name,
                key: &[$(stringify!($key)),+],
                indexed: &[$($indexed),*],
                dependents: &[$($($dependent),*)?],
                optional: table!(@optional $($is_optional)?),
                columns: &[
                    $(table!(@column $column, $type, false),)+
                    $($(table!(@column $optional, $optional_type, true),)+)?
                ],
            };
        }

        impl $crate::tables::Row for $row {
            fn schema(&self) -> &'static $crate::tables::Schema {
                &<Self as $crate::tables::Table>::SCHEMA
            }

            fn columns(&self) -> Vec<&dyn $crate::tables::Cell> {
                vec![$(&self.$column,)+ $($(&self.$optional,)+)?]
            }

            fn columns_mut(&mut self) -> (Vec<&mut dyn $crate::tables::Cell>, &mut $crate::tables::Told) {
                (vec![$(&mut self.$column,)+ $($(&mut self.$optional,)+)?], &mut self.told)
            }

            fn key(&self) -> Vec<String> {
                vec![$(self.$key.to_string()),+]
            }

            fn told(&self) -> &$crate::tables::Told {
                &self.told
            }
        }
    };
}
pub(crate) use table;
