//! One state of a file.

use super::{connect_to_read, kept, rows, schema};
use crate::store::snapshot::{self, Snapshot};
use crate::store::{Pending, StoreError};
use latchkey_contract::sql::{Parameter, Select, Statement};
use latchkey_contract::tables::{Cells, Column, ColumnType, Lacking, Schema};
use rusqlite::{Connection, OptionalExtension};
use std::path::Path;

/// One state of a file, which is not made if it is missing.
#[derive(Debug)]
pub struct FileSnapshot {
    connection: Connection,
    lacking: Lacking,
    /// The row of the table that is read up to which it was read.
    after: i64,
}

impl FileSnapshot {
    /// The state of the file at `path`.
    pub(in crate::store) fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = connect_to_read(path)?;
        schema::version(&connection)?;
        connection.execute_batch("BEGIN")?;
        let lacking = schema::lacking(&connection)?;
        Ok(Self { connection, lacking, after: i64::MIN })
    }

    fn has(&self, table: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?";
        Ok(self.connection.prepare_cached(sql)?.exists([table])?)
    }

    fn next_rows(&mut self, table: &'static Schema, limit: usize) -> Result<Vec<Cells>, StoreError> {
        if !self.has(table.name)? {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT max(rowid) FROM (SELECT rowid FROM \"{}\" WHERE rowid > ? ORDER BY rowid LIMIT {limit})",
            table.name
        );
        let last = self.connection.prepare_cached(&sql)?.query_row([self.after], |row| row.get(0));
        let last: Option<i64> = last.optional()?.flatten();
        let Some(last) = last else {
            self.after = i64::MIN;
            return Ok(Vec::new());
        };
        let select = Select {
            statement: Statement {
                sql: format!(
                    "SELECT {} FROM \"{}\" WHERE rowid > ? AND rowid <= ? ORDER BY rowid",
                    columns(table, &self.lacking),
                    table.name
                ),
                parameters: [self.after, last].map(Parameter::Integer).into(),
            },
            columns: table.columns.iter().collect(),
            may_be_cut: false,
        };
        let found = snapshot::rows(&rows::array(&self.connection, &select)?)?;
        self.after = last;
        Ok(found)
    }
}

impl Snapshot for FileSnapshot {
    fn count<'a>(&'a mut self, table: &'static Schema) -> Pending<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            if !self.has(table.name)? {
                return Ok(0);
            }
            let sql = format!("SELECT count(*) FROM \"{}\"", table.name);
            let count: i64 = self.connection.query_row(&sql, [], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    fn next<'a>(
        &'a mut self,
        table: &'static Schema,
        limit: usize,
    ) -> Pending<'a, Result<Vec<Cells>, StoreError>> {
        Box::pin(async move { self.next_rows(table, limit) })
    }

    fn meta<'a>(&'a mut self, name: &'a str) -> Pending<'a, Result<Option<String>, StoreError>> {
        Box::pin(async move {
            match self.has("latchkey_meta")? {
                true => kept(&self.connection, name),
                false => Ok(None),
            }
        })
    }
}

/// All columns of a table; where one is missing its default stands.
fn columns(table: &Schema, lacking: &Lacking) -> String {
    let column = |column: &Column| match lacking.lacks_column(table, column.name) {
        true => format!("{} AS \"{}\"", default(column), column.name),
        false => format!("\"{}\"", column.name),
    };
    table.columns.iter().map(column).collect::<Vec<_>>().join(", ")
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
