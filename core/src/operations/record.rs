//! How a row prints in answers.

use super::cut;
use crate::settings::Settings;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Column, ColumnType, Millis, Row};

/// A row as Prisma's rows print, without its relations: the columns that the profile knows and the store has, in their order.
/// `zone` is how the endpoint writes UTC.
pub(super) fn record(settings: &Settings, row: &dyn Row, zone: fn(Millis) -> String) -> Json {
    let mut shown = members(settings, row, zone, |_| true);
    cut::mark(&mut shown, row);
    shown
}

/// Adds the columns of `row` that release 1.60.8 does not have.
pub(super) fn add_recent(settings: &Settings, shown: &mut Json, row: &dyn Row, zone: fn(Millis) -> String) {
    let recent = members(settings, row, zone, |column| column.optional);
    for (name, value) in recent.as_dict().unwrap_or_default() {
        shown.set(name.clone(), value.clone());
    }
}

fn members(
    settings: &Settings,
    row: &dyn Row,
    zone: fn(Millis) -> String,
    is_meant: fn(&Column) -> bool,
) -> Json {
    let (table, cells) = (row.schema(), row.cells());
    let columns = table.columns.iter().zip(cells.iter());
    let columns = columns.filter(|(column, _)| is_meant(column) && settings.has(table, column));
    let members = columns.map(|(column, (_, cell))| {
        let value = match (column.kind, cell.value()) {
            (ColumnType::Time, Json::Int(moment)) => zone(Millis(moment)).into(),
            (ColumnType::Json, _) => cell.into(),
            (_, value) => value,
        };
        (column.name.into(), value)
    });
    Json::Dict(members.collect())
}

/// What stands where a relation would that the endpoint does not fetch.
pub(super) fn without_relations(shown: &mut Json, relations: &[&'static str]) {
    if let Json::Dict(members) = shown {
        members.extend(relations.iter().map(|name| ((*name).into(), Json::Null)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::iso_z;
    use latchkey_contract::json::write;
    use latchkey_contract::tables::{Budget, Lacking, VirtualKey};

    #[test]
    fn a_row_prints_its_columns_in_their_order() {
        let budget = Budget { budget_id: "b".to_owned(), max_budget: Some(2.0), ..Budget::default() };
        let printed = write(&record(&Settings::default(), &budget, iso_z));
        let expected =
            r#"{"budget_id":"b","max_budget":2.0,"soft_budget":null,"max_parallel_requests":null,"#;
        assert!(printed.starts_with(expected), "{printed}");
        assert!(printed.contains(r#""created_at":"1970-01-01T00:00:00Z""#), "{printed}");
    }

    #[test]
    fn what_was_left_out_of_a_row_is_null_and_told() {
        let mut key = VirtualKey { models: vec!["a".to_owned()], ..VirtualKey::default() };
        key.told.is_cut = true;
        let shown = record(&Settings::default(), &key, iso_z);
        assert_eq!((shown.get("models"), shown.get("complete")), (Some(&Json::Null), Some(&false.into())));
        let lacking = Lacking::named(vec!["LiteLLM_VerificationToken.allowed_routes".to_owned()]);
        let settings = Settings { lacking: lacking.expect("an optional column"), ..Settings::default() };
        let of_less = record(&settings, &key, iso_z);
        assert_eq!((shown.get("allowed_routes"), of_less.get("allowed_routes")), (Some(&Json::Null), None));
    }
}
