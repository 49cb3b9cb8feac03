//! How a table is described, once for the rules and for every store.

use super::storable;
use crate::contract::{Cells, Write};
use crate::error::Refusal;
use crate::json::{Json, JsonText};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a column holds, in the terms of LiteLLM's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name in the rules and in the store.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether it may be null.
    pub nullable: bool,
}

/// One table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Schema {
    /// Its name in the store.
    pub name: &'static str,
    /// The columns of its primary key, all text or one `Int8`.
    pub key: &'static [&'static str],
    /// Text columns that are looked up and therefore indexed.
    pub indexed: &'static [&'static str],
    /// All columns but `row_version`.
    pub columns: &'static [Column],
}

impl Schema {
    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// Milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

/// A Rust type that stands for a column.
pub trait ColumnValue: Serialize + Sized {
    /// What the column holds.
    const KIND: ColumnType;
    /// Whether it may be null.
    const NULLABLE: bool = false;

    /// The value of column `name`, or why it cannot be stored.
    fn fit(name: &str, value: &Json) -> Result<Self, Refusal>;
}

impl ColumnValue for String {
    const KIND: ColumnType = ColumnType::Text;

    fn fit(name: &str, value: &Json) -> Result<Self, Refusal> {
        storable::text(name, value)
    }
}

impl ColumnValue for i32 {
    const KIND: ColumnType = ColumnType::Int4;

    fn fit(name: &str, value: &Json) -> Result<Self, Refusal> {
        storable::int4(name, value)
    }
}

impl ColumnValue for i64 {
    const KIND: ColumnType = ColumnType::Int8;

    fn fit(name: &str, value: &Json) -> Result<Self, Refusal> {
        storable::int8(name, value)
    }
}

impl ColumnValue for f64 {
    const KIND: ColumnType = ColumnType::Float;

    fn fit(name: &str, value: &Json) -> Result<Self, Refusal> {
        storable::float(name, value)
    }
}

impl ColumnValue for bool {
    const KIND: ColumnType = ColumnType::Bool;

    fn fit(name: &str, value: &Json) -> Result<Self, Refusal> {
        storable::boolean(name, value)
    }
}

impl ColumnValue for Millis {
    const KIND: ColumnType = ColumnType::Time;

    fn fit(name: &str, value: &Json) -> Result<Self, Refusal> {
        storable::moment(name, Self(storable::int8(name, value)?))
    }
}

impl ColumnValue for JsonText {
    const KIND: ColumnType = ColumnType::Json;

    fn fit(name: &str, value: &Json) -> Result<Self, Refusal> {
        storable::json(name, value)
    }
}

impl ColumnValue for Vec<String> {
    const KIND: ColumnType = ColumnType::TextList;

    fn fit(name: &str, value: &Json) -> Result<Self, Refusal> {
        storable::list(name, value)
    }
}

impl<T: ColumnValue> ColumnValue for Option<T> {
    const KIND: ColumnType = T::KIND;
    const NULLABLE: bool = true;

    fn fit(name: &str, value: &Json) -> Result<Self, Refusal> {
        if value.is_null() { Ok(None) } else { T::fit(name, value).map(Some) }
    }
}

/// A row type.
pub trait Table: Sized + Serialize + for<'de> Deserialize<'de> {
    /// The table's name in the store.
    const NAME: &'static str;
    /// The whole description.
    const SCHEMA: Schema;

    /// The row for `values`, an object by column name; moments are milliseconds. Columns that are left out get their
    /// default, names that are no columns are passed over, and the first value that does not fit is refused.
    fn fit(values: &Json) -> Result<Self, Refusal>;
    /// All columns with their values.
    fn cells(&self) -> Cells;
    /// The values of the primary key's columns.
    fn key(&self) -> Vec<String>;
    /// The version of the row as it was read; empty for a row that is not stored yet.
    fn row_version(&self) -> &str;
}

/// The write that stores a new row.
pub fn insert<T: Table>(row: &T) -> Write {
    Write::Insert { table: T::NAME.into(), row: row.cells() }
}

/// The write that turns `old` into `new`: the changed columns only, so that what others write beside us stays.
/// `None` if nothing changed. The primary key itself may change.
pub fn changed<T: Table>(old: &T, new: &T) -> Option<Write> {
    let mut set = new.cells();
    let before = old.cells();
    set.retain(|name, value| before.get(name) != Some(value));
    (!set.is_empty()).then(|| Write::Update { table: Cow::Borrowed(T::NAME), key: old.key(), set })
}

/// States a table: the row type with its columns and their types, the primary key and the indexed columns.
macro_rules! table {
    ($(#[$doc:meta])* $row:ident in $name:literal, key [$($key:ident),+], indexed [$($indexed:literal),*] {
        $($(#[$column_doc:meta])* $column:ident: $type:ty),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $row {
            $($(#[$column_doc])* pub $column: $type,)+
            /// The version of the row as it was read.
            #[serde(skip_serializing_if = "String::is_empty")]
            pub row_version: String,
        }

        impl $crate::tables::Table for $row {
            const NAME: &'static str = $name;
            const SCHEMA: $crate::tables::Schema = $crate::tables::Schema {
                name: $name,
                key: &[$(stringify!($key)),+],
                indexed: &[$($indexed),*],
                columns: &[$($crate::tables::Column {
                    name: stringify!($column),
                    kind: <$type as $crate::tables::ColumnValue>::KIND,
                    nullable: <$type as $crate::tables::ColumnValue>::NULLABLE,
                }),+],
            };

            fn fit(values: &$crate::json::Json) -> Result<Self, $crate::error::Refusal> {
                let mut row = Self::default();
                for (name, value) in values.as_dict().unwrap_or_default() {
                    match name.as_str() {
                        $(stringify!($column) => {
                            row.$column = $crate::tables::ColumnValue::fit(name, value)?;
                        })+
                        _ => {}
                    }
                }
                Ok(row)
            }

            fn cells(&self) -> $crate::contract::Cells {
                let mut cells = $crate::contract::Cells::new();
                $(cells.insert(stringify!($column).into(), $crate::json::JsonText::serialised(&self.$column));)+
                cells
            }

            fn key(&self) -> Vec<String> {
                vec![$(self.$key.to_string()),+]
            }

            fn row_version(&self) -> &str {
                &self.row_version
            }
        }
    };
}
pub(crate) use table;
