//! Guards and writes of single rows.

use super::cells::{cells, stored};
use super::statement::{Action, Parameter, Piece, Statement, Unknown, among, column, fill, table};
use super::{sets, templates};
use crate::json::{Limits, Reader};
use crate::tables::{Cells, Column, Schema};
use crate::wire::{Guard, Write};
use Piece::{Name, Part, Value};

/// What makes sure that the guard holds.
pub fn guard(guard: &Guard) -> Result<Action, Unknown> {
    match guard {
        Guard::Absent { table: name, column, value, except } => {
            let table = table(name)?;
            let mut conditions = vec![among(table, column, std::slice::from_ref(value))?];
            if let Some(except) = except {
                let [key] = table.key else {
                    return Err(Unknown(format!("single primary key in `{}`", table.name)));
                };
                let pieces = [("column", Name(key)), ("value", Value(&Parameter::text(except)))];
                conditions.push(fill(templates::IS_NOT, &pieces));
            }
            Ok(Action::NotFound(exists(table, conditions)))
        }
        Guard::Present { table: name, key } => {
            let table = table(name)?;
            Ok(Action::Found(exists(table, by_key(table, key)?)))
        }
        Guard::Same { table: name, key, row, counters } => {
            let table = table(name)?;
            let mut conditions = by_key(table, key)?;
            let read = Cells::read(&mut Reader::of_text(row.as_str(), &Limits::STORED));
            let cells = read.map_err(|_| Unknown("guard that is no row".to_owned()))?;
            for (name, cell) in cells.iter() {
                let is_compared = |column: &&Column| *counters || !column.is_counter();
                let Some(column) = table.column(name).filter(is_compared) else { continue };
                let pieces = [("column", Name(column.name)), ("value", Value(&stored(cell, column)?))];
                conditions.push(fill(templates::SAME, &pieces));
            }
            Ok(Action::Found(exists(table, conditions)))
        }
    }
}

/// What makes the write.
pub fn write(write: &Write) -> Result<Vec<Action>, Unknown> {
    match write {
        // a database of SQLite has no columns that the rules do not know, so that a copy is a row like any other
        Write::Insert { table: name, row, like: _ } => {
            let table = table(name)?;
            let (columns, values) = cells(table, row)?;
            let pieces =
                [("table", Name(table.name)), ("columns", Name(&columns)), ("values", Part(&values))];
            Ok(vec![Action::Run(fill(templates::INSERT, &pieces))])
        }
        Write::Update { table: name, key, set } => {
            let table = table(name)?;
            let set = set.iter().map(|(name, cell)| {
                let column = column(table, name)?;
                let mut out = Statement::value(stored(cell, column)?);
                out.sql = format!("\"{}\" = ?", column.name);
                Ok(out)
            });
            let set = Statement::joined(set.collect::<Result<Vec<_>, _>>()?, ", ");
            let condition = Statement::joined(by_key(table, key)?, " AND ");
            let pieces = [("table", Name(table.name)), ("set", Part(&set)), ("condition", Part(&condition))];
            let update = fill(templates::UPDATE, &pieces);
            Ok(vec![Action::Found(exists(table, vec![condition])), Action::Run(update)])
        }
        Write::Change { table: name, rows, set, take, noted } => {
            sets::write(table(name)?, rows, Some((set, take.as_ref())), noted.as_ref())
        }
        Write::Copy { table: name, rows, into, id, columns, set } => {
            let copies = sets::Copies { into: table(into)?, id, columns, set };
            Ok(vec![Action::Run(sets::copy(table(name)?, rows, &copies)?)])
        }
        Write::Delete { table: name, rows, noted } => sets::write(table(name)?, rows, None, noted.as_ref()),
    }
}

fn exists(table: &Schema, conditions: Vec<Statement>) -> Statement {
    let condition = Statement::joined(conditions, " AND ");
    fill(templates::EXISTS, &[("table", Name(table.name)), ("condition", Part(&condition))])
}

fn by_key(table: &'static Schema, key: &[String]) -> Result<Vec<Statement>, Unknown> {
    if key.len() != table.key.len() {
        return Err(Unknown(format!("primary key of {} values in `{}`", key.len(), table.name)));
    }
    table.key.iter().zip(key).map(|(name, value)| among(table, name, std::slice::from_ref(value))).collect()
}
