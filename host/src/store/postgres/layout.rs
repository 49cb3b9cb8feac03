//! Which of core's optional tables and columns a database has, and statements that do without the others.
//!
//! Reads see each table as core states it: a missing column has its default, a missing table has
//! no rows. Writes leave out what is missing, unless they bring a value that would be lost.

use super::caller::caller_sql;
use super::sql::{Sql, columns};
use crate::store::{StoreError, counting};
use latchkey_contract::json::JsonText;
use latchkey_contract::tables::{Cells, Column, ColumnType, Lacking, SCHEMAS, Schema};
use latchkey_contract::wire::{Guard, Note, Write};
use std::borrow::Cow;

/// Writes and guards that a database has the tables and columns for.
type Fitting<'w> = (Cow<'w, [Write]>, Cow<'w, [Guard]>);

/// The tables of one database as they are read and written.
#[derive(Debug)]
pub(super) struct Layout {
    lacking: Lacking,
    /// What follows `FROM` for each of core's tables, in their order.
    sources: Vec<String>,
    /// The statement that reads a caller, up to the token.
    pub(super) caller: String,
}

impl Layout {
    /// The layout of a database that lacks this.
    pub(super) fn new(lacking: Lacking) -> Self {
        let sources = SCHEMAS.iter().map(|table| source(table, &lacking)).collect();
        let mut layout = Self { lacking, sources, caller: String::new() };
        layout.caller = caller_sql(&|table| layout.source(table).to_owned());
        layout
    }

    /// What the database lacks.
    pub(super) fn lacking(&self) -> &Lacking {
        &self.lacking
    }

    /// What follows `FROM` to read `table`, before its name in the statement.
    pub(super) fn source(&self, table: &Schema) -> &str {
        let at = SCHEMAS.iter().position(|schema| schema.name == table.name);
        at.and_then(|at| self.sources.get(at)).map_or("", String::as_str)
    }

    /// `SELECT`, all columns, and the table as `r`.
    pub(super) fn select(&self, table: &Schema) -> Sql {
        Sql::new(format!("SELECT {} FROM {} AS r", columns("r", table), self.source(table)))
    }

    /// `SELECT`, the number of rows, and the table as `r`.
    pub(super) fn count(&self, table: &Schema) -> Sql {
        Sql::new(format!("SELECT count(*) FROM {} AS r", self.source(table)))
    }

    /// The writes and guards without what is missing.
    pub(super) fn fit<'w>(
        &self,
        writes: &'w [Write],
        guards: &'w [Guard],
    ) -> Result<Fitting<'w>, StoreError> {
        if self.lacking.names().is_empty() {
            return Ok((writes.into(), guards.into()));
        }
        let writes = writes.iter().filter_map(|write| self.fit_write(write).transpose());
        // nothing is in a table that is missing
        let about = |guard: &&Guard| !matches!(guard, Guard::Absent { table, .. } if self.is_missing(table));
        let guards = guards.iter().filter(about).map(|guard| self.fit_guard(guard));
        Ok((writes.collect::<Result<Vec<_>, _>>()?.into(), guards.collect::<Result<Vec<_>, _>>()?.into()))
    }

    /// A guard without the columns that are missing: every row was told their defaults.
    fn fit_guard(&self, guard: &Guard) -> Result<Guard, StoreError> {
        let Guard::Same { table, key, row, counters } = guard else { return Ok(guard.clone()) };
        let mut told = String::new();
        let cells = counting(row)?;
        let there = cells.iter().filter(|(name, _)| !self.lacks(table, name));
        there.map(|(name, cell)| (name.clone(), cell.clone())).collect::<Cells>().write(&mut told);
        let row = JsonText::parse(told).map_err(|error| StoreError::Unknown(error.to_string()))?;
        Ok(Guard::Same { table: table.clone(), key: key.clone(), row, counters: *counters })
    }

    fn fit_note(&self, table: &str, noted: Option<&Note>) -> Option<Note> {
        let mut note = noted.cloned()?;
        note.shown.retain(|name| !self.lacks(table, name));
        Some(note)
    }

    fn lacks(&self, table: &str, column: &str) -> bool {
        let schema = SCHEMAS.iter().find(|schema| schema.name == table);
        schema.is_some_and(|schema| self.lacking.lacks_column(schema, column))
    }

    fn fit_write(&self, write: &Write) -> Result<Option<Write>, StoreError> {
        Ok(Some(match write {
            Write::Insert { table, row, like } => {
                if self.is_missing(table) {
                    return Err(StoreError::Unknown(format!("table `{table}`")));
                }
                Write::Insert { table: table.clone(), row: self.fit_cells(table, row)?, like: like.clone() }
            }
            Write::Update { table, key, set } => {
                let set = self.fit_cells(table, set)?;
                if set.is_empty() {
                    return Ok(None);
                }
                Write::Update { table: table.clone(), key: key.clone(), set }
            }
            Write::Copy { table, into, .. } if self.is_missing(table) || self.is_missing(into) => {
                return Ok(None);
            }
            Write::Copy { table, rows, into, id, columns, set } => Write::Copy {
                table: table.clone(),
                rows: rows.clone(),
                into: into.clone(),
                id: id.clone(),
                columns: columns
                    .iter()
                    .filter(|name| !self.lacks(table, name) && !self.lacks(into, name))
                    .cloned()
                    .collect(),
                set: set
                    .iter()
                    .filter(|(name, _)| !self.lacks(into, name))
                    .map(|(name, cell)| (name.clone(), cell.clone()))
                    .collect(),
            },
            Write::Change { table, .. } | Write::Delete { table, .. } if self.is_missing(table) => {
                return Ok(None);
            }
            Write::Change { table, rows, set, take, noted } => Write::Change {
                table: table.clone(),
                rows: rows.clone(),
                set: self.fit_cells(table, set)?,
                take: take.clone(),
                noted: self.fit_note(table, noted.as_ref()),
            },
            Write::Delete { table, rows, noted } => Write::Delete {
                table: table.clone(),
                rows: rows.clone(),
                noted: self.fit_note(table, noted.as_ref()),
            },
        }))
    }

    fn is_missing(&self, table: &str) -> bool {
        self.lacking.names().iter().any(|name| name == table)
    }

    fn fit_cells(&self, table: &str, cells: &Cells) -> Result<Cells, StoreError> {
        let Some(schema) = SCHEMAS.iter().find(|schema| schema.name == table) else {
            return Ok(cells.clone());
        };
        let mut out = Cells::new();
        for (name, cell) in cells.iter() {
            match schema.column(name).filter(|column| self.lacking.lacks_column(schema, column.name)) {
                None => out.insert(name.clone(), cell.clone()),
                Some(_) if is_empty(cell) => {}
                Some(column) => {
                    return Err(StoreError::Unknown(format!("column `{}` in `{table}`", column.name)));
                }
            }
        }
        Ok(out)
    }
}

