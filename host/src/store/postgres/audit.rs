//! One page of the audit log, and how many rows match.

use super::cells::Value;
use super::layout::Layout;
use super::listing::window;
use super::sql::{Sql, any_of, column, equal};
use crate::store::StoreError;
use latchkey_contract::tables::{AuditLog, Schema, Table};
use latchkey_contract::wire::AuditFilter;

const AUDIT_LOG: &Schema = &AuditLog::SCHEMA;

/// The statement for the rows that match `filter`, newest first, and the one for their number.
pub(super) fn page(
    layout: &Layout,
    filter: &AuditFilter,
    offset: u64,
    limit: u64,
) -> Result<(Sql, Sql), StoreError> {
    let mut total = layout.count(AUDIT_LOG);
    narrow(&mut total, filter)?;
    let mut rows = layout.select(AUDIT_LOG);
    narrow(&mut rows, filter)?;
    rows.push(" ORDER BY r.\"updated_at\" DESC, r.\"id\" COLLATE \"C\" DESC");
    window(&mut rows, offset, limit);
    Ok((rows, total))
}

fn narrow(sql: &mut Sql, filter: &AuditFilter) -> Result<(), StoreError> {
    let AuditFilter { object_ids, changed_by, action, table_name, since, until } = filter;
    let mut glue = " WHERE ";
    let mut and = |sql: &mut Sql| {
        sql.push(glue);
        glue = " AND ";
    };
    if !object_ids.is_empty() {
        and(sql);
        any_of(sql, AUDIT_LOG, "object_id", object_ids);
    }
    for (name, value) in [("changed_by", changed_by), ("action", action), ("table_name", table_name)] {
        if let Some(value) = value {
            and(sql);
            equal(sql, AUDIT_LOG, column(AUDIT_LOG, name)?, value);
        }
    }
    for (comparison, moment) in [(">=", since), ("<", until)] {
        if let Some(moment) = moment {
            and(sql);
            sql.push(&format!("r.\"updated_at\" {comparison} "));
            sql.bind(Value::Time(*moment));
        }
    }
    Ok(())
}
