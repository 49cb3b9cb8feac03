//! A store in memory: the tables of the schema, without indexes and without durability.

use super::sets::{self, Set};
use latchkey_contract::json::{Json, JsonText, Limits, read};
use latchkey_contract::tables::{Cells, SCHEMAS, Schema};
use latchkey_contract::wire::{AuditFilter, Fact, Guard, KeyFilter, KeyOrder, Query, Write};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// All tables, each a list of rows in the order of their making.
#[derive(Debug, Default)]
pub(super) struct MemoryStore {
    tables: BTreeMap<String, Vec<Row>>,
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) cells: Cells,
}

const KEYS: &str = "LiteLLM_VerificationToken";
const DELETED_KEYS: &str = "LiteLLM_DeletedVerificationToken";
const AUDIT_LOG: &str = "LiteLLM_AuditLog";

impl Row {
    pub(super) fn text(&self, column: &str) -> Option<String> {
        self.cells.get(column)?.value().as_str().map(str::to_owned)
    }

    fn millis(&self, column: &str) -> Option<i64> {
        match self.cells.get(column)?.value() {
            Json::Int(number) => Some(number),
            _ => None,
        }
    }

    /// All cells by name.
    pub(super) fn value(&self) -> Json {
        Json::Dict(self.cells.iter().map(|(name, cell)| (name.to_string().into(), cell.value())).collect())
    }

    fn json(&self) -> String {
        let mut out = String::new();
        self.cells.write(&mut out);
        out
    }

    /// The row without lists and documents.
    fn brief(&self, schema: &Schema) -> String {
        let is_short = |name: &str| schema.column(name).is_none_or(|column| !column.is_document());
        let short = self.cells.iter().filter(|(name, _)| is_short(name));
        let mut cells: Cells = short.map(|(name, cell)| (name.clone(), cell.clone())).collect();
        cells.insert("cut".into(), JsonText::of(&Json::Bool(true)));
        let mut out = String::new();
        cells.write(&mut out);
        out
    }
}

/// The rows with lists and documents as far as they have room in so many bytes.
fn within(schema: &Schema, rows: &[&Row], bytes: u64) -> Vec<String> {
    let mut taken = 0;
    let shown = |row: &&Row| {
        let documents = row.cells.iter().filter(|(name, _)| {
            schema.column(name).is_some_and(latchkey_contract::tables::Column::is_document)
        });
        let size: usize = documents.map(|(_, cell)| cell.as_str().len()).sum();
        let is_small = size as u64 <= bytes / 4;
        taken += if is_small { size as u64 } else { 0 };
        if is_small && taken <= bytes { row.json() } else { row.brief(schema) }
    };
    rows.iter().map(shown).collect()
}

pub(super) fn schema(table: &str) -> Result<&'static Schema, String> {
    SCHEMAS.iter().find(|schema| schema.name == table).ok_or_else(|| format!("no table `{table}`"))
}

/// The texts of the primary key's columns; a number counts by its digits.
pub(super) fn primary_key(schema: &Schema, row: &Row) -> Vec<String> {
    let part = |column: &&str| {
        row.text(column).or_else(|| row.millis(column).map(|number| number.to_string())).unwrap_or_default()
    };
    schema.key.iter().map(part).collect()
}

impl MemoryStore {
    pub(super) fn rows_mut(&mut self, table: &str) -> &mut Vec<Row> {
        self.tables.entry(table.to_owned()).or_default()
    }

    pub(super) fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    fn first(&self, table: &str, wanted: &[(&str, Option<String>)]) -> Option<&Row> {
        let holds =
            |row: &Row| wanted.iter().all(|(name, value)| value.is_some() && row.text(name) == *value);
        self.rows(table).iter().find(|row| holds(row))
    }

