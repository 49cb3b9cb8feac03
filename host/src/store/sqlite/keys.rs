//! One page of keys, and how many match.

use super::{rows, schema};
use crate::store::StoreError;
use latchkey_contract::json::write_str;
use latchkey_contract::tables::{Schema, Table, VirtualKey};
use latchkey_contract::wire::{KeyFilter, KeyOrder};
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, params_from_iter};

const KEYS: &Schema = &VirtualKey::SCHEMA;

/// The keys that match `filter`, in their order, and their number.
pub(super) fn page(
    connection: &Connection,
    filter: &KeyFilter,
    order: &KeyOrder,
    offset: u64,
    limit: u64,
    bytes: Option<u64>,
) -> Result<(String, u64), StoreError> {
    let (condition, mut values) = condition(filter)?;
    let total = count(connection, &condition, &values)?;

    let column = schema::column(KEYS, &order.column)?.name;
    let forwards = Direction { column, descending: order.descending, nulls_last: true };
    // the second half is nearer to the end
    let shown = limit.min(total.saturating_sub(offset));
    let (from, offset) = if offset > total / 2 {
        (forwards.reversed(), total.saturating_sub(offset).saturating_sub(shown))
    } else {
        (forwards, offset)
    };
    let table = KEYS.name;
    for number in [shown, offset] {
        values.push(Value::Integer(i64::try_from(number).unwrap_or(i64::MAX)));
    }
    let values = params_from_iter(&values);
    let page = format!("{condition} ORDER BY {from} LIMIT ? OFFSET ?");
    let rows = match bytes {
        Some(bytes) => {
            let order = format!("ORDER BY {forwards}");
            let statement = rows::select_within(connection, KEYS, &page, &order, bytes)?;
            rows::array_within(statement, KEYS, values)?
        }
        None => {
            let sql = format!(
                "SELECT \"token\" FROM (SELECT \"token\", \"{column}\" FROM \"{table}\" {page}) ORDER BY {forwards}"
            );
            tokens(connection.prepare_cached(&sql)?, values)?
        }
    };
    Ok((rows, total))
}

/// Rows of a token alone, as a JSON array.
fn tokens(mut statement: CachedStatement<'_>, values: impl Params) -> Result<String, StoreError> {
    let mut out = String::from("[");
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next()? {
        out.push_str(if out.len() > 1 { ",{\"token\":" } else { "{\"token\":" });
        write_str(&mut out, row.get_ref(0)?.as_str().map_err(|error| StoreError::Away(error.to_string()))?);
        out.push('}');
    }
    out.push(']');
    Ok(out)
}

/// How many keys match; the number of all is kept.
fn count(connection: &Connection, condition: &str, values: &[Value]) -> Result<u64, StoreError> {
    if condition.is_empty() {
        let sql = "SELECT \"rows\" FROM \"latchkey_count\" WHERE \"table\" = ?";
        let kept: Option<i64> =
            connection.prepare_cached(sql)?.query_row([KEYS.name], |row| row.get(0)).optional()?;
        if let Some(kept) = kept {
            return Ok(u64::try_from(kept).unwrap_or_default());
        }
    }
    let sql = format!("SELECT COUNT(*) FROM \"{}\" {condition}", KEYS.name);
    let total: i64 =
        connection.prepare_cached(&sql)?.query_row(params_from_iter(values), |row| row.get(0))?;
    Ok(u64::try_from(total).unwrap_or_default())
}

/// The terms of an order: a column, ties by token.
#[derive(Clone, Copy)]
struct Direction {
    column: &'static str,
    descending: bool,
    nulls_last: bool,
}

impl Direction {
    const fn reversed(self) -> Self {
        Self { descending: !self.descending, nulls_last: !self.nulls_last, ..self }
    }
}

impl std::fmt::Display for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let direction = if self.descending { "DESC" } else { "ASC" };
        let nulls = if self.nulls_last { "LAST" } else { "FIRST" };
        write!(f, "\"{}\" {direction} NULLS {nulls}, \"token\" {direction}", self.column)
    }
}

fn condition(filter: &KeyFilter) -> Result<(String, Vec<Value>), StoreError> {
    let KeyFilter { search, visible_to, status, .. } = filter;
    let mut parts: Vec<String> = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    for (column, value) in filter.equal() {
        parts.push(format!("\"{column}\" = ?"));
        values.push(Value::Text(value.to_owned()));
    }
    if let Some(search) = search {
        parts.push("(\"token\" = ? OR instr(lower(\"key_alias\"), lower(?)) > 0)".to_owned());
        values.extend([Value::Text(search.clone()), Value::Text(search.clone())]);
    }
    if let Some(visible) = visible_to {
        let mut any = Vec::new();
        if let Some(user_id) = &visible.user_id {
            any.push("\"user_id\" = ?".to_owned());
            values.push(Value::Text(user_id.clone()));
        }
        for (column, among) in [("team_id", &visible.team_ids), ("token", &visible.tokens)] {
            if !among.is_empty() {
                any.push(format!("\"{column}\" IN (SELECT value FROM json_each(?))"));
                values.push(Value::Text(serde_json::to_string(among).unwrap_or_default()));
            }
        }
        parts.push(if any.is_empty() { "0".to_owned() } else { format!("({})", any.join(" OR ")) });
    }
    if let Some((status, now)) = status {
        let expired = "(\"expires\" IS NOT NULL AND \"expires\" <= ?)";
        match status.as_str() {
            "blocked" => parts.push("\"blocked\" = 1".to_owned()),
            "expired" => {
                parts.push(expired.to_owned());
                values.push(Value::Integer(*now));
            }
            "active" => {
                parts.push(format!("\"blocked\" IS NOT 1 AND NOT {expired}"));
                values.push(Value::Integer(*now));
            }
            other => return Err(StoreError::Unknown(format!("status `{other}`"))),
        }
    }
    let condition = if parts.is_empty() { String::new() } else { format!("WHERE {}", parts.join(" AND ")) };
    Ok((condition, values))
}
