//! What a migration would lose: values in columns that the rules do not know, or that the target does not have.

use crate::store::survey::survey;
use crate::store::values::{Held, values, with_rows};
use crate::store::{Database, StoreError};

/// Refuses to lose values but those of the places in `without`, `table.column` or `table`.
pub(super) async fn none(from: &Database, to: &Database, without: &[String]) -> Result<(), String> {
    let lost =
        lost(from, to).await.map_err(|error| format!("the database `{from}` cannot be read: {error}"))?;
    let lost: Vec<Held> = lost.into_iter().filter(|(place, _)| !without.contains(place)).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let counts: Vec<String> = lost.iter().map(|(place, rows)| format!("`{place}` in {rows} rows")).collect();
    let names: Vec<&str> = lost.iter().map(|(place, _)| place.as_str()).collect();
    Err(format!(
        "values would be lost, because `{to}` has no room for them: {}; nothing was changed, and what you do not need you \
         leave behind with `--without {}`",
        counts.join(", "),
        names.join(",")
    ))
}

/// The tables of `from` with rows that no rule reads and that stay behind, as far as this user may look.
pub(super) async fn left_behind(from: &Database) -> Result<Vec<String>, StoreError> {
    with_rows(from, &survey(from).await?.foreign).await
}

async fn lost(from: &Database, to: &Database) -> Result<Vec<Held>, StoreError> {
    let mut places = survey(from).await?.unknown;
    // a file gets all tables and columns
    if let Database::Server(_) = to {
        places.extend(survey(to).await?.lacking.names().iter().cloned());
    }
    values(from, &places).await
}
