//! How many rows of a file hold a value in a column.

use super::{connect_to_read, schema};
use crate::store::StoreError;
use crate::store::values::{Held, nothing, parts};
use std::path::Path;

/// The number of such rows for each place that exists.
pub(in crate::store) fn values(path: &Path, places: &[String]) -> Result<Vec<Held>, StoreError> {
    let connection = connect_to_read(path)?;
    let mut out = Vec::new();
    for place in places {
        let (table, column) = parts(place);
        let found = schema::columns(&connection, table)?;
        let condition = match column {
            Some(column) if found.iter().any(|name| name == column) => {
                let sql =
                    "SELECT \"notnull\" OR dflt_value IS NOT NULL FROM pragma_table_info(?) WHERE name = ?";
                let must_be_written = connection.query_row(sql, [table, column], |row| row.get(0))?;
                let nothing = nothing(column, must_be_written);
                format!("\"{column}\" IS NOT NULL AND CAST(\"{column}\" AS TEXT) NOT IN {nothing}")
            }
            None if !found.is_empty() => "true".to_owned(),
            _ => continue,
        };
        let sql = format!("SELECT count(*) FROM \"{table}\" WHERE {condition}");
        let rows: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        out.push((place.clone(), rows.unsigned_abs()));
    }
    Ok(out)
}

/// Those of the tables that have rows.
pub(in crate::store) fn with_rows(path: &Path, tables: &[String]) -> Result<Vec<String>, StoreError> {
    let connection = connect_to_read(path)?;
    let mut out = Vec::new();
    for table in tables {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM \"{}\")", table.replace('"', "\"\""));
        if connection.query_row(&sql, [], |row| row.get(0))? {
            out.push(table.clone());
        }
    }
    Ok(out)
}