    /// Answers one query.
    pub(super) fn answer(&self, query: Query) -> Result<Fact, String> {
        let mut total = None;
        let rows: Vec<String> = match &query {
            // there is no module to ask
            Query::CustomRule { .. } | Query::Probe { .. } => Vec::new(),
            Query::Caller { token } => self.caller(token).into_iter().collect(),
            Query::Rows { table, column, values } | Query::Brief { table, column, values, .. } => {
                let schema = schema(table)?;
                schema.column(column).ok_or_else(|| format!("no column `{table}.{column}`"))?;
                let cell = |row: &Row| {
                    row.text(column).or_else(|| row.millis(column).map(|number| number.to_string()))
                };
                let is_wanted = |cell: &str| values.iter().any(|value| equal(schema, column, cell, value));
                let wanted = |row: &&Row| cell(row).is_some_and(|value| is_wanted(&value));
                let found = self.rows(table).iter().filter(wanted);
                match &query {
                    Query::Brief { limit, .. } => {
                        let most = limit.map_or(usize::MAX, |most| most as usize);
                        found.take(most).map(|row| row.brief(schema)).collect()
                    }
                    _ => found.map(Row::json).collect(),
                }
            }
            Query::Page { table, rows, having, order, offset, limit, bytes } => {
                let schema = schema(table)?;
                let mut found = Vec::new();
                for row in self.rows(table) {
                    let has = having.as_ref().is_none_or(|items| sets::without(row, items).1);
                    if has && self.meets(row, rows)? {
                        found.push(row);
                    }
                }
                sort(&mut found, order, schema);
                total = Some(found.len() as u64);
                within(schema, &cut(found, *offset, *limit), *bytes)
            }
            Query::All { table } => {
                schema(table)?;
                self.rows(table).iter().map(Row::json).collect()
            }
            Query::Keys { filter, order, offset, limit, bytes } => {
                let found = self.keys(filter, order);
                total = Some(found.len() as u64);
                let page = cut(found, *offset, *limit);
                let token = |row: &&Row| {
                    format!("{{\"token\":{}}}", row.cells.get("token").map_or("", JsonText::as_str))
                };
                match bytes {
                    Some(bytes) => {
                        within(schema(if filter.archived { DELETED_KEYS } else { KEYS })?, &page, *bytes)
                    }
                    None => page.iter().map(token).collect(),
                }
            }
            Query::Audit { filter, offset, limit } => {
                let found = self.audit(filter);
                total = Some(found.len() as u64);
                cut(found, *offset, *limit).into_iter().map(Row::json).collect()
            }
        };
        let rows = rows.into_iter().map(JsonText::written).collect();
        Ok(Fact { query, rows, total })
    }

    fn caller(&self, token: &str) -> Option<String> {
        let shown = |row: Option<&Row>| row.map_or_else(|| "null".to_owned(), Row::json);
        let key = self.first(KEYS, &[("token", Some(token.to_owned()))])?;
        let (user_id, team_id) = (key.text("user_id"), key.text("team_id"));
        let team = self.first("LiteLLM_TeamTable", &[("team_id", team_id.clone())]);
        let model_id = team.and_then(|team| team.millis("model_id"));
        let is_of_team = |row: &&Row| model_id.is_some() && row.millis("id") == model_id;
        Some(format!(
            "{{\"key\":{},\"user\":{},\"team\":{},\"team_models\":{},\"membership\":{},\"budget\":{},\"project\":{}}}",
            key.json(),
            shown(self.first("LiteLLM_UserTable", &[("user_id", user_id.clone())])),
            shown(team),
            shown(self.rows("LiteLLM_ModelTable").iter().find(is_of_team)),
            shown(self.first("LiteLLM_TeamMembership", &[("user_id", user_id), ("team_id", team_id)])),
            shown(self.first("LiteLLM_BudgetTable", &[("budget_id", key.text("budget_id"))])),
            shown(self.first("LiteLLM_ProjectTable", &[("project_id", key.text("project_id"))])),
        ))
    }

    fn keys(&self, filter: &KeyFilter, order: &KeyOrder) -> Vec<&Row> {
        let table = if filter.archived { DELETED_KEYS } else { KEYS };
        let mut found: Vec<&Row> = self.rows(table).iter().filter(|row| matches(row, filter)).collect();
        if let Ok(schema) = schema(table) {
            sort(&mut found, order, schema);
        }
        found
    }

    /// The audit rows that match, newest first.
    fn audit(&self, filter: &AuditFilter) -> Vec<&Row> {
        let AuditFilter { object_ids, changed_by, action, table_name, since, until } = filter;
        let texts = [("changed_by", changed_by), ("action", action), ("table_name", table_name)];
        let at = |row: &Row| row.millis("updated_at").unwrap_or_default();
        let matches = |row: &&Row| {
            texts.iter().all(|(column, wanted)| wanted.is_none() || row.text(column) == **wanted)
                && (object_ids.is_empty() || row.text("object_id").is_some_and(|id| object_ids.contains(&id)))
                && since.is_none_or(|since| at(row) >= since)
                && until.is_none_or(|until| at(row) < until)
        };
        let mut found: Vec<&Row> = self.rows(AUDIT_LOG).iter().filter(matches).collect();
        found.sort_by_key(|row| std::cmp::Reverse((at(row), row.text("id"))));
        found
    }

