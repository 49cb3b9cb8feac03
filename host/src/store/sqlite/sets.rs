//! Writes of all rows that meet conditions, and the rows of the audit log that note them.

use super::{rows, schema};
use crate::store::StoreError;
use latchkey_contract::tables::{AuditLog, Cells, Column, ColumnType, Schema, Table};
use latchkey_contract::wire::{Condition, Items, Note};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// A part of a statement with its values.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

impl Part {
    fn push(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(sql);
        self.values.extend(values);
    }
}

/// What the rows meet: every condition, and that they have one of the items.
pub(super) fn condition(
    table: &'static Schema,
    conditions: &[Condition],
    take: Option<&Items>,
) -> Result<Part, StoreError> {
    let mut out = Part::default();
    for condition in conditions {
        out.push(if out.sql.is_empty() { "" } else { " AND " }, []);
        match condition {
            Condition::In { column, values } => among(&mut out, table, column, values)?,
            Condition::Refers { column, table: other, of, member, rows } => {
                let other = schema::table(other)?;
                let (column, of) = (schema::column(table, column)?, schema::column(other, of)?);
                out.push(&format!("\"{}\" IN (SELECT ", column.name), []);
                match member {
                    None => out.push(&format!("\"{}\" FROM \"{}\" WHERE ", of.name, other.name), []),
                    Some(member) => {
                        let items = format!(
                            "{MEMBER} FROM \"{0}\", json_each(\"{0}\".\"{1}\") AS i WHERE ",
                            other.name, of.name
                        );
                        out.push(&items, [path(member)]);
                    }
                }
                for (index, (column, values)) in rows.iter().enumerate() {
                    out.push(if index > 0 { " AND " } else { "" }, []);
                    among(&mut out, other, column, values)?;
                }
                out.push(if rows.is_empty() { "0)" } else { ")" }, []);
            }
        }
    }
    if let Some(items) = take {
        out.push(if out.sql.is_empty() { "" } else { " AND " }, []);
        if items.are_members_of_teams(table) {
            out.push(
                "\"team_id\" IN (SELECT \"team_id\" FROM \"latchkey_team_member\" WHERE \"user_id\" IN ",
                [],
            );
            let list = Value::Text(serde_json::to_string(&items.values).unwrap_or_default());
            out.push("(SELECT value FROM json_each(?)))", [list]);
        } else {
            let of = items_of(table, items)?;
            out.push(&format!("EXISTS (SELECT 1 FROM {} WHERE {})", of.each, of.is_meant), of.values);
        }
    }
    if out.sql.is_empty() {
        return Err(StoreError::Unknown("write of all rows".to_owned()));
    }
    Ok(out)
}

fn among(out: &mut Part, table: &'static Schema, name: &str, values: &[String]) -> Result<(), StoreError> {
    let column = schema::column(table, name)?;
    if let [value] = values {
        out.push(&format!("{} = ?", schema::compared(table, column)), [rows::wanted(value, column)]);
    } else {
        let list = serde_json::to_string(values).unwrap_or_default();
        let column = schema::compared(table, column);
        out.push(&format!("{column} IN (SELECT value FROM json_each(?))"), [Value::Text(list)]);
    }
    Ok(())
}

/// The member of the item `i` of a list; its [`path`] is a parameter.
const MEMBER: &str = "CASE WHEN i.type = 'object' THEN json_extract(i.value, ?) END";

fn path(member: &str) -> Value {
    Value::Text(format!("$.\"{member}\""))
}

/// How the items of a list are looked through.
struct ItemsOf {
    column: &'static Column,
    each: String,
    is_meant: String,
    values: Vec<Value>,
    kept: &'static str,
}

fn items_of(table: &'static Schema, items: &Items) -> Result<ItemsOf, StoreError> {
    let column = schema::column(table, &items.column)?;
    let (value, kept) = match &items.member {
        Some(_) => (MEMBER, "json(i.value)"),
        None => ("i.value", "i.value"),
    };
    let path = items.member.as_deref().map(path);
    let list = Value::Text(serde_json::to_string(&items.values).unwrap_or_default());
    Ok(ItemsOf {
        column,
        each: format!("json_each(\"{}\".\"{}\") AS i", table.name, column.name),
        is_meant: format!("{value} IN (SELECT value FROM json_each(?))"),
        values: path.into_iter().chain([list]).collect(),
        kept,
    })
}

/// The list without the items.
fn without(table: &'static Schema, items: &Items) -> Result<(&'static Column, Part), StoreError> {
    let ItemsOf { column, each, is_meant, values, kept } = items_of(table, items)?;
    let is_kept = if items.member.is_some() { " AND i.type = 'object'" } else { "" };
    let sql = format!("(SELECT json_group_array({kept}) FROM {each} WHERE ({is_meant}) IS NOT 1{is_kept})");
    Ok((column, Part { sql, values }))
}

