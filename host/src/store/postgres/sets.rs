//! Writes of all rows that meet conditions, and the rows of the audit log that note them.

use super::cells::Value;
use super::sql::{Sql, any_of, column, equal, table};
use crate::store::StoreError;
use latchkey_contract::tables::{AuditLog, Cells, Column, ColumnType, Schema, Table};
use latchkey_contract::wire::{Condition, Items, Note};
use std::borrow::Cow;

/// Appends what the rows of `r` meet: every condition, and that they have one of the items.
pub(super) fn condition(
    sql: &mut Sql,
    of: &'static Schema,
    conditions: &[Condition],
    take: Option<&Items>,
) -> Result<(), StoreError> {
    if conditions.is_empty() && take.is_none() {
        return Err(StoreError::Unknown("write of all rows".to_owned()));
    }
    let mut glue = "";
    for condition in conditions {
        sql.push(glue);
        glue = " AND ";
        match condition {
            Condition::In { column, values } => among(sql, of, column, values)?,
            Condition::Contains { columns, text } => {
                sql.push("(false");
                for name in columns {
                    sql.push(" OR ");
                    contains(sql, column(of, name)?, text);
                }
                sql.push(")");
            }
            Condition::Refers { column: by, table: other, of: named, member, rows } => {
                let other = table(other)?;
                let named = column(other, named)?.name;
                sql.push(&format!("r.\"{}\" IN (SELECT ", column(of, by)?.name));
                match member {
                    None => sql.push(&format!("r.\"{named}\" FROM \"{}\" AS r WHERE ", other.name)),
                    Some(member) => {
                        sql.push("i.item ->> ");
                        sql.bind(Value::Text(member.to_string()));
                        sql.push(&format!("::text FROM \"{}\" AS r, {} WHERE ", other.name, each(named)));
                    }
                }
                for (index, (name, values)) in rows.iter().enumerate() {
                    sql.push(if index > 0 { " AND " } else { "" });
                    among(sql, other, name, values)?;
                }
                sql.push(if rows.is_empty() { "false)" } else { ")" });
            }
        }
    }
    if let Some(items) = take {
        sql.push(glue);
        has(sql, of, items)?;
    }
    Ok(())
}

fn among(sql: &mut Sql, of: &'static Schema, name: &str, values: &[String]) -> Result<(), StoreError> {
    let column = column(of, name)?;
    match values {
        [value] => equal(sql, of, column, value),
        _ => any_of(sql, of, column.name, values),
    }
    Ok(())
}

/// Appends that the column of `r` contains the text, in any case.
pub(super) fn contains(sql: &mut Sql, column: &Column, text: &str) {
    sql.push("position(lower(");
    sql.bind(Value::wanted(text));
    sql.push(&format!("::text) IN lower(r.\"{}\")) > 0", column.name));
}

/// Appends that the list has one of the items.
fn has(sql: &mut Sql, of: &'static Schema, items: &Items) -> Result<(), StoreError> {
    let name = column(of, &items.column)?.name;
    if items.member.is_none() {
        sql.push(&format!("r.\"{name}\" && "));
        sql.bind(Value::any_of(&items.values));
        return Ok(());
    }
    if items.are_members_of_teams(of) {
        // the expression of the index `latchkey_team_member`
        sql.push("jsonb_path_query_array(r.\"members_with_roles\", '$[*].user_id') ?| ");
        sql.bind(Value::any_of(&items.values));
        sql.push("::text[]");
        return Ok(());
    }
    sql.push(&format!("EXISTS (SELECT 1 FROM {} WHERE ", each(name)));
    is_meant(sql, items);
    sql.push(")");
    Ok(())
}

/// The items of a document that should be a list, as `i`, in their order.
fn each(name: &str) -> String {
    format!(
        "jsonb_array_elements(CASE WHEN jsonb_typeof(r.\"{name}\") = 'array' THEN r.\"{name}\" ELSE '[]' END) \
         WITH ORDINALITY AS i(item, place)"
    )
}

fn is_meant(sql: &mut Sql, items: &Items) {
    sql.push("i.item ->> ");
    sql.bind(Value::Text(items.member.as_deref().unwrap_or_default().to_owned()));
    sql.push("::text = ANY(");
    sql.bind(Value::any_of(&items.values));
    sql.push("::text[])");
}