    /// Applies all writes if every guard holds; otherwise changes nothing and returns false.
    pub(super) fn commit(&mut self, writes: &[Write], guards: &[Guard]) -> Result<bool, String> {
        for guard in guards {
            if !self.holds(guard)? {
                return Ok(false);
            }
        }
        let before = self.tables.clone();
        for write in writes {
            if !self.apply(write)? {
                self.tables = before;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds(&self, guard: &Guard) -> Result<bool, String> {
        Ok(match guard {
            Guard::Absent { table, column, value, except } => {
                let schema = schema(table)?;
                let others = |row: &Row| {
                    row.text(column).is_some_and(|text| equal(schema, column, &text, value))
                        && except
                            .as_ref()
                            .is_none_or(|except| primary_key(schema, row).first() != Some(except))
                };
                !self.rows(table).iter().any(others)
            }
            Guard::Present { table, key } => {
                let schema = schema(table)?;
                self.rows(table).iter().any(|row| primary_key(schema, row) == *key)
            }
            Guard::Same { table, key, row: told, counters } => {
                let schema = schema(table)?;
                let told =
                    read(told.as_str().as_bytes(), &Limits::STORED).map_err(|error| error.to_string())?;
                let counts =
                    |name: &str| schema.column(name).is_some_and(|column| *counters || !column.is_counter());
                let told = told.as_dict().unwrap_or_default();
                let is_so = |row: &Row| {
                    let cell = |name: &str| row.cells.get(name).map_or(Json::Null, JsonText::value);
                    told.iter().all(|(name, value)| !counts(name) || cell(name) == *value)
                };
                self.rows(table).iter().any(|row| primary_key(schema, row) == *key && is_so(row))
            }
        })
    }

    fn apply(&mut self, write: &Write) -> Result<bool, String> {
        match write {
            Write::Insert { table, row, .. } => {
                let schema = schema(table)?;
                let row = Row { cells: row.clone() };
                let rows = self.tables.entry(table.to_string()).or_default();
                if rows.iter().any(|other| primary_key(schema, other) == primary_key(schema, &row)) {
                    return Ok(false);
                }
                rows.push(row);
            }
            Write::Update { table, key, set } => {
                let schema = schema(table)?;
                let rows = self.tables.entry(table.to_string()).or_default();
                let Some(row) = rows.iter_mut().find(|row| primary_key(schema, row) == *key) else {
                    return Ok(false);
                };
                row.cells.overwrite(set);
            }
            Write::Change { table, rows, set, take, noted } => {
                let change = Some((set, take.as_ref()));
                self.write_set(&Set { table, rows, change, noted: noted.as_ref() })?;
            }
            Write::Copy { table, rows, into, id, columns, set } => {
                let (of, into_schema) = (schema(table)?, schema(into)?);
                let mut found = Vec::new();
                for row in self.rows(table) {
                    if self.meets(row, rows)? {
                        found.push(row.clone());
                    }
                }
                found.sort_by_key(|row| primary_key(of, row));
                for (at, row) in found.iter().enumerate() {
                    let number = JsonText::of(&Json::from(format!("{id}{:012x}", at + 1)));
                    let mut cells: Cells =
                        into_schema.key.iter().map(|name| ((*name).into(), number.clone())).collect();
                    for name in columns {
                        cells.insert(
                            name.clone(),
                            row.cells.get(name).cloned().unwrap_or_else(JsonText::null),
                        );
                    }
                    cells.overwrite(set);
                    self.tables.entry(into.to_string()).or_default().push(Row { cells });
                }
            }
            Write::Delete { table, rows, noted } => {
                self.write_set(&Set { table, rows, change: None, noted: noted.as_ref() })?;
            }
        }
        Ok(true)
    }
}

fn matches(row: &Row, filter: &KeyFilter) -> bool {
    let is = |column: &str, wanted: &Option<String>| wanted.is_none() || row.text(column) == *wanted;
    let found = filter.search.as_ref().is_none_or(|text| {
        row.text("token").as_ref() == Some(text)
            || row.text("key_alias").is_some_and(|alias| contains(&alias, text))
    });
    let seen = filter.visible_to.as_ref().is_none_or(|seen| {
        (seen.user_id.is_some() && row.text("user_id") == seen.user_id)
            || row.text("team_id").is_some_and(|team| seen.team_ids.contains(&team))
            || row.text("token").is_some_and(|token| seen.tokens.contains(&token))
    });
    let blocked = row.cells.get("blocked").is_some_and(|cell| cell.as_str() == "true");
    let blocked = filter.blocked.is_none_or(|wanted| blocked == wanted);
    let expired = filter
        .expired
        .is_none_or(|(wanted, now)| row.millis("expires").is_some_and(|expires| expires <= now) == wanted);
    let part = |column: &str, part: &Option<String>| {
        part.as_ref().is_none_or(|part| row.text(column).is_some_and(|text| contains(&text, part)))
    };
    let since = filter.deleted_since.filter(|_| filter.archived);
    let rotates = row.cells.get("auto_rotate").is_some_and(|cell| cell.as_str() == "true");
    filter.rotation_due.is_none_or(|now| rotates && row.millis("key_rotation_at").is_some_and(|at| at <= now))
        && since.is_none_or(|since| row.millis("deleted_at").is_some_and(|at| at >= since))
        && is("user_id", &filter.user_id)
        && is("team_id", &filter.team_id)
        && is("key_alias", &filter.key_alias)
        && is("budget_id", &filter.budget_id)
        && is("token", &filter.token)
        && is("project_id", &filter.project_id)
        && is("agent_id", &filter.agent_id)
        && (filter.without_team.is_none() || row.text("team_id") != filter.without_team)
        && part("key_alias", &filter.alias_part)
        && part("user_id", &filter.owner_part)
        && found
        && seen
        && blocked
        && expired
}

/// Whether the text contains the part, in any case.
pub(super) fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

/// Some of the rows.
fn cut(rows: Vec<&Row>, offset: u64, limit: u64) -> Vec<&Row> {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    rows.into_iter().skip(number(offset)).take(number(limit)).collect()
}

/// Rows in their order, ties by the first column of their key in the same direction.
fn sort(rows: &mut [&Row], order: &KeyOrder, schema: &Schema) {
    let key = |row: &Row| schema.key.first().and_then(|column| row.text(column));
    let by_key = |a: &Row, b: &Row| if order.descending { key(b).cmp(&key(a)) } else { key(a).cmp(&key(b)) };
    rows.sort_by(|a, b| compare(a, b, order).then_with(|| by_key(a, b)));
}

/// Whether two texts of a column are the same.
fn equal(schema: &Schema, column: &str, a: &str, b: &str) -> bool {
    if schema.is_caseless(column) { a.eq_ignore_ascii_case(b) } else { a == b }
}

/// Absent values last in either direction.
fn compare(a: &Row, b: &Row, order: &KeyOrder) -> Ordering {
    let cell = |row: &Row| {
        row.cells.get(&order.column).map(JsonText::as_str).filter(|text| *text != "null").map(str::to_owned)
    };
    let turned = |ordering: Ordering| if order.descending { ordering.reverse() } else { ordering };
    match (cell(a), cell(b)) {
        (Some(a), Some(b)) => match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(a), Ok(b)) => turned(a.total_cmp(&b)),
            _ => turned(a.cmp(&b)),
        },
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::VirtualKey;
    use latchkey_contract::wire::{insert, unchanged};

    fn key(token: &str, alias: Option<&str>) -> Write {
        let alias = alias.map(str::to_owned);
        insert(&VirtualKey { token: token.to_owned(), key_alias: alias, ..VirtualKey::default() })
    }

    #[test]
    fn a_refused_commit_changes_nothing() {
        let mut store = MemoryStore::default();
        assert_eq!(store.commit(&[key("a", None)], &[]), Ok(true));
        assert_eq!(store.commit(&[key("b", None), key("a", None)], &[]), Ok(false));
        let all = store.answer(Query::All { table: KEYS.into() }).expect("an answer");
        assert_eq!(all.rows.as_str().matches("\"token\":").count(), 1);
    }

    #[test]
    fn guards_see_aliases_and_changes() {
        let mut store = MemoryStore::default();
        let taken = |except: Option<&str>| Guard::Absent {
            table: KEYS.into(),
            column: "key_alias".into(),
            value: "x".to_owned(),
            except: except.map(str::to_owned),
        };
        assert_eq!(store.commit(&[key("a", Some("x"))], &[taken(None)]), Ok(true));
        assert_eq!(store.commit(&[key("b", Some("x"))], &[taken(None)]), Ok(false));
        assert_eq!(store.commit(&[], &[taken(Some("a"))]), Ok(true));
        let told = |alias: &str, spend: f64| {
            let key = VirtualKey {
                token: "a".to_owned(),
                key_alias: Some(alias.to_owned()),
                spend,
                ..VirtualKey::default()
            };
            unchanged(&key)
        };
        assert_eq!(store.commit(&[], &[told("x", 0.0)]), Ok(true));
        assert_eq!(store.commit(&[], &[told("x", 7.0)]), Ok(true), "spend is a counter");
        assert_eq!(store.commit(&[], &[told("y", 0.0)]), Ok(false));
    }
}
