//! One page of the audit log, and how many rows match.

use super::select::Select;
use super::statement::{Parameter, Piece, Statement, Unknown, all_of, among, fill};
use super::templates;
use crate::tables::{AuditLog, Schema, Table};
use crate::wire::AuditFilter;
use Piece::{Name, Part, Value};

const LOG: &Schema = &AuditLog::SCHEMA;

/// How many rows match.
pub(super) fn total(filter: &AuditFilter) -> Result<Statement, Unknown> {
    let pieces = [("table", Name(LOG.name)), ("where", Part(&conditions(filter)?))];
    Ok(fill(templates::TOTAL, &pieces))
}

/// The rows that match, newest first.
pub(super) fn page(filter: &AuditFilter, offset: u64, limit: u64) -> Result<Select, Unknown> {
    let page = fill(
        templates::PAGE,
        &[
            ("where", Part(&conditions(filter)?)),
            ("order", Name(templates::AUDIT_ORDER)),
            ("limit", Value(&Parameter::number(limit))),
            ("offset", Value(&Parameter::number(offset))),
        ],
    );
    Ok(Select::whole(LOG, &page))
}

fn conditions(filter: &AuditFilter) -> Result<Statement, Unknown> {
    let AuditFilter { object_ids, changed_by, action, table_name, since, until } = filter;
    let mut all = Vec::new();
    for (column, values) in [
        ("object_id", object_ids.as_slice()),
        ("changed_by", changed_by.as_slice()),
        ("action", action.as_slice()),
        ("table_name", table_name.as_slice()),
    ] {
        if !values.is_empty() {
            all.push(among(LOG, column, values)?);
        }
    }
    for (template, moment) in [(templates::SINCE, since), (templates::UNTIL, until)] {
        if let Some(moment) = moment {
            all.push(fill(template, &[("moment", Value(&Parameter::Integer(*moment)))]));
        }
    }
    Ok(all_of(all))
}
