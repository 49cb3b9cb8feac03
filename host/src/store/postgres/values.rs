//! How many rows of a database hold a value in a column.

use super::address::Address;
use super::schema::quoted;
use super::session;
use crate::store::StoreError;
use crate::store::values::{Held, NOTHING, parts};

/// The number of such rows for each place that exists.
pub(in crate::store) async fn values(address: &Address, places: &[String]) -> Result<Vec<Held>, StoreError> {
    let client = session::at_once(address).await?;
    client.batch_execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let mut out = Vec::new();
    for place in places {
        let (table, column) = parts(place);
        let exists = "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 \
                      AND NOT attisdropped AND ($2::text IS NULL OR attname = $2))";
        if !client.query_one(exists, &[&quoted(table), &column]).await?.get::<_, bool>(0) {
            continue;
        }
        let condition = column.map(quoted).map_or_else(
            || "true".to_owned(),
            |column| format!("{column} IS NOT NULL AND {column}::text NOT IN {NOTHING}"),
        );
        let sql = format!("SELECT count(*) FROM {} WHERE {condition}", quoted(table));
        let rows: i64 = client.query_one(&sql, &[]).await?.get(0);
        out.push((place.clone(), rows.unsigned_abs()));
    }
    Ok(out)
}
