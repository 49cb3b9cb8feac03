//! One page of the audit log, and how many rows match.

use super::cells::Value;
use super::keys::window;
use super::sql::{Sql, select};
use latchkey_core::contract::AuditFilter;
use latchkey_core::tables::{AuditLog, Schema, Table};

const AUDIT_LOG: &Schema = &AuditLog::SCHEMA;

/// The statement for the rows that match `filter`, newest first, and the one for their number.
pub(super) fn page(filter: &AuditFilter, offset: u64, limit: u64) -> (Sql, Sql) {
    let mut total = Sql::new(format!("SELECT count(*) FROM \"{}\" AS r", AUDIT_LOG.name));
    narrow(&mut total, filter);
    let mut rows = select(AUDIT_LOG);
    narrow(&mut rows, filter);
    rows.push(" ORDER BY r.\"updated_at\" DESC, r.\"id\" COLLATE \"C\" DESC");
    window(&mut rows, offset, limit);
    (rows, total)
}

fn narrow(sql: &mut Sql, filter: &AuditFilter) {
    let AuditFilter { object_ids, changed_by, action, table_name, since, until } = filter;
    let text = |value: &Option<String>| value.as_deref().map(Value::wanted);
    let parts = [
        ("r.\"object_id\" = ANY(", (!object_ids.is_empty()).then(|| Value::any_of(object_ids)), ")"),
        ("r.\"changed_by\" = ", text(changed_by), ""),
        ("r.\"action\" = ", text(action), ""),
        ("r.\"table_name\" = ", text(table_name), ""),
        ("r.\"updated_at\" >= ", since.map(Value::Time), ""),
        ("r.\"updated_at\" < ", until.map(Value::Time), ""),
    ];
    let mut glue = " WHERE ";
    for (before, value, after) in parts {
        if let Some(value) = value {
            sql.push(glue);
            sql.push(before);
            sql.bind(value);
            sql.push(after);
            glue = " AND ";
        }
    }
}
