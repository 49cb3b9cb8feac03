//! Rows of SQLite as JSON text, and JSON cells as values of SQLite.

use crate::store::StoreError;
use latchkey_contract::json::{JsonText, write_str};
use latchkey_contract::tables::{Column, ColumnType, Lacking, SCHEMAS, Schema};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{CachedStatement, Connection, Params, Row};
use std::fmt::Write;
use std::sync::LazyLock;

/// `SELECT` and all columns of a table, for each of core's tables in their order.
static SELECTS: LazyLock<Vec<String>> =
    LazyLock::new(|| SCHEMAS.iter().map(|schema| all_columns(schema, &Lacking::default())).collect());

/// `SELECT` and all columns of a table; where one is missing its default stands.
fn all_columns(schema: &Schema, lacking: &Lacking) -> String {
    let column = |column: &Column| match lacking.lacks_column(schema, column.name) {
        true => format!("{} AS \"{}\"", default(column), column.name),
        false => format!("\"{}\"", column.name),
    };
    let columns: Vec<String> = schema.columns.iter().map(column).collect();
    format!("SELECT {} FROM \"{}\"", columns.join(", "), schema.name)
}

const fn default(column: &Column) -> &'static str {
    match column.kind {
        _ if column.nullable => "NULL",
        ColumnType::Text => "''",
        ColumnType::Int4 | ColumnType::Int8 | ColumnType::Bool | ColumnType::Time => "0",
        ColumnType::Float => "0.0",
        ColumnType::Json => "'{}'",
        ColumnType::TextList => "'[]'",
    }
}

/// The statement that selects the rows of `table` under `condition` from a file that lacks some of the columns.
pub(super) fn select_from<'c>(
    connection: &'c Connection,
    lacking: &Lacking,
    table: &'static Schema,
    condition: &str,
) -> Result<CachedStatement<'c>, StoreError> {
    Ok(connection.prepare_cached(&format!("{} {condition}", all_columns(table, lacking)))?)
}

/// The statement that selects the rows of `table` under `condition`.
pub(super) fn select<'c>(
    connection: &'c Connection,
    table: &'static Schema,
    condition: &str,
) -> Result<CachedStatement<'c>, StoreError> {
    let at = SCHEMAS.iter().position(|schema| schema.name == table.name);
    let select = at.and_then(|at| SELECTS.get(at)).map_or("", String::as_str);
    Ok(connection.prepare_cached(&format!("{select} {condition}"))?)
}

/// The statement that selects the rows of `table` without their lists and documents.
pub(super) fn select_brief<'c>(
    connection: &'c Connection,
    table: &'static Schema,
    condition: &str,
) -> Result<CachedStatement<'c>, StoreError> {
    let cell = |column: &Column| match column.is_document() {
        true => "NULL".to_owned(),
        false => format!("\"{}\"", column.name),
    };
    let cells: Vec<String> = table.columns.iter().map(cell).collect();
    let sql = format!("SELECT {} FROM \"{}\" {condition}", cells.join(", "), table.name);
    Ok(connection.prepare_cached(&sql)?)
}

/// The statement that selects rows of `table` with their lists and documents as far as they have room in so many bytes: no
/// row's take more than a quarter. `page` is what follows the table's name, `order` its order. How long a document is SQLite
/// knows without reading it, unless a window function stands beside it.
pub(super) fn select_within<'c>(
    connection: &'c Connection,
    table: &'static Schema,
    page: &str,
    order: &str,
    bytes: u64,
) -> Result<CachedStatement<'c>, StoreError> {
    let (name, most) = (table.name, bytes / 4);
    let list = |columns: &mut dyn Iterator<Item = String>| columns.collect::<Vec<_>>().join(", ");
    let quoted = |column: &Column| format!("\"{}\"", column.name);
    let small = list(&mut table.columns.iter().filter(|column| !column.is_document()).map(quoted));
    let documents = table.columns.iter().filter(|column| column.is_document());
    let sizes: Vec<String> =
        documents.map(|column| format!("ifnull(octet_length(\"{}\"), 0)", column.name)).collect();
    let size = sizes.join(" + ");
    let cells = list(&mut table.columns.iter().map(|column| match column.is_document() {
        true => format!("iif(\"cut\", NULL, \"{name}\".\"{}\")", column.name),
        false => format!("sized.\"{}\"", column.name),
    }));
    Ok(connection.prepare_cached(&format!(
        "WITH page AS (SELECT rowid AS \"rowid\", {small}, {size} AS \"size\" \
         FROM \"{name}\" WHERE rowid IN (SELECT rowid FROM \"{name}\" {page})), \
         sized AS (SELECT *, row_number() OVER ({order}) AS \"place\", \
         \"size\" > {most} OR sum(iif(\"size\" <= {most}, \"size\", 0)) OVER ({order} ROWS UNBOUNDED PRECEDING) > {bytes} \
         AS \"cut\" FROM page) \
         SELECT {cells}, \"cut\" FROM sized JOIN \"{name}\" ON \"{name}\".rowid = sized.\"rowid\" ORDER BY \"place\""
    ))?)
}

