//! Rows whose lists and documents come only as far as they have room in one answer.

use super::cells::append_object;
use super::layout::Layout;
use super::sql::Sql;
use crate::store::StoreError;
use latchkey_contract::tables::{Column, ColumnType, Schema};
use tokio_postgres::Row;

/// The statement for the rows of `table` as `r`, of which `which` appends what follows the table's name, in the order of
/// `order`. PostgreSQL keeps large values apart from the rows, so what has no room is not read: first by what it takes in the database,
/// which is known, and then by what it takes in the answer.
pub(super) fn select(
    layout: &Layout,
    table: &Schema,
    order: &str,
    bytes: u64,
    which: impl FnOnce(&mut Sql) -> Result<(), StoreError>,
) -> Result<Sql, StoreError> {
    let documents: Vec<&Column> = table.columns.iter().filter(|column| column.is_document()).collect();
    let sum = |size: fn(&str) -> String| {
        let sizes = documents.iter().map(|column| format!("coalesce({}, 0)", size(column.name)));
        sizes.collect::<Vec<_>>().join(" + ")
    };
    let stored = sum(|name| format!("pg_column_size(r.\"{name}\")"));
    let told = sum(|name| format!("octet_length(r.\"{name}\"::text)"));
    let (most, beyond) = (bytes / 4, bytes.saturating_add(1));
    let so_far = |size: &str| {
        format!("sum(least({size}, {most})) OVER (ORDER BY r.place ROWS UNBOUNDED PRECEDING) <= {bytes}")
    };
    let cells = table.columns.iter().map(|column| match column.is_document() {
        true => format!("CASE WHEN r.has_room THEN r.\"{0}\" END AS \"{0}\"", column.name),
        false => format!("r.\"{}\"", column.name),
    });
    let mut sql = Sql::new(format!(
        "SELECT {}, r.has_room FROM (\
         SELECT r.*, r.told <= {most} AND sum(CASE WHEN r.told <= {most} THEN r.told ELSE 0 END) \
         OVER (ORDER BY r.place ROWS UNBOUNDED PRECEDING) <= {bytes} AS has_room FROM (\
         SELECT r.*, CASE WHEN r.stored <= {most} AND r.is_near THEN {told} ELSE {beyond} END AS told FROM (\
         SELECT r.*, {} AS is_near FROM (\
         SELECT r.*, {stored} AS stored, row_number() OVER ({order}) AS place FROM (\
         SELECT r.* FROM {} AS r",
        cells.collect::<Vec<_>>().join(", "),
        so_far("r.stored"),
        layout.source(table)
    ));
    which(&mut sql)?;
    sql.push(") AS r) AS r) AS r) AS r) AS r ORDER BY r.place");
    Ok(sql)
}

/// Appends a row of such a statement.
pub(super) fn append(out: &mut String, row: &Row, table: &Schema) -> Result<(), StoreError> {
    let has_room = row.try_get::<_, bool>(table.columns.len())?;
    append_object(out, row, 0, table, !has_room).map(drop)
}

/// The statement that selects the rows of `table` as `r` without their lists and documents.
pub(super) fn select_brief(layout: &Layout, table: &Schema) -> Sql {
    let cells = table.columns.iter().map(|column| match column.kind {
        ColumnType::Json | ColumnType::TextList => "NULL".to_owned(),
        _ => format!("r.\"{}\"", column.name),
    });
    Sql::new(format!("SELECT {} FROM {} AS r", cells.collect::<Vec<_>>().join(", "), layout.source(table)))
}

/// Appends a row of such a statement.
pub(super) fn append_brief(out: &mut String, row: &Row, table: &Schema) -> Result<(), StoreError> {
    append_object(out, row, 0, table, true).map(drop)
}
