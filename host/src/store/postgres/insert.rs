//! New rows, among them copies of others.

use super::cells::Value;
use super::layout::sql_type;
use super::sql::{Sql, by_key, column};
use crate::store::StoreError;
use latchkey_contract::tables::{Cells, ColumnType, Schema};

/// Appends the statements that insert a row; with `like` it is a copy of the row with that primary key.
pub(super) fn inserting(
    out: &mut Vec<Sql>,
    table: &'static Schema,
    row: &Cells,
    like: Option<&[String]>,
) -> Result<(), StoreError> {
    if let Some(original) = like {
        out.push(copying(table, row, original)?);
        return Ok(());
    }
    let names: Vec<String> = row.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let mut sql = Sql::new(format!("INSERT INTO \"{}\" ({}) VALUES (", table.name, names.join(", ")));
    for (index, (name, cell)) in row.iter().enumerate() {
        if index > 0 {
            sql.push(", ");
        }
        sql.bind(Value::stored(cell, column(table, name)?)?);
    }
    sql.push(")");
    out.push(sql);
    out.extend(numbering(table, row)?);
    Ok(())
}

/// Inserts a copy of a row, with the columns of `row` as they are there; a missing original ends the transaction.
fn copying(table: &'static Schema, row: &Cells, original: &[String]) -> Result<Sql, StoreError> {
    let mut sql = Sql::new(format!(
        "WITH copied AS (INSERT INTO \"{0}\" SELECT (c.copy).* FROM \
         (SELECT jsonb_populate_record(r, to_jsonb(n)) AS copy FROM \"{0}\" AS r, (SELECT ",
        table.name
    ));
    for (index, (name, cell)) in row.iter().enumerate() {
        let column = column(table, name)?;
        sql.push(if index > 0 { ", " } else { "" });
        sql.bind(Value::stored(cell, column)?);
        sql.push(&format!("::{} AS \"{}\"", sql_type(column.kind), column.name));
    }
    sql.push(") AS n WHERE ");
    by_key(&mut sql, table, original)?;
    sql.push(") AS c RETURNING 1) SELECT 1 / count(*) FROM copied");
    Ok(sql)
}

/// Where the database numbers rows itself: the next number it gives is beyond that of this row.
fn numbering(table: &'static Schema, row: &Cells) -> Result<Option<Sql>, StoreError> {
    let [key] = table.key else { return Ok(None) };
    let (column, Some(cell)) = (column(table, key)?, row.get(key)) else { return Ok(None) };
    if column.kind != ColumnType::Int4 {
        return Ok(None);
    }
    let mut sql = Sql::new("SELECT setval(numbers, greatest(");
    sql.bind(Value::stored(cell, column)?);
    sql.push(&format!(
        "::bigint, coalesce(pg_sequence_last_value(numbers), 0))) FROM \
         (SELECT pg_get_serial_sequence('\"{}\"', '{key}')::regclass AS numbers) AS found WHERE numbers IS NOT NULL",
        table.name
    ));
    Ok(Some(sql))
}
