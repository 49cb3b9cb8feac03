//! One page of keys, and how many match.

use super::select::Select;
use super::statement::{Parameter, Piece, Statement, Unknown, all_of, among, column, fill};
use super::templates;
use crate::tables::{Schema, Table, VirtualKey};
use crate::wire::{KeyFilter, KeyOrder, Visibility};
use Piece::{Name, Part, Value};

const KEYS: &Schema = &VirtualKey::SCHEMA;

/// A page of keys that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct KeysPage<'q> {
    /// Which keys.
    pub filter: &'q KeyFilter,
    /// In which order.
    pub order: &'q KeyOrder,
    /// Rows to pass over.
    pub offset: u64,
    /// Rows at the most.
    pub limit: u64,
    /// Bytes of lists and documents; none where tokens alone are asked for.
    pub bytes: Option<u64>,
}

impl KeysPage<'_> {
    /// How many match.
    pub fn total(&self) -> Result<Statement, Unknown> {
        let pieces = [("table", Name(KEYS.name)), ("where", Part(&conditions(self.filter)?))];
        Ok(fill(templates::TOTAL, &pieces))
    }

    /// The keys of the page. A `total` that is known saves work: a page of the second half is found from the end.
    pub fn rows(&self, total: Option<u64>) -> Result<Select, Unknown> {
        let Self { filter, order, offset, limit, bytes } = *self;
        let column = column(KEYS, &order.column)?.name;
        let forwards = terms(column, order.descending, "LAST");
        let (from, limit, offset) = match total {
            Some(total) if offset > total / 2 => {
                let shown = limit.min(total.saturating_sub(offset));
                let from_end = total.saturating_sub(offset).saturating_sub(shown);
                (&terms(column, !order.descending, "FIRST"), shown, from_end)
            }
            _ => (&forwards, limit, offset),
        };
        let page = fill(
            templates::PAGE,
            &[
                ("where", Part(&conditions(filter)?)),
                ("order", Part(from)),
                ("limit", Value(&Parameter::number(limit))),
                ("offset", Value(&Parameter::number(offset))),
            ],
        );
        Ok(match bytes {
            Some(bytes) => Select::within(KEYS, &page, &forwards.sql, bytes),
            None => {
                let pieces = [("column", Name(column)), ("page", Part(&page)), ("order", Part(&forwards))];
                let columns = KEYS.column("token").into_iter().collect();
                Select { statement: fill(templates::TOKENS, &pieces), columns, may_be_cut: false }
            }
        })
    }
}

fn terms(column: &str, descending: bool, nulls: &str) -> Statement {
    let direction = if descending { "DESC" } else { "ASC" };
    let pieces = [("column", Name(column)), ("direction", Name(direction)), ("nulls", Name(nulls))];
    fill(templates::KEYS_ORDER, &pieces)
}

fn conditions(filter: &KeyFilter) -> Result<Statement, Unknown> {
    let KeyFilter { search, visible_to, status, .. } = filter;
    let mut all = Vec::new();
    for (column, value) in filter.equal() {
        all.push(among(KEYS, column, &[value.to_owned()])?);
    }
    if let Some(search) = search {
        all.push(fill(templates::SEARCH, &[("text", Value(&Parameter::text(search)))]));
    }
    if let Some(visible) = visible_to {
        all.push(is_visible(visible)?);
    }
    if let Some((status, now)) = status {
        let template = match status.as_str() {
            "blocked" => templates::BLOCKED,
            "expired" => templates::EXPIRED,
            "active" => templates::ACTIVE,
            other => return Err(Unknown(format!("status `{other}`"))),
        };
        all.push(fill(template, &[("now", Value(&Parameter::Integer(*now)))]));
    }
    Ok(all_of(all))
}

fn is_visible(visible: &Visibility) -> Result<Statement, Unknown> {
    let Visibility { user_id, team_ids, tokens } = visible;
    let mut any = Vec::new();
    for (column, values) in [("user_id", user_id.as_slice()), ("team_id", team_ids), ("token", tokens)] {
        if !values.is_empty() {
            any.push(among(KEYS, column, values)?);
        }
    }
    if any.is_empty() {
        return Ok(Statement::of(templates::NONE));
    }
    let mut out = Statement::joined(any, " OR ");
    out.sql = format!("({})", out.sql);
    Ok(out)
}