/// Appends the list without the items.
fn without(sql: &mut Sql, of: &'static Schema, items: &Items) -> Result<(), StoreError> {
    let name = column(of, &items.column)?.name;
    if items.member.is_none() {
        sql.push(&format!(
            "ARRAY(SELECT i.item FROM unnest(r.\"{name}\") WITH ORDINALITY AS i(item, place) WHERE i.item <> ALL("
        ));
        sql.bind(Value::any_of(&items.values));
        sql.push("::text[]) ORDER BY i.place)");
        return Ok(());
    }
    sql.push(&format!(
        "(SELECT coalesce(jsonb_agg(i.item ORDER BY i.place), '[]') FROM {} WHERE jsonb_typeof(i.item) = 'object' AND (",
        each(name)
    ));
    is_meant(sql, items);
    sql.push(") IS NOT TRUE)");
    Ok(())
}

/// Appends the statements that note the rows and delete them, or change them if there is `set`.
pub(super) fn write(
    out: &mut Vec<Sql>,
    of: &'static Schema,
    conditions: &[Condition],
    set: Option<(&Cells, Option<&Items>)>,
    noted: Option<&Note>,
    dependents: &[&str],
) -> Result<(), StoreError> {
    if let Some(note) = noted {
        out.push(audit(of, conditions, set, note)?);
    }
    let take = set.and_then(|(_, take)| take);
    let Some((cells, _)) = set else {
        for (dependent, name) in of.dependents.iter().filter(|(name, _)| dependents.contains(name)) {
            let key = of.key.first().copied().unwrap_or_default();
            let mut sql = Sql::new(format!(
                "DELETE FROM \"{dependent}\" WHERE \"{name}\" IN (SELECT r.\"{key}\" FROM \"{}\" AS r WHERE ",
                of.name
            ));
            condition(&mut sql, of, conditions, None)?;
            sql.push(")");
            out.push(sql);
        }
        let mut sql = Sql::new(format!("DELETE FROM \"{}\" AS r WHERE ", of.name));
        condition(&mut sql, of, conditions, None)?;
        out.push(sql);
        return Ok(());
    };
    let mut sql = Sql::new(format!("UPDATE \"{}\" AS r SET ", of.name));
    for (index, (name, cell)) in cells.iter().enumerate() {
        let column = column(of, name)?;
        sql.push(&format!("{}\"{}\" = ", if index > 0 { ", " } else { "" }, column.name));
        sql.bind(Value::stored(cell, column)?);
    }
    if let Some(items) = take {
        let name = column(of, &items.column)?.name;
        sql.push(&format!("{}\"{name}\" = ", if cells.is_empty() { "" } else { ", " }));
        without(&mut sql, of, items)?;
    }
    sql.push(" WHERE ");
    condition(&mut sql, of, conditions, take)?;
    out.push(sql);
    Ok(())
}

/// Where rows are copied to, and how.
#[derive(Debug)]
pub(super) struct Copies<'w> {
    pub(super) into: &'static Schema,
    pub(super) id: &'w str,
    pub(super) columns: &'w [Cow<'static, str>],
    pub(super) set: &'w Cells,
}

/// The statement that copies the rows.
pub(super) fn copy(
    of: &'static Schema,
    conditions: &[Condition],
    copies: &Copies<'_>,
) -> Result<Sql, StoreError> {
    let Copies { into, id, columns, set } = copies;
    let [id_column] = into.key else {
        return Err(StoreError::Unknown(format!("single primary key in `{}`", into.name)));
    };
    let mut sql = Sql::new(format!("INSERT INTO \"{}\" (\"{id_column}\"", into.name));
    for name in columns.iter().chain(set.iter().map(|(name, _)| name)) {
        sql.push(&format!(", \"{}\"", column(into, name)?.name));
    }
    sql.push(") SELECT ");
    sql.bind(Value::Text((*id).to_owned()));
    let key: Vec<String> = of.key.iter().map(|name| format!("r.\"{name}\"")).collect();
    sql.push(&format!("::text || lpad(to_hex(row_number() OVER (ORDER BY {})), 12, '0')", key.join(", ")));
    for name in *columns {
        sql.push(&format!(", r.\"{}\"", column(of, name)?.name));
    }
    for (name, cell) in set.iter() {
        let column = column(into, name)?;
        sql.push(", ");
        sql.bind(Value::stored(cell, column)?);
        sql.push(cast(column));
    }
    sql.push(&format!(" FROM \"{}\" AS r WHERE ", of.name));
    condition(&mut sql, of, conditions, None)?;
    Ok(sql)
}

