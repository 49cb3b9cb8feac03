//! How many rows of a database hold a value in a column.

use super::address::Address;
use super::schema::quoted;
use super::session;
use crate::store::StoreError;
use crate::store::values::{Held, nothing, parts};

/// The number of such rows for each place that exists.
pub(in crate::store) async fn values(address: &Address, places: &[String]) -> Result<Vec<Held>, StoreError> {
    let client = session::at_once(address).await?;
    client.batch_execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let mut out = Vec::new();
    for place in places {
        let (table, column) = parts(place);
        // whether somebody has to write something there
        let found = "SELECT attnotnull OR atthasdef FROM pg_attribute WHERE attrelid = to_regclass($1) \
                     AND attnum > 0 AND NOT attisdropped AND ($2::text IS NULL OR attname = $2) LIMIT 1";
        let Some(found) = client.query_opt(found, &[&quoted(table), &column]).await? else { continue };
        let nothing = nothing(column.unwrap_or_default(), found.get(0));
        let condition = column.map(quoted).map_or_else(
            || "true".to_owned(),
            |column| format!("{column} IS NOT NULL AND {column}::text NOT IN {nothing}"),
        );
        let sql = format!("SELECT count(*) FROM {} WHERE {condition}", quoted(table));
        let rows: i64 = client.query_one(&sql, &[]).await?.get(0);
        out.push((place.clone(), rows.unsigned_abs()));
    }
    Ok(out)
}

/// Those of the tables that have rows. A table that this role may not read is left out.
pub(in crate::store) async fn with_rows(
    address: &Address,
    tables: &[String],
) -> Result<Vec<String>, StoreError> {
    let client = session::at_once(address).await?;
    let mut out = Vec::new();
    for table in tables {
        let table_name = quoted(table);
        let may = "SELECT coalesce(has_table_privilege(to_regclass($1), 'SELECT'), false)";
        if !client.query_one(may, &[&table_name]).await?.get::<_, bool>(0) {
            continue;
        }
        // a log of requests is too long to count
        let sql = format!("SELECT EXISTS (SELECT FROM {table_name})");
        if client.query_one(&sql, &[]).await?.get(0) {
            out.push(table.clone());
        }
    }
    Ok(out)
}
