//! One page of keys or of another table, and how many rows match.

use super::cells::Value;
use super::layout::Layout;
use super::sql::{Sql, any_of, column, equal, sorted};
use super::{sets, within};
use crate::store::StoreError;
use latchkey_contract::tables::{DeletedKey, Schema, Table, VirtualKey};
use latchkey_contract::wire::{Condition, Items, KeyFilter, KeyOrder, Visibility};

/// The table of the keys that are wanted: the archive of deleted keys has the same columns.
pub(super) fn table_of(filter: &KeyFilter) -> &'static Schema {
    if filter.archived { &DeletedKey::SCHEMA } else { &VirtualKey::SCHEMA }
}

/// Which part of a listing is wanted, in which order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page<'q> {
    pub(super) order: &'q KeyOrder,
    pub(super) offset: u64,
    pub(super) limit: u64,
    /// Bytes of lists and documents; none where tokens alone are asked for.
    pub(super) bytes: Option<u64>,
}

/// The statement for the keys that match `filter`, in their order, and the one for their number.
pub(super) fn keys(layout: &Layout, filter: &KeyFilter, page: &Page<'_>) -> Result<(Sql, Sql), StoreError> {
    let table = table_of(filter);
    let narrow = |sql: &mut Sql| {
        let mut and = And::default();
        narrow(sql, &mut and, filter)?;
        if let Some(team) = &filter.without_team {
            and.next(sql);
            sql.push("(");
            has(sql, table, "team_id", team)?;
            sql.push(") IS NOT TRUE");
        }
        Ok(())
    };
    let rows = page.rows(layout, table, narrow)?;
    let mut total = layout.count(table);
    narrow_total(&mut total, layout, filter)?;
    Ok((rows, total))
}

/// To count all and those that are not wanted is faster than to look at each.
fn narrow_total(total: &mut Sql, layout: &Layout, filter: &KeyFilter) -> Result<(), StoreError> {
    let Some(team) = &filter.without_team else { return narrow(total, &mut And::default(), filter) };
    let count = std::mem::take(&mut total.text);
    total.push("SELECT (");
    total.push(&count);
    narrow(total, &mut And::default(), filter)?;
    total.push(") - (");
    total.push(&layout.count(table_of(filter)).text);
    let mut and = And::default();
    narrow(total, &mut and, filter)?;
    and.next(total);
    has(total, table_of(filter), "team_id", team)?;
    total.push(")");
    Ok(())
}

/// The statement for the rows of `table` that meet all conditions and have one of the items, and the one for their number.
pub(super) fn rows(
    layout: &Layout,
    table: &'static Schema,
    (conditions, having): (&[Condition], Option<&Items>),
    page: &Page<'_>,
) -> Result<(Sql, Sql), StoreError> {
    let narrow = |sql: &mut Sql| {
        if conditions.is_empty() && having.is_none() {
            return Ok(());
        }
        sql.push(" WHERE ");
        sets::condition(sql, table, conditions, having)
    };
    let mut total = layout.count(table);
    narrow(&mut total)?;
    Ok((page.rows(layout, table, narrow)?, total))
}

impl Page<'_> {
    /// The statement for the rows of this page of those that `narrow` appends the conditions of.
    fn rows(
        &self,
        layout: &Layout,
        table: &'static Schema,
        narrow: impl FnOnce(&mut Sql) -> Result<(), StoreError>,
    ) -> Result<Sql, StoreError> {
        let direction = if self.order.descending { "DESC" } else { "ASC" };
        let by = column(table, &self.order.column)?;
        let key = table.key.first().map_or(Ok(by), |name| column(table, name))?;
        let (by, key) = (sorted("r", by), sorted("r", key));
        let order = format!(" ORDER BY {by} {direction} NULLS LAST, {key} {direction}");
        let page = |sql: &mut Sql| {
            narrow(sql)?;
            sql.push(&order);
            window(sql, self.offset, self.limit);
            Ok(())
        };
        match self.bytes {
            Some(bytes) => within::select(layout, table, &order, bytes, page),
            None => {
                let mut tokens = Sql::new(format!("SELECT r.\"token\" FROM {} AS r", layout.source(table)));
                page(&mut tokens)?;
                Ok(tokens)
            }
        }
    }
}

/// Appends which rows of all are wanted.
pub(super) fn window(sql: &mut Sql, offset: u64, limit: u64) {
    sql.push(" LIMIT ");
    sql.bind(Value::Int(i64::try_from(limit).unwrap_or(i64::MAX)));
    sql.push(" OFFSET ");
    sql.bind(Value::Int(i64::try_from(offset).unwrap_or(i64::MAX)));
}

/// The word before the next condition.
#[derive(Debug, Default)]
struct And {
    is_later: bool,
}

impl And {
    fn next(&mut self, sql: &mut Sql) {
        sql.push(if self.is_later { " AND " } else { " WHERE " });
        self.is_later = true;
    }
}

/// Appends what the keys meet, but for the team of which none is wanted.
fn narrow(sql: &mut Sql, and: &mut And, filter: &KeyFilter) -> Result<(), StoreError> {
    let KeyFilter { search, alias_part, owner_part, visible_to, blocked, expired, .. } = filter;
    let keys = table_of(filter);
    if let Some(moment) = filter.deleted_since.filter(|_| filter.archived) {
        and.next(sql);
        sql.push("r.\"deleted_at\" >= ");
        sql.bind(Value::Time(moment));
    }
    if let Some(moment) = filter.rotation_due {
        and.next(sql);
        sql.push("(r.\"auto_rotate\" IS TRUE AND r.\"key_rotation_at\" <= ");
        sql.bind(Value::Time(moment));
        sql.push(")");
    }
    for (column, value) in filter.equal() {
        and.next(sql);
        has(sql, keys, column, value)?;
    }
    if let Some(search) = search {
        and.next(sql);
        sql.push("(");
        has(sql, keys, "token", search)?;
        sql.push(" OR ");
        sets::contains(sql, column(keys, "key_alias")?, search);
        sql.push(")");
    }
    for (name, part) in [("key_alias", alias_part), ("user_id", owner_part)] {
        if let Some(part) = part {
            and.next(sql);
            sets::contains(sql, column(keys, name)?, part);
        }
    }
    if let Some(visible) = visible_to {
        and.next(sql);
        visibility(sql, keys, visible)?;
    }
    if let Some(blocked) = blocked {
        and.next(sql);
        sql.push(if *blocked { "r.\"blocked\" IS TRUE" } else { "r.\"blocked\" IS NOT TRUE" });
    }
    if let Some((is_expired, now)) = expired {
        and.next(sql);
        self::expired(sql, *now);
        sql.push(if *is_expired { "" } else { " IS NOT TRUE" });
    }
    Ok(())
}

fn has(sql: &mut Sql, keys: &'static Schema, name: &str, value: &str) -> Result<(), StoreError> {
    equal(sql, keys, column(keys, name)?, value);
    Ok(())
}

fn expired(sql: &mut Sql, now: i64) {
    sql.push("(r.\"expires\" <= ");
    sql.bind(Value::Time(now));
    sql.push(")");
}

fn visibility(sql: &mut Sql, keys: &'static Schema, visible: &Visibility) -> Result<(), StoreError> {
    sql.push("(false");
    if let Some(user_id) = &visible.user_id {
        sql.push(" OR ");
        has(sql, keys, "user_id", user_id)?;
    }
    for (column, among) in [("team_id", &visible.team_ids), ("token", &visible.tokens)] {
        if !among.is_empty() {
            sql.push(" OR ");
            any_of(sql, keys, column, among);
        }
    }
    sql.push(")");
    Ok(())
}
