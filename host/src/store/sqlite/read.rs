//! Answers to queries.

use super::rows;
use crate::store::{Fact, StoreError};
use latchkey_contract::sql::{KeysPage, Plan, Select, Statement, plan};
use latchkey_contract::tables::{Table, VirtualKey};
use latchkey_contract::wire::{KeyFilter, Query};
use rusqlite::{Connection, OptionalExtension};

/// Answers `queries` from one state of the database.
pub(super) fn answer(connection: &Connection, queries: Vec<Query>) -> Result<Vec<Fact>, StoreError> {
    let alone = matches!(queries.as_slice(), [Query::Rows { .. } | Query::All { .. }]);
    if alone {
        return queries.into_iter().map(|query| fact(connection, query)).collect();
    }
    let transaction = connection.unchecked_transaction()?;
    let facts = queries.into_iter().map(|query| fact(&transaction, query)).collect();
    transaction.finish()?;
    facts
}

fn fact(connection: &Connection, query: Query) -> Result<Fact, StoreError> {
    let (rows, total) = match &query {
        Query::Keys { filter, order, offset, limit, bytes } => {
            let page = KeysPage { filter, order, offset: *offset, limit: *limit, bytes: *bytes };
            let total = match kept_total(connection, filter)? {
                Some(kept) => kept,
                None => count(connection, &page.total()?)?,
            };
            (rows::array(connection, &page.rows(Some(total))?)?, Some(total))
        }
        other => match plan(other)? {
            Plan::Rows(select) => (rows::array(connection, &select)?, None),
            Plan::Caller(parts) => (caller(connection, &parts)?, None),
            Plan::Page { total, rows } => (rows::array(connection, &rows)?, Some(count(connection, &total)?)),
        },
    };
    Ok(Fact { query, rows: rows.into(), total })
}

/// The number of all keys, which is kept.
fn kept_total(connection: &Connection, filter: &KeyFilter) -> Result<Option<u64>, StoreError> {
    if *filter != KeyFilter::default() {
        return Ok(None);
    }
    let sql = "SELECT \"rows\" FROM \"latchkey_count\" WHERE \"table\" = ?";
    let mut statement = connection.prepare_cached(sql)?;
    let kept = statement.query_row([VirtualKey::NAME], |row| row.get::<_, i64>(0)).optional()?;
    Ok(kept.map(i64::unsigned_abs))
}

fn count(connection: &Connection, total: &Statement) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(&total.sql)?;
    let total: i64 = statement.query_row(rows::parameters(total), |row| row.get(0))?;
    Ok(total.unsigned_abs())
}

/// The key and the rows it names, as one object in an array.
fn caller(connection: &Connection, parts: &[(&str, Select)]) -> Result<String, StoreError> {
    let mut out = String::from("[");
    for (name, select) in parts {
        let is_first = out.len() == 1;
        let row = rows::first(connection, select)?;
        if is_first && row.is_none() {
            break;
        }
        out.push_str(if is_first { "{\"" } else { ",\"" });
        out.push_str(name);
        out.push_str("\":");
        out.push_str(row.as_deref().unwrap_or("null"));
    }
    out.push_str(if out.len() == 1 { "]" } else { "}]" });
    Ok(out)
}
