//! Writes of all rows that meet conditions, and the rows of the audit log that note them.

use super::cells::{cells, stored};
use super::select::quoted;
use super::statement::{Action, Parameter, Piece, Statement, Unknown, among, any_of, column, fill, table};
use super::templates;
use crate::tables::{AuditLog, Cells, Column, ColumnType, Schema, Table};
use crate::wire::{Condition, Items, Note};
use Piece::{Name, Part, Value};
use std::borrow::Cow;

/// What the rows meet, of which a write is about some: every condition, and that they have one of the items.
fn condition(of: &'static Schema, rows: &[Condition], take: Option<&Items>) -> Result<Statement, Unknown> {
    let all = conditions(of, rows, take)?;
    if all.is_empty() {
        return Err(Unknown("write of all rows".to_owned()));
    }
    Ok(Statement::joined(all, " AND "))
}

/// What rows meet: every condition, and that they have one of the items.
pub(super) fn conditions(
    of: &'static Schema,
    conditions: &[Condition],
    take: Option<&Items>,
) -> Result<Vec<Statement>, Unknown> {
    let mut all = Vec::new();
    for condition in conditions {
        all.push(match condition {
            Condition::In { column, values } => among(of, column, values)?,
            Condition::Contains { columns, text } => contains(of, columns, text)?,
            Condition::Refers { .. } => refers(of, condition)?,
        });
    }
    match take {
        Some(items) if items.are_members_of_teams(of) => {
            let values = Parameter::list(&items.values);
            all.push(fill(templates::HAS_MEMBER, &[("values", Value(&values))]));
        }
        Some(items) => {
            let (each, is_meant) = (each(of, column(of, &items.column)?), is_meant(items));
            all.push(fill(templates::HAS_ITEM, &[("each", Part(&each)), ("is_meant", Part(&is_meant))]));
        }
        None => {}
    }
    Ok(all)
}

/// One of the columns contains the text.
fn contains(of: &'static Schema, columns: &[Cow<'static, str>], text: &str) -> Result<Statement, Unknown> {
    let text = Parameter::text(text);
    let one = |name: &Cow<'static, str>| {
        let pieces = [("column", Name(column(of, name)?.name)), ("text", Value(&text))];
        Ok(fill(templates::CONTAINS, &pieces))
    };
    Ok(any_of(columns.iter().map(one).collect::<Result<_, Unknown>>()?))
}

fn refers(of: &'static Schema, condition: &Condition) -> Result<Statement, Unknown> {
    let Condition::Refers { column: name, table: other, of: referred, member, rows } = condition else {
        return Ok(Statement::of(templates::NONE));
    };
    let other = table(other)?;
    let (named, referred) = (column(of, name)?, column(other, referred)?);
    let rows = rows.iter().map(|(column, values)| among(other, column, values));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let condition = match rows.is_empty() {
        true => Statement::of(templates::NONE),
        false => Statement::joined(rows, " AND "),
    };
    let both = [("column", Name(named.name)), ("table", Name(other.name)), ("condition", Part(&condition))];
    let [column, table, condition] = both;
    Ok(match member {
        None => fill(templates::REFERS, &[column, table, condition, ("of", Name(referred.name))]),
        Some(member) => {
            let (item, each) = (this_member(member), each(other, referred));
            let pieces = [column, table, condition, ("item", Part(&item)), ("each", Part(&each))];
            fill(templates::REFERS_TO_ITEM, &pieces)
        }
    })
}

fn each(of: &Schema, column: &Column) -> Statement {
    fill(templates::EACH, &[("table", Name(of.name)), ("column", Name(column.name))])
}

fn this_member(member: &str) -> Statement {
    let path = Parameter::Text(format!("$.\"{member}\""));
    fill(templates::MEMBER, &[("path", Value(&path))])
}

fn is_meant(items: &Items) -> Statement {
    let item = match &items.member {
        Some(member) => this_member(member),
        None => Statement::of(templates::ITEM),
    };
    let values = Parameter::list(&items.values);
    fill(templates::ITEM_IS_AMONG, &[("item", Part(&item)), ("values", Value(&values))])
}

