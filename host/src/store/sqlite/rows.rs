//! Statements with their values, and rows of SQLite as JSON text.

use crate::store::StoreError;
use latchkey_contract::json::write_str;
use latchkey_contract::sql::{Parameter, Select, Statement};
use latchkey_contract::tables::{Column, ColumnType};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Params, Row, ToSql, params_from_iter};
use std::fmt::Write;

struct Bound<'a>(&'a Parameter);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Parameter::Null => ValueRef::Null,
            Parameter::Integer(number) => ValueRef::Integer(*number),
            Parameter::Float(number) => ValueRef::Real(*number),
            Parameter::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// The values of a statement.
pub(super) fn parameters(statement: &Statement) -> impl Params {
    params_from_iter(statement.parameters.iter().map(Bound))
}

/// All rows, as a JSON array.
pub(super) fn array(connection: &Connection, select: &Select) -> Result<String, StoreError> {
    let mut out = String::from("[");
    let mut statement = connection.prepare_cached(&select.statement.sql)?;
    let mut rows = statement.query(parameters(&select.statement))?;
    while let Some(row) = rows.next()? {
        if out.len() > 1 {
            out.push(',');
        }
        append(&mut out, row, select)?;
    }
    out.push(']');
    Ok(out)
}

/// The first row as a JSON object, if there is one.
pub(super) fn first(connection: &Connection, select: &Select) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached(&select.statement.sql)?;
    let mut rows = statement.query(parameters(&select.statement))?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let mut out = String::new();
    append(&mut out, row, select)?;
    Ok(Some(out))
}

fn append(out: &mut String, row: &Row<'_>, select: &Select) -> Result<(), StoreError> {
    let is_cut = select.may_be_cut && row.get(select.columns.len())?;
    let mut open = '{';
    for (index, column) in select.columns.iter().enumerate() {
        if is_cut && column.is_document() {
            continue;
        }
        out.push(open);
        open = ',';
        out.push('"');
        out.push_str(column.name);
        out.push_str("\":");
        append_cell(out, row.get_ref(index)?, column)?;
    }
    out.push_str(if is_cut { ",\"cut\":true}" } else { "}" });
    Ok(())
}

fn append_cell(out: &mut String, value: ValueRef<'_>, column: &Column) -> Result<(), StoreError> {
    let damaged = || StoreError::Away(format!("column `{}` holds something else", column.name));
    match (value, column.kind) {
        (ValueRef::Null, _) => out.push_str("null"),
        (ValueRef::Text(text), ColumnType::Text) => {
            write_str(out, std::str::from_utf8(text).map_err(|_| damaged())?);
        }
        (ValueRef::Text(text), ColumnType::Json | ColumnType::TextList) => {
            out.push_str(std::str::from_utf8(text).map_err(|_| damaged())?);
        }
        (ValueRef::Integer(number), ColumnType::Bool) => {
            out.push_str(if number == 0 { "false" } else { "true" });
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
