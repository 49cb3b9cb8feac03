//! Answers to queries.

use super::caller::CALLER;
use super::cells::{Value, append_object};
use super::layout::Layout;
use super::listing::{self, Page};
use super::sql::{Sql, any_of, column, equal, oldest_first, table};
use super::{audit, within};
use crate::store::{Fact, StoreError};
use latchkey_contract::json::write_str;
use latchkey_contract::tables::{Schema, Table};
use latchkey_contract::wire::Query;
use tokio_postgres::Row;

/// What the rows of a query are.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Rows(&'static Schema),
    /// Without lists and documents.
    Brief(&'static Schema),
    /// With lists and documents as far as they have room.
    Within(&'static Schema),
    /// Tokens of keys alone.
    Tokens,
    Caller,
}

/// A query with the statements that answer it.
pub(super) struct Question {
    query: Query,
    shape: Shape,
    pub(super) rows: Sql,
    /// Where a page is asked for: counts all that match.
    pub(super) total: Option<Sql>,
}

impl Question {
    /// The statements for `query`.
    pub(super) fn new(layout: &Layout, query: Query) -> Result<Self, StoreError> {
        let (shape, rows, total) = match &query {
            Query::Caller { token } => (Shape::Caller, caller(layout, token), None),
            Query::Rows { table: name, column: by, values } => {
                let table = table(name)?;
                (Shape::Rows(table), some(layout.select(table), table, by, values)?, None)
            }
            Query::Brief { table: name, column: by, values, limit } => {
                let table = table(name)?;
                let mut sql = some(within::select_brief(layout, table), table, by, values)?;
                if let Some(most) = limit {
                    sql.push(&format!(" LIMIT {most}"));
                }
                (Shape::Brief(table), sql, None)
            }
            Query::All { table: name } => {
                let table = table(name)?;
                let mut sql = layout.select(table);
                sql.push(&oldest_first(table));
                (Shape::Rows(table), sql, None)
            }
            Query::Keys { filter, order, offset, limit, bytes } => {
                let page = Page { order, offset: *offset, limit: *limit, bytes: *bytes };
                let (rows, total) = listing::keys(layout, filter, &page)?;
                let shape = bytes.map_or(Shape::Tokens, |_| Shape::Within(listing::table_of(filter)));
                (shape, rows, Some(total))
            }
            Query::Page { table: name, rows, having, order, offset, limit, bytes } => {
                let table = table(name)?;
                let page = Page { order, offset: *offset, limit: *limit, bytes: Some(*bytes) };
                let (rows, total) = listing::rows(layout, table, (rows, having.as_ref()), &page)?;
                (Shape::Within(table), rows, Some(total))
            }
            Query::Audit { filter, offset, limit } => {
                let (rows, total) = audit::page(layout, filter, *offset, *limit)?;
                (Shape::Rows(&latchkey_contract::tables::AuditLog::SCHEMA), rows, Some(total))
            }
            Query::CustomRule { .. } | Query::Probe { .. } => {
                return Err(StoreError::Unknown("answer to what is no question to a store".to_owned()));
            }
        };
        Ok(Self { query, shape, rows, total })
    }

    /// The answer in the rows that came.
    pub(super) fn answer(self, rows: &[Row], total: Option<&[Row]>) -> Result<Fact, StoreError> {
        let out = match self.shape {
            Shape::Rows(table) => array(rows, table)?,
            Shape::Brief(table) => list(rows, |out, row| within::append_brief(out, row, table))?,
            Shape::Within(table) => list(rows, |out, row| within::append(out, row, table))?,
            Shape::Tokens => list(rows, append_token)?,
            Shape::Caller => list(rows, append_caller)?,
        };
        let total = match total.and_then(<[Row]>::first) {
            Some(row) => Some(u64::try_from(row.try_get::<_, i64>(0)?).unwrap_or_default()),
            None => None,
        };
        Ok(Fact { query: self.query, rows: out.into(), total })
    }
}

/// Rows of `table` as a JSON array.
pub(super) fn array(rows: &[Row], table: &Schema) -> Result<String, StoreError> {
    list(rows, |out, row| append_object(out, row, 0, table, false).map(drop))
}

fn list(
    rows: &[Row],
    append: impl Fn(&mut String, &Row) -> Result<(), StoreError>,
) -> Result<String, StoreError> {
    let mut out = String::from("[");
    for row in rows {
        if out.len() > 1 {
            out.push(',');
        }
        append(&mut out, row)?;
    }
    out.push(']');
    Ok(out)
}

fn append_token(out: &mut String, row: &Row) -> Result<(), StoreError> {
    out.push_str("{\"token\":");
    write_str(out, row.try_get(0)?);
    out.push('}');
    Ok(())
}

/// The rows of `sql`, of `table` as `r`, in which the column has one of the values.
fn some(mut sql: Sql, table: &'static Schema, by: &str, values: &[String]) -> Result<Sql, StoreError> {
    let by = column(table, by)?;
    if let [value] = values {
        sql.push(" WHERE ");
        equal(&mut sql, table, by, value);
    } else {
        sql.push(" WHERE ");
        any_of(&mut sql, table, by.name, values);
    }
    if !(values.len() == 1 && matches!(table.key, [key] if *key == by.name)) {
        sql.push(&oldest_first(table));
    }
    Ok(sql)
}

/// The key with this token and the rows it names.
fn caller(layout: &Layout, token: &str) -> Sql {
    let mut sql = Sql::new(layout.caller.as_str());
    sql.bind(Value::wanted(token));
    sql
}

fn append_caller(out: &mut String, row: &Row) -> Result<(), StoreError> {
    let mut from = 0;
    for (index, (member, _, table)) in CALLER.iter().enumerate() {
        out.push_str(if index == 0 { "{\"" } else { ",\"" });
        out.push_str(member);
        out.push_str("\":");
        if !append_object(out, row, from, table, false)? {
            out.push_str("null");
        }
        from += table.columns.len();
    }
    out.push('}');
    Ok(())
}
