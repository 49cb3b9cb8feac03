//! What a file is made of.

use super::{connect_to_read, privacy, schema};
use crate::store::StoreError;
use crate::store::survey::{Missing, Survey, is_bookkeeping};
use latchkey_contract::tables::SCHEMAS;
use rusqlite::Connection;
use std::path::Path;

/// Looks at the file at `path`, which is not made if it is missing.
pub(in crate::store) fn survey(path: &Path) -> Result<Survey, StoreError> {
    let connection = connect_to_read(path)?;
    let mut out = Survey { engine: format!("SQLite {} in a file", rusqlite::version()), ..Survey::default() };
    out.dangers.extend(privacy::dangers(path));
    if let Err(error) = std::fs::OpenOptions::new().append(true).open(path) {
        out.obstacles.push(format!("the file cannot be written: {error}"));
    }
    schema::version(&connection)?;
    let mut wanted = Connection::open_in_memory()?;
    schema::migrate(&mut wanted)?;
    out.lacking = schema::lacking(&connection)?;
    let there = objects(&connection)?;
    let wanted = objects(&wanted)?;
    let is_foreign = |name: &str| !wanted.iter().any(|(_, known, _)| known == name) && !is_bookkeeping(name);
    let tables = there.iter().filter(|(kind, name, _)| *kind == "table" && is_foreign(name));
    out.foreign.extend(tables.map(|(_, name, _)| name.clone()));
    for (kind, name, sql) in wanted {
        if !there.iter().any(|(of, found, _)| (*of, found) == (kind, &name)) {
            out.missing.push(Missing { kind, name, sql });
        }
    }
    let is_there = |name: &str| there.iter().any(|(_, found, _)| found == name);
    for table in SCHEMAS.iter().filter(|table| is_there(table.name)) {
        let found = schema::columns(&connection, table.name)?;
        let place = |column: &str| format!("{}.{column}", table.name);
        let needed = table.needed().map(|column| column.name).chain(["row_version"]);
        out.columns.extend(needed.filter(|name| !found.iter().any(|column| column == name)).map(place));
        let known = |name: &str| name == "row_version" || table.column(name).is_some();
        out.unknown.extend(found.iter().filter(|name| !known(name)).map(|name| place(name)));
    }
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        out.dangers.push(format!("the file is damaged: {said}"));
    }
    Ok(out)
}

/// Tables and indexes with the statements that make them; those that SQLite makes itself have none.
fn objects(connection: &Connection) -> Result<Vec<(&'static str, String, String)>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL ORDER BY rowid",
    )?;
    let rows = statement.query_map([], |row| {
        let kind: String = row.get(0)?;
        Ok((if kind == "table" { "table" } else { "index" }, row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
