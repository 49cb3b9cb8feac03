//! How queries are answered.

use super::select::Select;
use super::statement::{Parameter, Piece, Statement, Unknown, among, fill, table};
use super::{Listing, audit, templates};
use crate::tables::{Budget, Project, Schema, Table, Team, TeamMembership, TeamModels, User, VirtualKey};
use crate::wire::Query;
use Piece::{Part, Value};

/// How a query is answered: all statements run in one state of the database.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// By the rows of a statement.
    Rows(Select),
    /// By one object, with the first row of each statement or `null`; by none if the first finds no row.
    Caller(Vec<(&'static str, Select)>),
    /// By the rows of a statement, and a number.
    Page {
        /// How many rows match in all.
        total: Statement,
        /// The rows.
        rows: Select,
    },
}

/// How `query` is answered.
pub fn plan(query: &Query) -> Result<Plan, Unknown> {
    if let Some(page) = Listing::of(query)? {
        return Ok(Plan::Page { total: page.total(), rows: page.rows(None)? });
    }
    Ok(match query {
        Query::Caller { token } => Plan::Caller(caller(token)),
        Query::Rows { table: name, column, values } => {
            let table = table(name)?;
            let condition = among(table, column, values)?;
            Plan::Rows(Select::whole(table, &fill(templates::SOME, &[("condition", Part(&condition))])))
        }
        Query::Brief { table: name, column, values, limit } => {
            let table = table(name)?;
            let condition = among(table, column, values)?;
            let (template, limit) = match limit {
                Some(limit) => (templates::FIRST, *limit),
                None => (templates::SOME, 0),
            };
            let limit = Parameter::number(limit);
            let rest = fill(template, &[("condition", Part(&condition)), ("limit", Value(&limit))]);
            Plan::Rows(Select::brief(table, &rest))
        }
        Query::All { table: name } => {
            Plan::Rows(Select::whole(table(name)?, &Statement::of(templates::OLDEST_FIRST)))
        }
        Query::Audit { filter, offset, limit } => {
            Plan::Page { total: audit::total(filter)?, rows: audit::page(filter, *offset, *limit)? }
        }
        Query::Keys { .. } | Query::Page { .. } | Query::CustomRule { .. } | Query::Probe { .. } => {
            return Err(Unknown("answer to what is no question to a store".to_owned()));
        }
    })
}

/// The key with this token, and the rows it names.
fn caller(token: &str) -> Vec<(&'static str, Select)> {
    let parts: [(&str, &'static Schema, &str); 7] = [
        ("key", &VirtualKey::SCHEMA, templates::CALLER_KEY),
        ("user", &User::SCHEMA, templates::CALLER_USER),
        ("team", &Team::SCHEMA, templates::CALLER_TEAM),
        ("team_models", &TeamModels::SCHEMA, templates::CALLER_TEAM_MODELS),
        ("membership", &TeamMembership::SCHEMA, templates::CALLER_MEMBERSHIP),
        ("budget", &Budget::SCHEMA, templates::CALLER_BUDGET),
        ("project", &Project::SCHEMA, templates::CALLER_PROJECT),
    ];
    let token = Parameter::text(token);
    let select = |template| fill(template, &[("token", Value(&token))]);
    parts.map(|(name, table, template)| (name, Select::whole(table, &select(template)))).into()
}