/// The statement that notes the rows.
fn audit(
    of: &'static Schema,
    conditions: &[Condition],
    set: Option<(&Cells, Option<&Items>)>,
    note: &Note,
) -> Result<Sql, StoreError> {
    const LOG: &Schema = &AuditLog::SCHEMA;
    let names: Vec<String> = note.row.iter().map(|(name, _)| format!(", \"{name}\"")).collect();
    let key: Vec<String> = of.key.iter().map(|name| format!("r.\"{name}\"")).collect();
    let mut sql = Sql::new(format!(
        "INSERT INTO \"{}\" (\"id\", \"object_id\", \"before_value\", \"updated_values\"{}) SELECT ",
        LOG.name,
        names.concat()
    ));
    sql.bind(Value::Text(note.id.clone()));
    sql.push(&format!(
        "::text || '-' || lpad((row_number() OVER (ORDER BY {}))::text, 8, '0'), {}, ",
        key.join(", "),
        key.iter().map(|name| masked(name)).collect::<Vec<_>>().join(" || '/' || ")
    ));
    object(&mut sql, of, note, None)?;
    sql.push(", ");
    match set {
        Some(set) => object(&mut sql, of, note, Some(set))?,
        None => sql.push("NULL"),
    }
    for (name, cell) in note.row.iter() {
        let column = column(LOG, name)?;
        sql.push(", ");
        sql.bind(Value::stored(cell, column)?);
        sql.push(cast(column));
    }
    sql.push(&format!(" FROM \"{}\" AS r WHERE ", of.name));
    condition(&mut sql, of, conditions, set.and_then(|(_, take)| take))?;
    Ok(sql)
}

/// Appends the shown columns as a JSON object, those in `set` as they will be.
fn object(
    sql: &mut Sql,
    of: &'static Schema,
    note: &Note,
    set: Option<(&Cells, Option<&Items>)>,
) -> Result<(), StoreError> {
    sql.push("jsonb_build_object(");
    for (index, name) in note.shown.iter().enumerate() {
        let column = column(of, name)?;
        sql.push(&format!("{}'{}', ", if index > 0 { ", " } else { "" }, column.name));
        let is_time = column.kind == ColumnType::Time;
        sql.push(if is_time { "to_char(" } else { "" });
        match set {
            Some((_, Some(items))) if items.column == column.name => without(sql, of, items)?,
            Some((cells, _)) if cells.get(column.name).is_some() => {
                let cell = cells.get(column.name).map(|cell| Value::stored(cell, column));
                sql.bind(cell.transpose()?.unwrap_or(Value::Null));
                sql.push(cast(column));
            }
            _ if column.kind == ColumnType::Text => {
                sql.push(&masked(&format!("r.\"{}\"", column.name)));
            }
            _ => sql.push(&format!("r.\"{}\"", column.name)),
        }
        sql.push(if is_time { ", 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')" } else { "" });
    }
    sql.push(")");
    Ok(())
}

/// The type of a column, for a value whose type PostgreSQL cannot infer.
const fn cast(column: &Column) -> &'static str {
    match column.kind {
        ColumnType::Text => "::text",
        ColumnType::Int4 => "::integer",
        ColumnType::Int8 => "::bigint",
        ColumnType::Float => "::double precision",
        ColumnType::Bool => "::boolean",
        ColumnType::Time => "::timestamp",
        ColumnType::Json => "::jsonb",
        ColumnType::TextList => "::text[]",
    }
}

/// A text, of a key no more than how keys are shown.
fn masked(value: &str) -> String {
    format!("CASE WHEN left({value}, 3) = 'sk-' THEN 'sk-...' || right({value}, 4) ELSE {value} END")
}
