//! One page of the audit log, and how many rows match.

use super::rows;
use crate::store::StoreError;
use latchkey_contract::tables::{AuditLog, Schema, Table};
use latchkey_contract::wire::AuditFilter;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

const AUDIT_LOG: &Schema = &AuditLog::SCHEMA;

/// The rows that match `filter`, newest first, and their number.
pub(super) fn page(
    connection: &Connection,
    filter: &AuditFilter,
    offset: u64,
    limit: u64,
) -> Result<(String, u64), StoreError> {
    let (condition, mut values) = condition(filter);
    let sql = format!("SELECT COUNT(*) FROM \"{}\" {condition}", AUDIT_LOG.name);
    let total: i64 =
        connection.prepare_cached(&sql)?.query_row(params_from_iter(&values), |row| row.get(0))?;
    let order = format!("{condition} ORDER BY \"updated_at\" DESC, \"id\" DESC LIMIT ? OFFSET ?");
    let statement = rows::select(connection, AUDIT_LOG, &order)?;
    for number in [limit, offset] {
        values.push(Value::Integer(i64::try_from(number).unwrap_or(i64::MAX)));
    }
    let rows = rows::array(statement, AUDIT_LOG, params_from_iter(&values))?;
    Ok((rows, u64::try_from(total).unwrap_or_default()))
}

fn condition(filter: &AuditFilter) -> (String, Vec<Value>) {
    let AuditFilter { object_ids, changed_by, action, table_name, since, until } = filter;
    let text = |value: &Option<String>| value.clone().map(Value::Text);
    let objects = (!object_ids.is_empty()).then(|| serde_json::to_string(object_ids).unwrap_or_default());
    let parts = [
        ("\"object_id\" IN (SELECT value FROM json_each(?))", objects.map(Value::Text)),
        ("\"changed_by\" = ?", text(changed_by)),
        ("\"action\" = ?", text(action)),
        ("\"table_name\" = ?", text(table_name)),
        ("\"updated_at\" >= ?", since.map(Value::Integer)),
        ("\"updated_at\" < ?", until.map(Value::Integer)),
    ];
    let (conditions, values): (Vec<&str>, Vec<Value>) =
        parts.into_iter().filter_map(|(part, value)| Some((part, value?))).unzip();
    let condition = conditions.join(" AND ");
    (if condition.is_empty() { condition } else { format!("WHERE {condition}") }, values)
}
