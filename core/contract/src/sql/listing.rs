//! One page of keys or of another table, and how many rows match.

use super::select::Select;
use super::statement::{Parameter, Piece, Statement, Unknown, all_of, among, any_of, column, fill, table};
use super::{sets, templates};
use crate::tables::{DeletedKey, Schema, Table, VirtualKey};
use crate::wire::{KeyFilter, KeyOrder, Query, Visibility};
use Piece::{Name, Part, Value};

const KEYS: &Schema = &VirtualKey::SCHEMA;
const DELETED_KEYS: &Schema = &DeletedKey::SCHEMA;

/// A page that is asked for.
#[derive(Debug, Clone)]
pub struct Listing<'q> {
    table: &'static Schema,
    conditions: Vec<Statement>,
    /// What rows meet that are counted and yet not wanted: to count these alone is faster than to look at each row.
    not: Option<Statement>,
    order: &'q KeyOrder,
    offset: u64,
    limit: u64,
    /// Bytes of lists and documents; none where tokens alone are asked for.
    bytes: Option<u64>,
}

impl<'q> Listing<'q> {
    /// The page that `query` asks for, if it is about one whose order it says.
    pub fn of(query: &'q Query) -> Result<Option<Self>, Unknown> {
        Ok(Some(match query {
            Query::Keys { filter, order, offset, limit, bytes } => Self {
                table: if filter.archived { DELETED_KEYS } else { KEYS },
                conditions: conditions(filter)?,
                not: match &filter.without_team {
                    Some(team) => Some(among(KEYS, "team_id", std::slice::from_ref(team))?),
                    None => None,
                },
                order,
                offset: *offset,
                limit: *limit,
                bytes: *bytes,
            },
            Query::Page { table: name, rows, having, order, offset, limit, bytes } => {
                let table = table(name)?;
                Self {
                    table,
                    conditions: sets::conditions(table, rows, having.as_ref())?,
                    not: None,
                    order,
                    offset: *offset,
                    limit: *limit,
                    bytes: Some(*bytes),
                }
            }
            _ => return Ok(None),
        }))
    }

    /// The table and how many of its rows are not wanted, where all others are.
    pub fn all_but(&self) -> Option<(&'static str, Option<Statement>)> {
        let not = self.not.as_ref().map(|not| self.count(&all_of(vec![not.clone()])));
        self.conditions.is_empty().then_some((self.table.name, not))
    }

    /// How many match.
    pub fn total(&self) -> Statement {
        let all = self.count(&all_of(self.conditions.clone()));
        let Some(not) = &self.not else { return all };
        let unwanted = self.count(&all_of(self.conditions.iter().chain([not]).cloned().collect()));
        fill(templates::TOTAL_BUT, &[("all", Part(&all)), ("unwanted", Part(&unwanted))])
    }

    fn count(&self, which: &Statement) -> Statement {
        fill(templates::TOTAL, &[("table", Name(self.table.name)), ("where", Part(which))])
    }

    /// The rows of the page. A `total` that is known saves work: a page of the second half is found from the end.
    pub fn rows(&self, total: Option<u64>) -> Result<Select, Unknown> {
        let Self { table, order, offset, limit, bytes, .. } = *self;
        let column = column(table, &order.column)?.name;
        let terms = |descending, nulls| terms(table, column, descending, nulls);
        let forwards = terms(order.descending, "LAST");
        let (from, limit, offset) = match total {
            Some(total) if offset > total / 2 => {
                let shown = limit.min(total.saturating_sub(offset));
                let from_end = total.saturating_sub(offset).saturating_sub(shown);
                (&terms(!order.descending, "FIRST"), shown, from_end)
            }
            _ => (&forwards, limit, offset),
        };
        let not = self.not.as_ref().map(|not| fill(templates::NOT, &[("condition", Part(not))]));
        let page = fill(
            templates::PAGE,
            &[
                ("where", Part(&all_of(self.conditions.iter().cloned().chain(not).collect()))),
                ("order", Part(from)),
                ("limit", Value(&Parameter::number(limit))),
                ("offset", Value(&Parameter::number(offset))),
            ],
        );
        Ok(match bytes {
            Some(bytes) => Select::within(table, &page, &forwards.sql, bytes),
            None => {
                let key = table.key.first().copied().unwrap_or(column);
                let pieces = [
                    ("key", Name(key)),
                    ("column", Name(column)),
                    ("table", Name(table.name)),
                    ("page", Part(&page)),
                    ("order", Part(&forwards)),
                ];
                let columns = KEYS.column("token").into_iter().collect();
                Select { statement: fill(templates::TOKENS, &pieces), columns, may_be_cut: false }
            }
        })
    }
}

fn terms(table: &Schema, column: &str, descending: bool, nulls: &str) -> Statement {
    let direction = if descending { "DESC" } else { "ASC" };
    let key = table.key.first().copied().unwrap_or(column);
    let pieces = [
        ("column", Name(column)),
        ("direction", Name(direction)),
        ("nulls", Name(nulls)),
        ("key", Name(key)),
    ];
    fill(templates::PAGE_ORDER, &pieces)
}

/// What the keys meet; the archive has the columns that they speak of, too.
fn conditions(filter: &KeyFilter) -> Result<Vec<Statement>, Unknown> {
    let KeyFilter { search, alias_part, owner_part, visible_to, blocked, expired, .. } = filter;
    let mut all = Vec::new();
    if let Some(moment) = filter.deleted_since.filter(|_| filter.archived) {
        all.push(fill(templates::DELETED_SINCE, &[("moment", Value(&Parameter::Integer(moment)))]));
    }
    if let Some(moment) = filter.rotation_due {
        all.push(fill(templates::ROTATION_DUE, &[("moment", Value(&Parameter::Integer(moment)))]));
    }
    for (column, value) in filter.equal() {
        all.push(among(KEYS, column, &[value.to_owned()])?);
    }
    if let Some(search) = search {
        all.push(fill(templates::SEARCH, &[("text", Value(&Parameter::text(search)))]));
    }
    for (column, part) in [("key_alias", alias_part), ("user_id", owner_part)] {
        if let Some(part) = part {
            let pieces = [("column", Name(column)), ("text", Value(&Parameter::text(part)))];
            all.push(fill(templates::CONTAINS, &pieces));
        }
    }
    if let Some(visible) = visible_to {
        all.push(is_visible(visible)?);
    }
    if let Some(blocked) = blocked {
        all.push(Statement::of(if *blocked { templates::BLOCKED } else { templates::NOT_BLOCKED }));
    }
    if let Some((expired, now)) = expired {
        let template = if *expired { templates::EXPIRED } else { templates::NOT_EXPIRED };
        all.push(fill(template, &[("now", Value(&Parameter::Integer(*now)))]));
    }
    Ok(all)
}

fn is_visible(visible: &Visibility) -> Result<Statement, Unknown> {
    let Visibility { user_id, team_ids, tokens } = visible;
    let mut any = Vec::new();
    for (column, values) in [("user_id", user_id.as_slice()), ("team_id", team_ids), ("token", tokens)] {
        if !values.is_empty() {
            any.push(among(KEYS, column, values)?);
        }
    }
    Ok(any_of(any))
}
