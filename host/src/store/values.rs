//! How many rows hold a value in a column, for those that the rules do not know.

use latchkey_contract::tables::PRESET;

/// A column or a whole table, `table.column` or `table`, and how many rows hold something there.
pub type Held = (String, u64);

/// What says nothing in a column that every row has to hold something in.
const NOTHING: &str = "('', '{}', '[]', '0', '0.0', 'false', 'null')";

/// The same of a column that is written on purpose only: there 0 is a limit, and an empty list allows nothing.
const NOTHING_ON_PURPOSE: &str = "('', 'null')";

/// What a column holds that says no more than if it was not there; `is_written` is whether every row has to hold something.
pub(super) fn nothing(column: &str, is_written: bool) -> &'static str {
    if is_written || PRESET.contains(&column) { NOTHING } else { NOTHING_ON_PURPOSE }
}

/// Table and column of a place.
pub(super) fn parts(place: &str) -> (&str, Option<&str>) {
    place.split_once('.').map_or((place, None), |(table, column)| (table, Some(column)))
}
