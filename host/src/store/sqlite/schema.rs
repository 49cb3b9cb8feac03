//! The tables in SQLite, and the names that may stand in a statement: only those of core's tables.

use crate::store::StoreError;
use latchkey_core::tables::{Column, SCHEMAS, Schema};
use rusqlite::Connection;

/// The files that make the tables; the edge uses the same.
const FILES: &[&str] = &[
    include_str!("../../../sql/sqlite/key.sql"),
    include_str!("../../../sql/sqlite/user.sql"),
    include_str!("../../../sql/sqlite/team.sql"),
    include_str!("../../../sql/sqlite/budget.sql"),
    include_str!("../../../sql/sqlite/audit.sql"),
    include_str!("../../../sql/sqlite/latchkey.sql"),
];

/// What the host's store keeps besides.
const COUNTS: &str = include_str!("../../../sql/counts.sql");

/// Makes what is missing.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    FILES.iter().chain([&COUNTS]).try_for_each(|file| connection.execute_batch(file))
}

/// The table called `name`.
pub(super) fn table(name: &str) -> Result<&'static Schema, StoreError> {
    let found = SCHEMAS.iter().find(|schema| schema.name == name);
    found.ok_or_else(|| StoreError::Unknown(format!("table `{name}`")))
}

/// The column of `table` called `name`.
pub(super) fn column(table: &'static Schema, name: &str) -> Result<&'static Column, StoreError> {
    table.column(name).ok_or_else(|| StoreError::Unknown(format!("column `{name}` in `{}`", table.name)))
}

/// A column as texts are compared with it.
pub(super) fn compared(table: &Schema, column: &Column) -> String {
    let collation = if table.is_caseless(column.name) { " COLLATE NOCASE" } else { "" };
    format!("\"{}\"{collation}", column.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_core::tables::ColumnType;

    #[test]
    fn the_sql_files_make_exactly_the_tables_of_core() {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        for schema in SCHEMAS {
            let mut wanted: Vec<_> = schema
                .columns
                .iter()
                .map(|column| {
                    let kind = match column.kind {
                        ColumnType::Text | ColumnType::Json | ColumnType::TextList => "TEXT",
                        ColumnType::Int4 | ColumnType::Int8 | ColumnType::Time | ColumnType::Bool => {
                            "INTEGER"
                        }
                        ColumnType::Float => "REAL",
                    };
                    let place =
                        schema.key.iter().position(|key| *key == column.name).map_or(0, |at| at as i64 + 1);
                    (column.name.to_owned(), kind.to_owned(), !column.nullable, place)
                })
                .collect();
            wanted.push(("row_version".to_owned(), "INTEGER".to_owned(), true, 0));
            let mut statement =
                connection.prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_info(?)").unwrap();
            let found = statement
                .query_map([schema.name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .unwrap();
            assert_eq!(found.map(Result::unwrap).collect::<Vec<_>>(), wanted, "{}", schema.name);
        }
    }

    #[test]
    fn every_column_that_is_looked_up_has_an_index() {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        for schema in SCHEMAS {
            for name in schema.indexed.iter().chain(&schema.key[..1]) {
                let plan: String = connection
                    .query_row(
                        &format!("EXPLAIN QUERY PLAN SELECT 1 FROM \"{}\" WHERE \"{name}\" = ?", schema.name),
                        ["x"],
                        |row| row.get(3),
                    )
                    .unwrap();
                assert!(plan.starts_with("SEARCH"), "{}.{name}: {plan}", schema.name);
            }
        }
    }
}
