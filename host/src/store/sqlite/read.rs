//! Answers to queries.

use super::rows;
use crate::store::{Fact, StoreError};
use latchkey_contract::sql::{Listing, Plan, Select, Statement, plan};
use latchkey_contract::wire::Query;
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
    let (rows, total) = match Listing::of(&query)? {
        Some(page) => {
            let total = match kept_total(connection, &page)? {
                Some(kept) => kept,
                None => count(connection, &page.total())?,
            };
            (rows::array(connection, &page.rows(Some(total))?)?, Some(total))
        }
        None => match plan(&query)? {
            Plan::Rows(select) => (rows::array(connection, &select)?, None),
            Plan::Caller(parts) => (caller(connection, &parts)?, None),
            Plan::Page { total, rows } => (rows::array(connection, &rows)?, Some(count(connection, &total)?)),
        },
    };
    Ok(Fact { query, rows: rows.into(), total })
}

/// How many rows match where nothing is asked of them, from the number of all rows, which is kept.
fn kept_total(connection: &Connection, page: &Listing<'_>) -> Result<Option<u64>, StoreError> {
    let Some((table, unwanted)) = page.all_but() else { return Ok(None) };
    let sql = "SELECT \"rows\" FROM \"latchkey_count\" WHERE \"table\" = ?";
    let mut statement = connection.prepare_cached(sql)?;
    let kept = statement.query_row([table], |row| row.get::<_, i64>(0)).optional()?;
    let Some(kept) = kept.map(i64::unsigned_abs) else { return Ok(None) };
    let unwanted = unwanted.map(|unwanted| count(connection, &unwanted)).transpose()?;
    Ok(Some(kept.saturating_sub(unwanted.unwrap_or_default())))
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
