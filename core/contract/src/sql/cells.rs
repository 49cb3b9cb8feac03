//! Cells of rows as values of statements.

use super::select::{listed, quoted};
use super::statement::{Parameter, Statement, Unknown, column};
use crate::json::{JsonText, Limits, Reader};
use crate::tables::{Cells, Column, ColumnType, Schema};

/// The columns of a row, and their values.
pub(super) fn cells(table: &'static Schema, row: &Cells) -> Result<(String, Statement), Unknown> {
    let mut names = Vec::with_capacity(row.len());
    let mut values = Vec::with_capacity(row.len());
    for (name, cell) in row.iter() {
        let column = column(table, name)?;
        names.push(quoted(column.name));
        values.push(Statement::value(stored(cell, column)?));
    }
    Ok((listed(names.into_iter()), Statement::joined(values, ", ")))
}

/// What SQLite stores for a cell.
pub(super) fn stored(cell: &JsonText, column: &Column) -> Result<Parameter, Unknown> {
    let text = cell.as_str();
    if text == "null" && (column.nullable || column.kind != ColumnType::Json) {
        return Ok(Parameter::Null);
    }
    let value = match column.kind {
        ColumnType::Text => {
            Reader::of_text(text, &Limits::STORED).string().ok().map(|text| Parameter::text(&text))
        }
        ColumnType::Json | ColumnType::TextList => Some(Parameter::text(text)),
        ColumnType::Int4 | ColumnType::Int8 | ColumnType::Time => text.parse().ok().map(Parameter::Integer),
        ColumnType::Float => text.parse().ok().map(Parameter::Float),
        ColumnType::Bool => Some(Parameter::Integer(i64::from(text == "true"))),
    };
    value.ok_or_else(|| Unknown(format!("room for such a value in column `{}`", column.name)))
}
