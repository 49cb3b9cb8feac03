//! What the store in memory does with sets of rows.

use super::store::{MemoryStore, Row, contains, primary_key, schema};
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{AuditLog, Cells, Column, ColumnType, Millis, Schema, Table};
use latchkey_contract::wire::{Condition, Items, Note};
use latchkey_core::iso_z;

/// Which rows, and what becomes of them.
pub(super) struct Set<'w> {
    pub(super) table: &'w str,
    pub(super) rows: &'w [Condition],
    /// The new values and the items that go; none where the rows are deleted.
    pub(super) change: Option<(&'w Cells, Option<&'w Items>)>,
    pub(super) noted: Option<&'w Note>,
}

impl MemoryStore {
    /// Notes and makes the changes.
    pub(super) fn write_set(&mut self, set: &Set<'_>) -> Result<(), String> {
        let schema = schema(set.table)?;
        let take = set.change.and_then(|(_, take)| take);
        let mut chosen = Vec::new();
        for (at, row) in self.rows(set.table).iter().enumerate() {
            if self.meets(row, set.rows)? && take.is_none_or(|items| without(row, items).1) {
                chosen.push(at);
            }
        }
        let mut notes = Vec::new();
        let rows = self.rows_mut(set.table);
        for at in &chosen {
            let Some(row) = rows.get_mut(*at) else { continue };
            let before = row.clone();
            if let Some((cells, take)) = set.change {
                if let Some(items) = take {
                    row.cells.insert(items.column.clone(), JsonText::of(&without(&before, items).0));
                }
                row.cells.overwrite(cells);
            }
            notes.push((before, set.change.map(|_| row.clone())));
        }
        if set.change.is_none() {
            let mut at = 0;
            rows.retain(|_| (!chosen.contains(&at), at += 1).0);
        }
        if let Some(note) = set.noted {
            notes.sort_by_key(|(before, _)| primary_key(schema, before));
            let noted = notes.iter().enumerate();
            let noted: Vec<Row> =
                noted.map(|(at, (old, new))| audit(schema, note, at, old, new.as_ref())).collect();
            self.rows_mut(AuditLog::NAME).extend(noted);
        }
        Ok(())
    }

    pub(super) fn meets(&self, row: &Row, conditions: &[Condition]) -> Result<bool, String> {
        for condition in conditions {
            let is_met = match condition {
                Condition::In { column, values } => has(row, column, values),
                Condition::Contains { columns, text: part } => {
                    columns.iter().any(|column| row.text(column).is_some_and(|text| contains(&text, part)))
                }
                Condition::Refers { column, table, of, member, rows } => {
                    schema(table)?;
                    let is_meant =
                        |other: &&Row| rows.iter().all(|(column, values)| has(other, column, values));
                    let names = |other: &Row| match member {
                        Some(member) => {
                            items(other, of).iter().filter_map(|item| text(item, Some(member))).collect()
                        }
                        None => other.text(of).into_iter().collect::<Vec<String>>(),
                    };
                    let mut named = self.rows(table).iter().filter(is_meant).flat_map(names);
                    row.text(column).is_some_and(|value| named.any(|name| name == value))
                }
            };
            if !is_met {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn has(row: &Row, column: &str, values: &[String]) -> bool {
    row.text(column).is_some_and(|value| values.contains(&value))
}

/// The list without the items, and whether it had one.
pub(super) fn without(row: &Row, items: &Items) -> (Json, bool) {
    let list = self::items(row, &items.column);
    let member = items.member.as_deref();
    let stays = |item: &&Json| text(item, member).is_none_or(|text| !items.values.contains(&text));
    let rest: Vec<Json> = list.iter().filter(stays).cloned().collect();
    let had = rest.len() < list.len();
    (Json::List(rest), had)
}

/// The items of a list.
fn items(row: &Row, column: &str) -> Vec<Json> {
    let list = row.cells.get(column).map(JsonText::value);
    list.as_ref().and_then(Json::as_list).unwrap_or_default().to_vec()
}

/// The item, or its member.
fn text(item: &Json, member: Option<&str>) -> Option<String> {
    member.map_or(Some(item), |member| item.get(member)).and_then(Json::as_str).map(str::to_owned)
}

fn audit(schema: &Schema, note: &Note, at: usize, old: &Row, new: Option<&Row>) -> Row {
    let text = |text: String| JsonText::of(&Json::Str(text));
    let mut cells = note.row.clone();
    cells.insert("id".into(), text(format!("{}-{:08}", note.id, at + 1)));
    let key: Vec<String> = primary_key(schema, old).iter().map(|part| masked(part)).collect();
    cells.insert("object_id".into(), text(key.join("/")));
    let shown = |row: &Row| {
        let columns = note.shown.iter().filter_map(|name| schema.column(name));
        JsonText::of(&Json::Dict(columns.map(|column| (column.name.into(), cell(row, column))).collect()))
    };
    cells.insert("before_value".into(), shown(old));
    cells.insert("updated_values".into(), new.map_or_else(JsonText::null, shown));
    Row { cells }
}

fn cell(row: &Row, column: &Column) -> Json {
    match row.cells.get(column.name).map_or(Json::Null, JsonText::value) {
        Json::Int(millis) if column.kind == ColumnType::Time => iso_z(Millis(millis)).into(),
        Json::Str(text) => Json::Str(masked(&text)),
        other => other,
    }
}

fn masked(text: &str) -> String {
    if text.starts_with("sk-") { latchkey_contract::mint::key_name(text) } else { text.to_owned() }
}
