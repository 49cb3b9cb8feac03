//! Whole rows judged by their table's description.

use super::columns::{Column, ColumnType, Millis, Schema, Table};
use super::storable;
use crate::contract::Cells;
use crate::error::Refusal;
use crate::json::{Json, JsonText};
use std::borrow::Cow;

/// The cells for `values`, an object by column name; moments are milliseconds. Refuses the first value that does not
/// fit, in the order of the columns; names that are no columns are left out.
pub fn cells(schema: &Schema, values: &Json) -> Result<Cells, Refusal> {
    let mut cells = Cells::new();
    for column in schema.columns {
        if let Some(value) = values.get(column.name) {
            cells.insert(Cow::Borrowed(column.name), cell(column, value)?);
        }
    }
    Ok(cells)
}

/// The row for `values`; see [`Table::fit`].
pub fn row<T: Table>(values: &Json) -> Result<T, Refusal> {
    T::fit(values)
}

fn cell(column: &Column, value: &Json) -> Result<JsonText, Refusal> {
    let Column { name, kind, nullable } = *column;
    if value.is_null() && nullable {
        return Ok(JsonText::null());
    }
    let fitted = match kind {
        ColumnType::Text => Json::Str(storable::text(name, value)?),
        ColumnType::Int4 => Json::Int(storable::int4(name, value)?.into()),
        ColumnType::Int8 => Json::Int(storable::int8(name, value)?),
        ColumnType::Float => Json::Float(storable::float(name, value)?),
        ColumnType::Bool => Json::Bool(storable::boolean(name, value)?),
        ColumnType::Time => Json::Int(storable::moment(name, Millis(storable::int8(name, value)?))?.0),
        ColumnType::TextList => storable::list(name, value)?.into(),
        ColumnType::Json => return storable::json(name, value),
    };
    Ok(JsonText::of(&fitted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dict;
    use crate::tables::VirtualKey;

    #[test]
    fn a_row_takes_what_fits_and_names_the_column_that_does_not() {
        let fits =
            dict! { "token" => "t", "max_budget" => 5, "models" => vec!["gpt-4".to_owned()], "x" => 1 };
        let row: VirtualKey = row(&fits).expect("all columns fit");
        assert_eq!((row.max_budget, row.models.len()), (Some(5.0), 1));
        let refusal = cells(&VirtualKey::SCHEMA, &dict! { "max_parallel_requests" => 1_i64 << 40 });
        assert!(
            crate::json::str_of(&refusal.expect_err("too large").message).contains("`max_parallel_requests`")
        );
    }
}
