//! A statement, filled in, and the names that may stand in it: only those of the tables.

use super::templates;
use crate::json::{write_list, write_str};
use crate::tables::{Column, SCHEMAS, Schema};

/// A value that stands for a `?`.
#[derive(Debug, Clone, PartialEq)]
pub enum Parameter {
    /// NULL
    Null,
    /// A whole number, a moment or a truth value.
    Integer(i64),
    /// A finite double.
    Float(f64),
    /// Text.
    Text(String),
}

impl Parameter {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Texts as an array of JSON.
    pub(super) fn list(texts: &[String]) -> Self {
        let mut out = String::new();
        write_list(&mut out, texts, |out, text| write_str(out, text));
        Self::Text(out)
    }

    /// A number that may be larger than SQLite's.
    pub(super) fn number(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// A statement, or a part of one, and the values for its `?` in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// The values.
    pub parameters: Vec<Parameter>,
}

/// What was asked for and is not there: a table, a column, room for a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown(pub String);

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the store has no {}", self.0)
    }
}

impl std::error::Error for Unknown {}

/// What is filled in for a name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece<'p> {
    Name(&'p str),
    Part(&'p Statement),
    Value(&'p Parameter),
}

/// Fills in a template.
pub(super) fn fill(template: &str, pieces: &[(&str, Piece<'_>)]) -> Statement {
    let mut out = Statement::default();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.sql.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        rest = after;
        let name = name.strip_prefix('?').unwrap_or(name);
        match pieces.iter().find(|(of, _)| *of == name).map(|(_, piece)| *piece) {
            Some(Piece::Name(name)) => out.sql.push_str(name),
            Some(Piece::Part(part)) => {
                out.sql.push_str(&part.sql);
                out.parameters.extend_from_slice(&part.parameters);
            }
            Some(Piece::Value(value)) => {
                out.sql.push('?');
                out.parameters.push(value.clone());
            }
            None => debug_assert!(false, "`{name}` of `{template}`"),
        }
    }
    out.sql.push_str(rest);
    out
}

impl Statement {
    pub(super) fn of(sql: &str) -> Self {
        Self { sql: sql.to_owned(), parameters: Vec::new() }
    }

    /// A value alone.
    pub(super) fn value(value: Parameter) -> Self {
        Self { sql: "?".to_owned(), parameters: vec![value] }
    }

    /// Parts with a word between them.
    pub(super) fn joined(parts: impl IntoIterator<Item = Self>, word: &str) -> Self {
        let mut parts = parts.into_iter();
        let mut out = parts.next().unwrap_or_default();
        for part in parts {
            out.sql.push_str(word);
            out.sql.push_str(&part.sql);
            out.parameters.extend(part.parameters);
        }
        out
    }
}

/// The conditions as what follows a table's name.
pub(super) fn all_of(conditions: Vec<Statement>) -> Statement {
    if conditions.is_empty() {
        return Statement::default();
    }
    let mut out = Statement::joined(conditions, " AND ");
    out.sql.insert_str(0, "WHERE ");
    out
}

/// A column has one of the values.
pub(super) fn among(table: &'static Schema, name: &str, values: &[String]) -> Result<Statement, Unknown> {
    let column = column(table, name)?;
    let names = [("column", Piece::Name(column.name)), ("collation", Piece::Name(collation(table, column)))];
    let [of, how] = names;
    Ok(match values {
        [value] => fill(templates::IS, &[of, how, ("value", Piece::Value(&Parameter::text(value)))]),
        _ => fill(templates::IS_AMONG, &[of, how, ("values", Piece::Value(&Parameter::list(values)))]),
    })
}

/// How texts are compared with a column, after its name.
pub(super) fn collation(table: &Schema, column: &Column) -> &'static str {
    if table.is_caseless(column.name) { templates::CASELESS } else { "" }
}

/// The table called `name`.
pub(super) fn table(name: &str) -> Result<&'static Schema, Unknown> {
    let found = SCHEMAS.iter().find(|schema| schema.name == name);
    found.ok_or_else(|| Unknown(format!("table `{name}`")))
}

/// The column of `table` called `name`.
pub(super) fn column(table: &'static Schema, name: &str) -> Result<&'static Column, Unknown> {
    table.column(name).ok_or_else(|| Unknown(format!("column `{name}` in `{}`", table.name)))
}

/// One of the conditions holds; none does where there are none.
pub(super) fn any_of(any: Vec<Statement>) -> Statement {
    if any.is_empty() {
        return Statement::of(templates::NONE);
    }
    let mut out = Statement::joined(any, " OR ");
    out.sql = format!("({})", out.sql);
    out
}

/// A step of a commit. All run in one transaction, in their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The commit is refused unless the statement finds a row.
    Found(Statement),
    /// The commit is refused if the statement finds a row.
    NotFound(Statement),
    /// The statement is run; the commit is refused if a unique value is there already.
    Run(Statement),
}