/// Whether a cell says no more than a column that is not there.
fn is_empty(cell: &JsonText) -> bool {
    matches!(cell.as_str(), "null" | "[]" | "{}" | "false" | "0" | "0.0" | "\"\"")
}

/// The table, or what looks like it.
fn source(table: &Schema, lacking: &Lacking) -> String {
    if lacking.lacks_table(table) {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| format!("NULL::{} AS \"{}\"", sql_type(column.kind), column.name))
            .collect();
        return format!("(SELECT {} WHERE false)", columns.join(", "));
    }
    if !table.columns.iter().any(|column| lacking.lacks_column(table, column.name)) {
        return format!("\"{}\"", table.name);
    }
    let column = |column: &Column| match lacking.lacks_column(table, column.name) {
        true => format!("{} AS \"{}\"", default(column), column.name),
        false => format!("t.\"{}\"", column.name),
    };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    format!("(SELECT {} FROM \"{}\" AS t)", columns.join(", "), table.name)
}

/// The value of a column that is missing.
fn default(column: &Column) -> String {
    let value = match column.kind {
        _ if column.nullable => "NULL",
        ColumnType::Text => "''",
        ColumnType::Int4 | ColumnType::Int8 | ColumnType::Float => "0",
        ColumnType::Bool => "false",
        ColumnType::Time => "'1970-01-01'",
        ColumnType::Json | ColumnType::TextList => "'{}'",
    };
    format!("{value}::{}", sql_type(column.kind))
}

pub(super) const fn sql_type(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "text",
        ColumnType::Int4 => "int4",
        ColumnType::Int8 => "int8",
        ColumnType::Float => "float8",
        ColumnType::Bool => "bool",
        ColumnType::Time => "timestamp(3)",
        ColumnType::Json => "jsonb",
        ColumnType::TextList => "text[]",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::{Project, Table, VirtualKey};
    use latchkey_contract::wire::insert;

    fn layout(names: &[&str]) -> Layout {
        Layout::new(Lacking::named(names.iter().map(|name| (*name).to_owned()).collect()).unwrap())
    }

    #[test]
    fn a_table_is_read_as_it_is_where_nothing_is_missing() {
        let whole = layout(&["LiteLLM_ProjectTable"]);
        assert_eq!(whole.source(&VirtualKey::SCHEMA), "\"LiteLLM_VerificationToken\"");
        assert!(whole.source(&Project::SCHEMA).ends_with("WHERE false)"));
        assert!(!layout(&["LiteLLM_ProjectTable"]).caller.contains("\"LiteLLM_ProjectTable\""));
    }

    #[test]
    fn a_write_leaves_out_a_column_that_is_missing_and_loses_no_value() {
        let layout = layout(&["LiteLLM_VerificationToken.allowed_routes"]);
        let key = VirtualKey { token: "t".to_owned(), ..VirtualKey::default() };
        let (writes, ()) =
            layout.fit(&[insert(&key)], &[]).map(|(writes, _)| (writes.into_owned(), ())).unwrap();
        let [Write::Insert { row, .. }] = writes.as_slice() else { panic!("{writes:?}") };
        assert!(row.get("allowed_routes").is_none() && row.get("project_id").is_some());
        let restricted = VirtualKey { allowed_routes: vec!["/a".to_owned()], ..key };
        assert!(layout.fit(&[insert(&restricted)], &[]).is_err());
    }
}