/// Deletes the rows, or changes them if there is `set`, and notes them first.
pub(super) fn write(
    connection: &Connection,
    table: &'static Schema,
    conditions: &[Condition],
    set: Option<(&Cells, Option<&Items>)>,
    noted: Option<&Note>,
) -> Result<(), StoreError> {
    let take = set.and_then(|(_, take)| take);
    let which = condition(table, conditions, take)?;
    let set = match set {
        Some((cells, take)) => Some(changes(table, cells, take)?),
        None => None,
    };
    if let Some(note) = noted {
        let insert = audit(table, note, &which, set.as_deref())?;
        connection.prepare_cached(&insert.sql)?.execute(params_from_iter(insert.values))?;
    }
    let mut out = Part::default();
    match set {
        None => out.push(&format!("DELETE FROM \"{}\"", table.name), []),
        Some(set) => {
            out.push(&format!("UPDATE \"{}\" SET ", table.name), []);
            for (index, (column, value)) in set.into_iter().enumerate() {
                out.push(&format!("{}\"{}\" = ", if index > 0 { ", " } else { "" }, column.name), []);
                out.push(&value.sql, value.values);
            }
        }
    }
    out.push(" WHERE ", []);
    out.push(&which.sql, which.values);
    connection.prepare_cached(&out.sql)?.execute(params_from_iter(out.values))?;
    Ok(())
}

type Set = Vec<(&'static Column, Part)>;

/// What the columns of changed rows are set to.
fn changes(table: &'static Schema, cells: &Cells, take: Option<&Items>) -> Result<Set, StoreError> {
    let mut set = Vec::new();
    for (name, cell) in cells.iter() {
        let column = schema::column(table, name)?;
        set.push((column, Part { sql: "?".to_owned(), values: vec![rows::value(cell, column)?] }));
    }
    if let Some(items) = take {
        set.push(without(table, items)?);
    }
    Ok(set)
}

/// The statement that notes the rows.
fn audit(
    table: &'static Schema,
    note: &Note,
    which: &Part,
    set: Option<&[(&'static Column, Part)]>,
) -> Result<Part, StoreError> {
    const LOG: &Schema = &AuditLog::SCHEMA;
    let key: Vec<String> = table.key.iter().map(|name| format!("\"{name}\"")).collect();
    let mut out = Part::default();
    let names: Vec<String> = note.row.iter().map(|(name, _)| format!(", \"{name}\"")).collect();
    out.push(
        &format!(
            "INSERT INTO \"{}\" (\"id\", \"object_id\", \"before_value\", \"updated_values\"{}) SELECT ? || '-' || \
             printf('%08d', row_number() OVER (ORDER BY {})), {}, ",
            LOG.name,
            names.concat(),
            key.join(", "),
            key.iter().map(|name| masked(name)).collect::<Vec<_>>().join(" || '/' || "),
        ),
        [Value::Text(note.id.clone())],
    );
    object(&mut out, table, note, &[])?;
    out.push(", ", []);
    match set {
        Some(set) => object(&mut out, table, note, set)?,
        None => out.push("NULL", []),
    }
    for (name, cell) in note.row.iter() {
        out.push(", ?", [rows::value(cell, schema::column(LOG, name)?)?]);
    }
    out.push(&format!(" FROM \"{}\" WHERE {}", table.name, which.sql), which.values.clone());
    Ok(out)
}

/// The shown columns as a JSON object, those in `set` as they will be.
fn object(
    out: &mut Part,
    table: &'static Schema,
    note: &Note,
    set: &[(&'static Column, Part)],
) -> Result<(), StoreError> {
    out.push("json_object(", []);
    for (index, name) in note.shown.iter().enumerate() {
        let column = schema::column(table, name)?;
        let changed = set.iter().find(|(of, _)| of.name == column.name);
        let (value, values) = match changed {
            Some((_, part)) => (part.sql.clone(), part.values.clone()),
            None => (format!("\"{}\"", column.name), Vec::new()),
        };
        let shown = match column.kind {
            ColumnType::Json | ColumnType::TextList => format!("json({value})"),
            ColumnType::Bool => format!("json(iif({value} IS NULL, 'null', iif({value}, 'true', 'false')))"),
            ColumnType::Time => format!("strftime('%Y-%m-%dT%H:%M:%fZ', {value} / 1000.0, 'unixepoch')"),
            ColumnType::Text if changed.is_none() => masked(&value),
            _ => value,
        };
        let times = if column.kind == ColumnType::Bool { 2 } else { 1 };
        out.push(&format!("{}'{}', {shown}", if index > 0 { ", " } else { "" }, column.name), []);
        out.values.extend(std::iter::repeat_n(values, times).flatten());
    }
    out.push(")", []);
    Ok(())
}

/// A text, of a key no more than how keys are shown.
fn masked(value: &str) -> String {
    format!("iif(substr({value}, 1, 3) = 'sk-', 'sk-...' || substr({value}, -4), {value})")
}
