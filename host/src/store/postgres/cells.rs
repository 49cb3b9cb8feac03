//! Rows of PostgreSQL as JSON text, and JSON cells as values of PostgreSQL, both in its binary format.

use crate::store::StoreError;
use bytes::{BufMut, BytesMut};
use latchkey_contract::json::{JsonText, write_str};
use latchkey_contract::tables::{Column, ColumnType, Schema};
use std::error::Error;
use std::fmt::Write;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

/// Milliseconds from 1970 to 2000, where PostgreSQL begins to count.
const EPOCH: i64 = 946_684_800_000;

/// The last millisecond of the year 9999; PostgreSQL also has `infinity`.
pub(super) const LAST_MOMENT: i64 = 253_402_300_799_999;

/// A value for a statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Text(String),
    Texts(Vec<String>),
    Json(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// Milliseconds since 1970.
    Time(i64),
}

impl Value {
    /// Text to compare with. PostgreSQL stores no NUL and takes none, so text with one equals nothing.
    pub(super) fn wanted(text: &str) -> Self {
        if text.contains('\0') { Self::Null } else { Self::Text(text.to_owned()) }
    }

    /// Texts to compare with.
    pub(super) fn any_of(texts: &[String]) -> Self {
        Self::Texts(texts.iter().filter(|text| !text.contains('\0')).cloned().collect())
    }

    /// What a column is compared with for a value that the module gives as text.
    pub(super) fn of_column(text: &str, column: &Column) -> Self {
        match column.kind {
            ColumnType::Int4 => text.parse().map_or(Self::Null, |number: i32| Self::Int(number.into())),
            ColumnType::Int8 => text.parse().map_or(Self::Null, Self::Int),
            _ => Self::wanted(text),
        }
    }

    /// What is stored for a cell.
    pub(super) fn stored(cell: &JsonText, column: &Column) -> Result<Self, StoreError> {
        let text = cell.as_str();
        let unfit = || StoreError::Unknown(format!("room for such a value in column `{}`", column.name));
        if text == "null" && (column.nullable || column.kind != ColumnType::Json) {
            return Ok(Self::Null);
        }
        Ok(match column.kind {
            ColumnType::Text => Self::Text(serde_json::from_str(text).map_err(|_| unfit())?),
            ColumnType::TextList => Self::Texts(serde_json::from_str(text).map_err(|_| unfit())?),
            ColumnType::Json => Self::Json(text.to_owned()),
            ColumnType::Int4 | ColumnType::Int8 => Self::Int(text.parse().map_err(|_| unfit())?),
            ColumnType::Time => Self::Time(text.parse().map_err(|_| unfit())?),
            ColumnType::Float => Self::Float(text.parse().map_err(|_| unfit())?),
            ColumnType::Bool => Self::Bool(text == "true"),
        })
    }
}

type Failure = Box<dyn Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Text(text) => out.extend_from_slice(text.as_bytes()),
            Self::Json(text) => {
                if *ty == Type::JSONB {
                    out.put_u8(1);
                }
                out.extend_from_slice(text.as_bytes());
            }
            Self::Int(number) => match *ty {
                Type::INT2 => out.put_i16(i16::try_from(*number)?),
                Type::INT4 => out.put_i32(i32::try_from(*number)?),
                Type::FLOAT8 => out.put_f64(*number as f64),
                _ => out.put_i64(*number),
            },
            Self::Float(number) => out.put_f64(*number),
            Self::Bool(value) => out.put_u8(u8::from(*value)),
            Self::Time(millis) => {
                let micros = millis.saturating_sub(EPOCH).saturating_mul(1000);
                out.put_i64(micros);
            }
            Self::Texts(texts) => {
                return match ty.kind() {
                    Kind::Array(member) if *member == Type::INT4 => texts
                        .iter()
                        .filter_map(|text| text.parse().ok())
                        .collect::<Vec<i32>>()
                        .to_sql(ty, out),
                    Kind::Array(member) if *member == Type::INT8 => texts
                        .iter()
                        .filter_map(|text| text.parse().ok())
                        .collect::<Vec<i64>>()
                        .to_sql(ty, out),
                    _ => texts.to_sql(ty, out),
                };
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A cell as it came.
struct Cell<'a> {
    ty: Type,
    bytes: &'a [u8],
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, bytes: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self { ty: ty.clone(), bytes })
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Appends the row of `table` that begins with column `from` of `row` as a JSON object, and whether there is one: after
/// an outer join there may be none. The columns are the table's; of a row that is `cut` lists and documents are not told.
pub(super) fn append_object(
    out: &mut String,
    row: &Row,
    from: usize,
    table: &Schema,
    is_cut: bool,
) -> Result<bool, StoreError> {
    let key = table.columns.iter().position(|column| table.key.contains(&column.name)).unwrap_or_default();
    if cell(row, from + key)?.is_none() {
        return Ok(false);
    }
    let mut open = '{';
    let is_told = |column: &Column| !is_cut || !column.is_document();
    for (index, column) in table.columns.iter().enumerate().filter(|(_, column)| is_told(column)) {
        out.push(open);
        open = ',';
        out.push('"');
        out.push_str(column.name);
        out.push_str("\":");
        match cell(row, from + index)? {
            Some(cell) => append_cell(out, &cell, column).ok_or_else(|| damaged(column.name))?,
            // LiteLLM's lists may be null and mean the empty one
            None if column.kind == ColumnType::TextList => out.push_str("[]"),
            None => out.push_str("null"),
        }
    }
    out.push_str(if is_cut { ",\"cut\":true}" } else { "}" });
    Ok(true)
}