/// Deletes the rows, or changes them if there is `set`, and notes them first.
pub(super) fn write(
    of: &'static Schema,
    conditions: &[Condition],
    set: Option<(&Cells, Option<&Items>)>,
    noted: Option<&Note>,
) -> Result<Vec<Action>, Unknown> {
    let which = condition(of, conditions, set.and_then(|(_, take)| take))?;
    let set = match set {
        Some((cells, take)) => Some(changes(of, cells, take)?),
        None => None,
    };
    let mut actions = Vec::new();
    if let Some(note) = noted {
        actions.push(Action::Run(audit(of, note, &which, set.as_deref())?));
    }
    let (table, condition) = (("table", Name(of.name)), ("condition", Part(&which)));
    actions.push(Action::Run(match set {
        None => fill(templates::DELETE, &[table, condition]),
        Some(set) => {
            let set = set.into_iter().map(|(column, mut value)| {
                value.sql = format!("\"{}\" = {}", column.name, value.sql);
                value
            });
            fill(templates::UPDATE, &[table, condition, ("set", Part(&Statement::joined(set, ", ")))])
        }
    }));
    Ok(actions)
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
) -> Result<Statement, Unknown> {
    let Copies { into, id, columns, set } = copies;
    let [id_column] = into.key else {
        return Err(Unknown(format!("single primary key in `{}`", into.name)));
    };
    let which = condition(of, conditions, None)?;
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for name in *columns {
        names.push(quoted(column(into, name)?.name));
        values.push(Statement::of(&quoted(column(of, name)?.name)));
    }
    for (name, cell) in set.iter() {
        let column = column(into, name)?;
        names.push(quoted(column.name));
        values.push(Statement::value(stored(cell, column)?));
    }
    let key: Vec<String> = of.key.iter().map(|name| quoted(name)).collect();
    Ok(fill(
        templates::COPY,
        &[
            ("into", Name(into.name)),
            ("id_column", Name(id_column)),
            ("columns", Name(&names.join(", "))),
            ("id", Value(&Parameter::text(id))),
            ("key", Name(&key.join(", "))),
            ("values", Part(&Statement::joined(values, ", "))),
            ("table", Name(of.name)),
            ("condition", Part(&which)),
        ],
    ))
}

type Set = Vec<(&'static Column, Statement)>;

/// What the columns of changed rows are set to.
fn changes(of: &'static Schema, cells: &Cells, take: Option<&Items>) -> Result<Set, Unknown> {
    let mut set = Vec::new();
    for (name, cell) in cells.iter() {
        let column = column(of, name)?;
        set.push((column, Statement::value(stored(cell, column)?)));
    }
    if let Some(items) = take {
        let column = column(of, &items.column)?;
        let template = match items.member {
            Some(_) => templates::OBJECTS_WITHOUT,
            None => templates::TEXTS_WITHOUT,
        };
        let (each, is_meant) = (each(of, column), is_meant(items));
        set.push((column, fill(template, &[("each", Part(&each)), ("is_meant", Part(&is_meant))])));
    }
    Ok(set)
}

/// The statement that notes the rows.
fn audit(
    of: &'static Schema,
    note: &Note,
    which: &Statement,
    set: Option<&[(&'static Column, Statement)]>,
) -> Result<Statement, Unknown> {
    let key: Vec<String> = of.key.iter().map(|name| quoted(name)).collect();
    let object_id = key.iter().map(|name| masked(&Statement::of(name)));
    let (columns, values) = cells(&AuditLog::SCHEMA, &note.row)?;
    let after = match set {
        Some(set) => object(of, note, set)?,
        None => Statement::of("NULL"),
    };
    Ok(fill(
        templates::NOTE,
        &[
            ("id", Value(&Parameter::text(&note.id))),
            ("key", Name(&key.join(", "))),
            ("object", Part(&Statement::joined(object_id, " || '/' || "))),
            ("before", Part(&object(of, note, &[])?)),
            ("after", Part(&after)),
            ("columns", Name(&columns)),
            ("values", Part(&values)),
            ("table", Name(of.name)),
            ("condition", Part(which)),
        ],
    ))
}

/// The shown columns as a JSON object, those in `set` as they will be.
fn object(
    of: &'static Schema,
    note: &Note,
    set: &[(&'static Column, Statement)],
) -> Result<Statement, Unknown> {
    let members = note.shown.iter().map(|name| {
        let column = column(of, name)?;
        let changed = set.iter().find(|(of, _)| of.name == column.name).map(|(_, value)| value);
        let mut out = shown(column, changed);
        out.sql = format!("'{}', {}", column.name, out.sql);
        Ok(out)
    });
    let members = Statement::joined(members.collect::<Result<Vec<_>, _>>()?, ", ");
    Ok(fill(templates::SHOWN, &[("members", Part(&members))]))
}

/// A column as it is, or as it will be.
fn shown(column: &Column, changed: Option<&Statement>) -> Statement {
    let value = changed.cloned().unwrap_or_else(|| Statement::of(&quoted(column.name)));
    let template = match column.kind {
        ColumnType::Json | ColumnType::TextList => templates::SHOWN_JSON,
        ColumnType::Bool => templates::SHOWN_BOOL,
        ColumnType::Time => templates::SHOWN_TIME,
        ColumnType::Int4 | ColumnType::Int8 => templates::SHOWN_WHOLE,
        ColumnType::Text if changed.is_none() => return masked(&value),
        ColumnType::Text | ColumnType::Float => return value,
    };
    fill(template, &[("value", Part(&value))])
}

fn masked(value: &Statement) -> Statement {
    fill(templates::MASKED, &[("value", Part(value))])
}
