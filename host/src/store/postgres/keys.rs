//! One page of keys, and how many match.

use super::cells::Value;
use super::layout::Layout;
use super::sql::{Sql, any_of, column, equal, sorted};
use super::within;
use crate::store::StoreError;
use latchkey_contract::tables::{Schema, Table, VirtualKey};
use latchkey_contract::wire::{KeyFilter, KeyOrder, Visibility};

const KEYS: &Schema = &VirtualKey::SCHEMA;

/// The statement for the keys that match `filter`, in their order, and the one for their number.
pub(super) fn page(
    layout: &Layout,
    filter: &KeyFilter,
    order: &KeyOrder,
    offset: u64,
    limit: u64,
    bytes: Option<u64>,
) -> Result<(Sql, Sql), StoreError> {
    let mut total = layout.count(KEYS);
    narrow(&mut total, filter)?;
    let direction = if order.descending { "DESC" } else { "ASC" };
    let by = sorted("r", column(KEYS, &order.column)?);
    let token = sorted("r", column(KEYS, "token")?);
    let order = format!(" ORDER BY {by} {direction} NULLS LAST, {token} {direction}");
    let page = |sql: &mut Sql| {
        narrow(sql, filter)?;
        sql.push(&order);
        window(sql, offset, limit);
        Ok(())
    };
    let rows = match bytes {
        Some(bytes) => within::select(layout, KEYS, &order, bytes, page)?,
        None => {
            let mut tokens = Sql::new(format!("SELECT r.\"token\" FROM {} AS r", layout.source(KEYS)));
            page(&mut tokens)?;
            tokens
        }
    };
    Ok((rows, total))
}

/// Appends which rows of all are wanted.
pub(super) fn window(sql: &mut Sql, offset: u64, limit: u64) {
    sql.push(" LIMIT ");
    sql.bind(Value::Int(i64::try_from(limit).unwrap_or(i64::MAX)));
    sql.push(" OFFSET ");
    sql.bind(Value::Int(i64::try_from(offset).unwrap_or(i64::MAX)));
}

fn narrow(sql: &mut Sql, filter: &KeyFilter) -> Result<(), StoreError> {
    let KeyFilter { search, visible_to, status, .. } = filter;
    let mut glue = " WHERE ";
    let mut and = |sql: &mut Sql| {
        sql.push(glue);
        glue = " AND ";
    };
    for (column, value) in filter.equal() {
        and(sql);
        has(sql, column, value)?;
    }
    if let Some(search) = search {
        and(sql);
        sql.push("(");
        has(sql, "token", search)?;
        sql.push(" OR position(lower(");
        sql.bind(Value::wanted(search));
        sql.push("::text) IN lower(r.\"key_alias\")) > 0)");
    }
    if let Some(visible) = visible_to {
        and(sql);
        visibility(sql, visible)?;
    }
    if let Some((status, now)) = status {
        and(sql);
        match status.as_str() {
            "blocked" => sql.push("r.\"blocked\" IS TRUE"),
            "expired" => expired(sql, *now),
            "active" => {
                sql.push("r.\"blocked\" IS NOT TRUE AND ");
                expired(sql, *now);
                sql.push(" IS NOT TRUE");
            }
            other => return Err(StoreError::Unknown(format!("status `{other}`"))),
        }
    }
    Ok(())
}

fn has(sql: &mut Sql, name: &str, value: &str) -> Result<(), StoreError> {
    equal(sql, KEYS, column(KEYS, name)?, value);
    Ok(())
}

fn expired(sql: &mut Sql, now: i64) {
    sql.push("(r.\"expires\" <= ");
    sql.bind(Value::Time(now));
    sql.push(")");
}

fn visibility(sql: &mut Sql, visible: &Visibility) -> Result<(), StoreError> {
    sql.push("(false");
    if let Some(user_id) = &visible.user_id {
        sql.push(" OR ");
        has(sql, "user_id", user_id)?;
    }
    for (column, among) in [("team_id", &visible.team_ids), ("token", &visible.tokens)] {
        if !among.is_empty() {
            sql.push(" OR ");
            any_of(sql, KEYS, column, among);
        }
    }
    sql.push(")");
    Ok(())
}
