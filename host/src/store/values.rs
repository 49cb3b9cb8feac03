//! How many rows hold a value in a column, for those that the rules do not know.

use super::{Database, StoreError, postgres, sqlite};

/// A column or a whole table, `table.column` or `table`, and how many rows hold something there.
pub type Held = (String, u64);

/// What a column holds that says no more than if it was not there.
pub(super) const NOTHING: &str = "('', '{}', '[]', '0', '0.0', 'false', 'null')";

/// The same of a column that is written on purpose only: there 0 is a limit, and an empty list allows nothing.
pub(super) const NOTHING_ON_PURPOSE: &str = "('', 'null')";

/// Those of `places` where there is something, in their order. What does not exist holds nothing.
pub async fn values(database: &Database, places: &[String]) -> Result<Vec<Held>, StoreError> {
    let counted = match database {
        Database::File(path) => sqlite::values(path, places)?,
        Database::Server(address) => postgres::values(address, places).await?,
    };
    Ok(counted.into_iter().filter(|(_, rows)| *rows > 0).collect())
}

/// Those of `tables` that have rows, as far as this user may look.
pub async fn with_rows(database: &Database, tables: &[String]) -> Result<Vec<String>, StoreError> {
    match database {
        Database::File(path) => sqlite::with_rows(path, tables),
        Database::Server(address) => postgres::with_rows(address, tables).await,
    }
}

/// Table and column of a place.
pub(super) fn parts(place: &str) -> (&str, Option<&str>) {
    place.split_once('.').map_or((place, None), |(table, column)| (table, Some(column)))
}
