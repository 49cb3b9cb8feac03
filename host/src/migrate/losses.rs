//! What a migration would lose: values in columns that the rules do not know, or that the target does not have.

use crate::store::engines::{survey, values, with_rows};
use crate::store::values::Held;
use crate::store::{Database, StoreError};
use latchkey_contract::tables::NOTES;

/// What the target has no place for, `table.column` or `table`. Refuses to lose values but notes and those of the places in
/// `without`.
pub(super) async fn none(from: &Database, to: &Database, without: &[String]) -> Result<Vec<String>, String> {
    let of_source = |error| format!("the database `{from}` cannot be read: {error}");
    let of_target = |error| format!("the database `{to}` cannot be used: {error}");
    let lacking = match to {
        Database::Server(_) => survey(to).await.map_err(of_target)?.lacking.names().to_vec(),
        // a file gets all tables and columns
        Database::File(_) => Vec::new(),
    };
    let lost = lost(from, &lacking).await.map_err(of_source)?;
    let is_note = |place: &str| place.split_once('.').is_some_and(|(_, column)| NOTES.contains(&column));
    let is_missed = |(place, _): &Held| !without.contains(place) && !is_note(place);
    let lost: Vec<Held> = lost.into_iter().filter(is_missed).collect();
    if lost.is_empty() {
        return Ok(lacking);
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

async fn lost(from: &Database, lacking: &[String]) -> Result<Vec<Held>, StoreError> {
    let mut places = survey(from).await?.unknown;
    places.extend(lacking.iter().cloned());
    values(from, &places).await
}
