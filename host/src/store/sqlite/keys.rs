//! One page of keys, and how many match.

use super::{rows, schema};
use crate::store::StoreError;
use latchkey_core::contract::{KeyFilter, KeyOrder};
use latchkey_core::tables::{Schema, Table, VirtualKey};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

const KEYS: &Schema = &VirtualKey::SCHEMA;

/// The keys that match `filter`, in their order, and their number.
pub(super) fn page(
    connection: &Connection,
    filter: &KeyFilter,
    order: &KeyOrder,
    offset: u64,
    limit: u64,
) -> Result<(String, u64), StoreError> {
    let (condition, mut values) = condition(filter)?;
    let mut count =
        connection.prepare_cached(&format!("SELECT COUNT(*) FROM \"{}\" {condition}", KEYS.name))?;
    let total: i64 = count.query_row(params_from_iter(&values), |row| row.get(0))?;

    let column = schema::column(KEYS, &order.column)?.name;
    let direction = if order.descending { "DESC" } else { "ASC" };
    let statement = rows::select(
        connection,
        KEYS,
        &format!(
            "{condition} ORDER BY \"{column}\" {direction} NULLS LAST, \"token\" {direction} LIMIT ? OFFSET ?"
        ),
    )?;
    for number in [limit, offset] {
        values.push(Value::Integer(i64::try_from(number).unwrap_or(i64::MAX)));
    }
    let rows = rows::array(statement, KEYS, params_from_iter(&values))?;
    Ok((rows, u64::try_from(total).unwrap_or_default()))
}

fn condition(filter: &KeyFilter) -> Result<(String, Vec<Value>), StoreError> {
    let KeyFilter { user_id, team_id, key_alias, token, search, visible_to, status } = filter;
    let mut parts: Vec<String> = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    for (column, value) in
        [("user_id", user_id), ("team_id", team_id), ("key_alias", key_alias), ("token", token)]
    {
        if let Some(value) = value {
            parts.push(format!("\"{column}\" = ?"));
            values.push(Value::Text(value.clone()));
        }
    }
    if let Some(search) = search {
        parts.push("(\"token\" = ? OR instr(lower(\"key_alias\"), lower(?)) > 0)".to_owned());
        values.extend([Value::Text(search.clone()), Value::Text(search.clone())]);
    }
    if let Some(visible) = visible_to {
        let mut any = Vec::new();
        for (column, value) in [("user_id", &visible.user_id), ("token", &visible.token)] {
            if let Some(value) = value {
                any.push(format!("\"{column}\" = ?"));
                values.push(Value::Text(value.clone()));
            }
        }
        if !visible.team_ids.is_empty() {
            any.push("\"team_id\" IN (SELECT value FROM json_each(?))".to_owned());
            values.push(Value::Text(serde_json::to_string(&visible.team_ids).unwrap_or_default()));
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