fn cell(row: &Row, index: usize) -> Result<Option<Cell<'_>>, StoreError> {
    Ok(row.try_get::<_, Option<Cell<'_>>>(index)?)
}

fn damaged(column: &str) -> StoreError {
    StoreError::Away(format!("column `{column}` holds something else"))
}

fn append_cell(out: &mut String, cell: &Cell<'_>, column: &Column) -> Option<()> {
    match column.kind {
        ColumnType::Text => write_str(out, std::str::from_utf8(cell.bytes).ok()?),
        ColumnType::Json => {
            let text = if cell.ty == Type::JSONB { cell.bytes.split_first()?.1 } else { cell.bytes };
            compact(out, std::str::from_utf8(text).ok()?);
        }
        ColumnType::TextList => {
            let items = Vec::<Option<&str>>::from_sql(&cell.ty, cell.bytes).ok()?;
            out.push('[');
            // a list of nothing but nulls is not the empty one, which opens everything
            for (index, item) in items.into_iter().map(Option::unwrap_or_default).enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_str(out, item);
            }
            out.push(']');
        }
        ColumnType::Bool => out.push_str(if *cell.bytes.first()? == 0 { "false" } else { "true" }),
        ColumnType::Int4 | ColumnType::Int8 => write!(out, "{}", number(cell.bytes)?).ok()?,
        ColumnType::Time => {
            let millis = number(cell.bytes)?.div_euclid(1000).saturating_add(EPOCH);
            write!(out, "{}", millis.min(LAST_MOMENT)).ok()?;
        }
        ColumnType::Float => append_float(out, cell.bytes)?,
    }
    Some(())
}

/// A finite number as JSON. LiteLLM stored what it was sent: no spending exceeds `NaN` or `Infinity`, which is what an
/// absent budget means, while a row with `-Infinity` is damaged.
fn append_float(out: &mut String, bytes: &[u8]) -> Option<()> {
    let number = match bytes.len() {
        4 => f32::from_be_bytes(bytes.try_into().ok()?).into(),
        _ => f64::from_be_bytes(bytes.try_into().ok()?),
    };
    if number == f64::NEG_INFINITY {
        out.push_str("\"-Infinity\"");
    } else {
        out.push_str(&serde_json::to_string(&number).ok()?);
    }
    Some(())
}

/// A whole number of any width.
fn number(bytes: &[u8]) -> Option<i64> {
    Some(match bytes.len() {
        2 => i16::from_be_bytes(bytes.try_into().ok()?).into(),
        4 => i32::from_be_bytes(bytes.try_into().ok()?).into(),
        _ => i64::from_be_bytes(bytes.try_into().ok()?),
    })
}

/// Appends a JSON document without the spaces that `jsonb` puts between its parts, so that it is as the module writes it.
fn compact(out: &mut String, text: &str) {
    let (mut from, mut in_string, mut escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b' ' | b'\n' | b'\r' | b'\t' if !in_string => {
                out.push_str(text.get(from..at).unwrap_or_default());
                from = at + 1;
            }
            _ => {}
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compacted(text: &str) -> String {
        let mut out = String::new();
        compact(&mut out, text);
        out
    }

    #[test]
    fn spaces_go_between_the_parts_of_a_document_and_stay_within_its_texts() {
        assert_eq!(compacted(r#"{"a b": [1, "c: \", d"], "é": {}}"#), r#"{"a b":[1,"c: \", d"],"é":{}}"#);
        assert_eq!(compacted(r#""\\" "#), r#""\\""#);
        assert_eq!(compacted(""), "");
    }

    #[test]
    fn text_with_nul_equals_nothing() {
        assert_eq!(Value::wanted("a\0"), Value::Null);
        assert_eq!(Value::any_of(&["a\0".to_owned(), "b".to_owned()]), Value::Texts(vec!["b".to_owned()]));
    }

    #[test]
    fn a_budget_that_no_spending_exceeds_is_none() {
        let shown = |number: f64| {
            let mut out = String::new();
            append_float(&mut out, &number.to_be_bytes()).map(|()| out)
        };
        assert_eq!(shown(f64::NAN).as_deref(), Some("null"));
        assert_eq!(shown(f64::INFINITY).as_deref(), Some("null"));
        assert_eq!(shown(f64::NEG_INFINITY).as_deref(), Some("\"-Infinity\""));
        assert_eq!(shown(0.1 + 0.2).as_deref(), Some("0.30000000000000004"));
    }
}
