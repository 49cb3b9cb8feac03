//! Statements with their values, and the names that may occur in them: only those of core's tables.

use super::cells::Value;
use crate::store::StoreError;
use latchkey_contract::tables::{
    AuditLog, Column, ColumnType, FormerToken, SCHEMAS, Schema, Table, User, VirtualKey,
};
use tokio_postgres::types::ToSql;

/// A statement.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

impl Sql {
    /// The statement `text` without values.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// Appends text.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends the place of a value.
    pub(super) fn bind(&mut self, value: Value) {
        self.values.push(value);
        self.text.push_str(&format!("${}", self.values.len()));
    }

    /// The values as the library takes them.
    pub(super) fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
    }
}

/// The table called `name`.
pub(super) fn table(name: &str) -> Result<&'static Schema, StoreError> {
    let found = SCHEMAS.iter().find(|schema| schema.name == name);
    found.ok_or_else(|| StoreError::Unknown(format!("table `{name}`")))
}

/// The column of `table` called `name`.
pub(super) fn column(table: &'static Schema, name: &str) -> Result<&'static Column, StoreError> {
    table.column(name).ok_or_else(|| StoreError::Unknown(format!("column `{name}` in `{}`", table.name)))
}

/// The columns of `table` under the name `alias`.
pub(super) fn columns(alias: &str, table: &Schema) -> String {
    let names: Vec<String> =
        table.columns.iter().map(|column| format!("{alias}.\"{}\"", column.name)).collect();
    names.join(", ")
}

/// Columns that hold texts of any length: their index has only the beginning of each.
const BY_BEGINNING: &[(&str, &str)] = &[
    (VirtualKey::NAME, "user_id"),
    (VirtualKey::NAME, "team_id"),
    (User::NAME, "team_id"),
    (AuditLog::NAME, "object_id"),
    (AuditLog::NAME, "changed_by"),
];

/// Characters of such a beginning.
const BEGINNING: usize = 256;

fn is_by_beginning(table: &Schema, column: &str) -> bool {
    BY_BEGINNING.contains(&(table.name, column))
}

/// The expression that the index on a column holds; `alias` is that of the table, with its dot.
pub(super) fn indexed(table: &Schema, column: &str, alias: &str) -> String {
    if is_by_beginning(table, column) {
        format!("left({alias}\"{column}\", {BEGINNING})")
    } else if table.is_caseless(column) {
        format!("lower({alias}\"{column}\" COLLATE \"C\")")
    } else {
        format!("{alias}\"{column}\"")
    }
}

fn beginning(value: &str) -> &str {
    value.char_indices().nth(BEGINNING).and_then(|(end, _)| value.get(..end)).unwrap_or(value)
}

/// Appends that the column of the table `r` has the value.
pub(super) fn equal(sql: &mut Sql, table: &Schema, column: &Column, value: &str) {
    if is_by_beginning(table, column.name) {
        sql.push(&format!("{} = ", indexed(table, column.name, "r.")));
        sql.bind(Value::of_column(beginning(value), column));
        sql.push(" AND ");
    }
    if table.is_caseless(column.name) {
        sql.push(&format!("{} = ", indexed(table, column.name, "r.")));
        sql.bind(Value::of_column(&value.to_ascii_lowercase(), column));
        return;
    }
    sql.push(&format!("r.\"{}\" = ", column.name));
    sql.bind(Value::of_column(value, column));
}

/// Appends that the column, of text, has one of the values.
pub(super) fn any_of(sql: &mut Sql, table: &Schema, column: &str, values: &[String]) {
    if is_by_beginning(table, column) {
        let beginnings: Vec<String> = values.iter().map(|value| beginning(value).to_owned()).collect();
        sql.push(&format!("{} = ANY(", indexed(table, column, "r.")));
        sql.bind(Value::any_of(&beginnings));
        sql.push(") AND ");
    }
    if table.is_caseless(column) {
        let values: Vec<String> = values.iter().map(|value| value.to_ascii_lowercase()).collect();
        sql.push(&format!("{} = ANY(", indexed(table, column, "r.")));
        sql.bind(Value::any_of(&values));
    } else {
        sql.push(&format!("r.\"{column}\" = ANY("));
        sql.bind(Value::any_of(values));
    }
    sql.push(")");
}

/// The order of the rows of `table`, oldest first; those of one millisecond by their primary key.
pub(super) fn oldest_first(table: &Schema) -> String {
    if table.name == FormerToken::NAME {
        return " ORDER BY \"position\"".to_owned();
    }
    let age = ["created_at", "updated_at"].into_iter().find(|name| table.column(name).is_some());
    let mut parts: Vec<String> = age.map(|name| format!("r.\"{name}\" NULLS FIRST")).into_iter().collect();
    parts.extend(table.key.iter().filter_map(|name| table.column(name)).map(|column| sorted("r", column)));
    format!(" ORDER BY {}", parts.join(", "))
}

/// A column as it is sorted by: text by its bytes.
pub(super) fn sorted(alias: &str, column: &Column) -> String {
    let collation = if column.kind == ColumnType::Text { " COLLATE \"C\"" } else { "" };
    format!("{alias}.\"{}\"{collation}", column.name)
}

/// Appends that the row `r` of the table has this primary key.
pub(super) fn by_key(sql: &mut Sql, table: &'static Schema, key: &[String]) -> Result<(), StoreError> {
    if key.len() != table.key.len() {
        return Err(StoreError::Unknown(format!("primary key of {} values in `{}`", key.len(), table.name)));
    }
    for (index, (name, value)) in table.key.iter().zip(key).enumerate() {
        sql.push(&format!("{}r.\"{name}\" = ", if index > 0 { " AND " } else { "" }));
        sql.bind(Value::of_column(value, column(table, name)?));
    }
    Ok(())
}
