//! One commit: guards, then writes.

use super::{rows, schema, sets};
use crate::store::{Commit, StoreError, counting};
use latchkey_contract::tables::{Cells, Schema};
use latchkey_contract::wire::{Guard, Write};
use rusqlite::types::Value;
use rusqlite::{Connection, ffi, params_from_iter};

/// Checks `guards` and makes `writes`, within a transaction of the caller's, who must undo what a refused commit did.
pub(super) fn apply(
    connection: &Connection,
    writes: &[Write],
    guards: &[Guard],
) -> Result<Commit, StoreError> {
    for guard in guards {
        if !holds(connection, guard)? {
            return Ok(Commit::Refused);
        }
    }
    for write in writes {
        match change(connection, write) {
            Ok(true) => {}
            Ok(false) => return Ok(Commit::Refused),
            Err(Change::Taken) => return Ok(Commit::Refused),
            Err(Change::Failed(error)) => return Err(error),
        }
    }
    Ok(Commit::Committed)
}

enum Change {
    /// A unique value is there already.
    Taken,
    Failed(StoreError),
}

impl From<StoreError> for Change {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<rusqlite::Error> for Change {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(
                ffi::Error {
                    extended_code: ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
                    ..
                },
                _,
            ) => Self::Taken,
            other => Self::Failed(other.into()),
        }
    }
}

fn holds(connection: &Connection, guard: &Guard) -> Result<bool, StoreError> {
    match guard {
        Guard::Absent { table, column, value, except } => {
            let table = schema::table(table)?;
            let column = schema::column(table, column)?;
            let mut sql =
                format!("SELECT 1 FROM \"{}\" WHERE {} = ?", table.name, schema::compared(table, column));
            let mut values = vec![rows::wanted(value, column)];
            if let Some(except) = except {
                let [key] = table.key else {
                    return Err(StoreError::Unknown(format!("single primary key in `{}`", table.name)));
                };
                sql.push_str(&format!(" AND \"{key}\" <> ?"));
                values.push(rows::wanted(except, schema::column(table, key)?));
            }
            sql.push_str(" LIMIT 1");
            Ok(!connection.prepare_cached(&sql)?.exists(params_from_iter(values))?)
        }
        Guard::Present { table, key } => is_there(connection, schema::table(table)?, key, &Cells::new()),
        Guard::Same { table, key, row } => is_there(connection, schema::table(table)?, key, &counting(row)?),
    }
}

/// Whether there is the row with this primary key, and the columns of `cells` are as these say.
fn is_there(
    connection: &Connection,
    table: &'static Schema,
    key: &[String],
    cells: &Cells,
) -> Result<bool, StoreError> {
    let (mut condition, mut values) = by_key(table, key)?;
    for (name, cell) in cells.iter() {
        let Some(column) = table.column(name).filter(|column| !column.is_counter()) else { continue };
        condition.push_str(&format!(" AND \"{}\" IS ?", column.name));
        values.push(rows::value(cell, column)?);
    }
    let sql = format!("SELECT 1 FROM \"{}\" WHERE {condition}", table.name);
    Ok(connection.prepare_cached(&sql)?.exists(params_from_iter(values))?)
}

/// Makes one change; `false` if the row to change is gone.
fn change(connection: &Connection, write: &Write) -> Result<bool, Change> {
    match write {
        // a file has no columns that the rules do not know, so that a copy is a row like any other
        Write::Insert { table, row, like: _ } => {
            let table = schema::table(table)?;
            let (names, values) = cells(table, row)?;
            let marks = vec!["?"; names.len()].join(", ");
            let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            let sql = format!("INSERT INTO \"{}\" ({}) VALUES ({marks})", table.name, names.join(", "));
            connection.prepare_cached(&sql)?.execute(params_from_iter(values))?;
            Ok(true)
        }
        Write::Update { table, key, set } => {
            let table = schema::table(table)?;
            let (names, mut values) = cells(table, set)?;
            let (condition, by) = by_key(table, key)?;
            values.extend(by);
            let set: Vec<String> = names.iter().map(|name| format!("\"{name}\" = ?")).collect();
            let set = set.join(", ");
            let sql = format!("UPDATE \"{}\" SET {set} WHERE {condition}", table.name);
            Ok(connection.prepare_cached(&sql)?.execute(params_from_iter(values))? > 0)
        }
        Write::Change { table, rows, set, take, noted } => {
            let set = Some((set, take.as_ref()));
            sets::write(connection, schema::table(table)?, rows, set, noted.as_ref())?;
            Ok(true)
        }
        Write::Delete { table, rows, noted } => {
            sets::write(connection, schema::table(table)?, rows, None, noted.as_ref())?;
            Ok(true)
        }
    }
}

/// The columns and values of `row`, columns in the table's order so that equal rows make equal statements.
fn cells(table: &'static Schema, row: &Cells) -> Result<(Vec<&'static str>, Vec<Value>), StoreError> {
    let mut names = Vec::with_capacity(row.len());
    let mut values = Vec::with_capacity(row.len());
    for (name, cell) in row.iter() {
        let column = schema::column(table, name)?;
        names.push(column.name);
        values.push(rows::value(cell, column)?);
    }
    Ok((names, values))
}

fn by_key(table: &'static Schema, key: &[String]) -> Result<(String, Vec<Value>), StoreError> {
    if key.len() != table.key.len() {
        return Err(StoreError::Unknown(format!("primary key of {} values in `{}`", key.len(), table.name)));
    }
    let mut parts = Vec::new();
    let mut values = Vec::new();
    for (name, value) in table.key.iter().zip(key) {
        let column = schema::column(table, name)?;
        parts.push(format!("\"{name}\" = ?"));
        values.push(rows::wanted(value, column));
    }
    Ok((parts.join(" AND "), values))
}