/// All rows of a statement of [`select`], as a JSON array.
pub(super) fn array(
    statement: CachedStatement<'_>,
    table: &'static Schema,
    parameters: impl Params,
) -> Result<String, StoreError> {
    list(statement, parameters, |out, row| append_object(out, row, table))
}

/// All rows of a statement of [`select_brief`].
pub(super) fn array_brief(
    statement: CachedStatement<'_>,
    table: &'static Schema,
    parameters: impl Params,
) -> Result<String, StoreError> {
    list(statement, parameters, |out, row| append_cut(out, row, table))
}

/// All rows of a statement of [`select_within`].
pub(super) fn array_within(
    statement: CachedStatement<'_>,
    table: &'static Schema,
    parameters: impl Params,
) -> Result<String, StoreError> {
    list(statement, parameters, |out, row| match row.get(table.columns.len())? {
        true => append_cut(out, row, table),
        false => append_object(out, row, table),
    })
}

fn list(
    mut statement: CachedStatement<'_>,
    parameters: impl Params,
    mut append: impl FnMut(&mut String, &Row<'_>) -> Result<(), StoreError>,
) -> Result<String, StoreError> {
    let mut out = String::from("[");
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        if out.len() > 1 {
            out.push(',');
        }
        append(&mut out, row)?;
    }
    out.push(']');
    Ok(out)
}

/// Appends one row of a statement of [`select`] as a JSON object.
pub(super) fn append_object(
    out: &mut String,
    row: &Row<'_>,
    table: &'static Schema,
) -> Result<(), StoreError> {
    append_members(out, row, table, |_| true)?;
    out.push('}');
    Ok(())
}

fn append_cut(out: &mut String, row: &Row<'_>, table: &'static Schema) -> Result<(), StoreError> {
    append_members(out, row, table, |column| !column.is_document())?;
    out.push_str(",\"cut\":true}");
    Ok(())
}

fn append_members(
    out: &mut String,
    row: &Row<'_>,
    table: &'static Schema,
    is_told: impl Fn(&Column) -> bool,
) -> Result<(), StoreError> {
    let mut open = '{';
    for (index, column) in table.columns.iter().enumerate().filter(|(_, column)| is_told(column)) {
        out.push(open);
        open = ',';
        out.push('"');
        out.push_str(column.name);
        out.push_str("\":");
        append_cell(out, row.get_ref(index)?, column)?;
    }
    Ok(())
}

fn append_cell(out: &mut String, value: ValueRef<'_>, column: &Column) -> Result<(), StoreError> {
    let damaged = || StoreError::Away(format!("column `{}` holds something else", column.name));
    match (value, column.kind) {
        (ValueRef::Null, _) => out.push_str("null"),
        (ValueRef::Text(text), ColumnType::Text) => {
            write_str(out, std::str::from_utf8(text).map_err(|_| damaged())?)
        }
        (ValueRef::Text(text), ColumnType::Json | ColumnType::TextList) => {
            out.push_str(std::str::from_utf8(text).map_err(|_| damaged())?);
        }
        (ValueRef::Integer(number), ColumnType::Bool) => {
            out.push_str(if number == 0 { "false" } else { "true" })
        }
        (ValueRef::Integer(number), ColumnType::Int4 | ColumnType::Int8 | ColumnType::Time) => {
            write!(out, "{number}").map_err(|_| damaged())?;
        }
        (ValueRef::Real(number), ColumnType::Float) => {
            out.push_str(&serde_json::to_string(&number).map_err(|_| damaged())?);
        }
        _ => return Err(damaged()),
    }
    Ok(())
}

/// What SQLite stores for a cell.
pub(super) fn value(cell: &JsonText, column: &Column) -> Result<Value, StoreError> {
    let text = cell.as_str();
    let unfit = || StoreError::Unknown(format!("room for such a value in column `{}`", column.name));
    if text == "null" && (column.nullable || column.kind != ColumnType::Json) {
        return Ok(Value::Null);
    }
    Ok(match column.kind {
        ColumnType::Text => Value::Text(serde_json::from_str(text).map_err(|_| unfit())?),
        ColumnType::Json | ColumnType::TextList => Value::Text(text.to_owned()),
        ColumnType::Int4 | ColumnType::Int8 | ColumnType::Time => {
            Value::Integer(text.parse().map_err(|_| unfit())?)
        }
        ColumnType::Float => Value::Real(text.parse().map_err(|_| unfit())?),
        ColumnType::Bool => Value::Integer(i64::from(text == "true")),
    })
}

/// What SQLite compares with for a value that the module gives as text.
pub(super) fn wanted(text: &str, column: &Column) -> Value {
    match (column.kind, text.parse()) {
        (ColumnType::Int4 | ColumnType::Int8 | ColumnType::Time, Ok(number)) => Value::Integer(number),
        _ => Value::Text(text.to_owned()),
    }
}
