//! Answers to queries.

use super::{audit, keys, rows, schema, sets};
use crate::store::{Fact, StoreError};
use latchkey_contract::tables::{
    Budget, Project, Schema, Table, Team, TeamMembership, TeamModels, User, VirtualKey,
};
use latchkey_contract::wire::{Items, Query};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Params, params_from_iter};

/// Answers `queries` from one state of the database.
pub(super) fn answer(connection: &Connection, queries: Vec<Query>) -> Result<Vec<Fact>, StoreError> {
    let alone = matches!(queries.as_slice(), [Query::Rows { .. } | Query::All { .. }]);
    if alone {
        return queries.into_iter().map(|query| fact(connection, query)).collect();
    }
    let transaction = connection.unchecked_transaction()?;
    let facts = queries.into_iter().map(|query| fact(&transaction, query)).collect();
    transaction.finish()?;
    facts
}

fn fact(connection: &Connection, query: Query) -> Result<Fact, StoreError> {
    let (rows, total) = match &query {
        Query::Caller { token } => (caller(connection, token)?, None),
        Query::Rows { table, column, values } => {
            let (table, condition, values) = some(table, column, values)?;
            (rows::array(rows::select(connection, table, &condition)?, table, [values])?, None)
        }
        Query::Brief { table, column, values, limit } => {
            let (table, mut condition, values) = some(table, column, values)?;
            if let Some(most) = limit {
                condition.push_str(&format!(" LIMIT {most}"));
            }
            (rows::array_brief(rows::select_brief(connection, table, &condition)?, table, [values])?, None)
        }
        Query::Teams { member, bytes } => (teams(connection, member.as_deref(), *bytes)?, None),
        Query::All { table } => {
            let table = schema::table(table)?;
            (rows::array(rows::select(connection, table, "ORDER BY rowid")?, table, [])?, None)
        }
        Query::Keys { filter, order, offset, limit, bytes } => {
            let (rows, total) = keys::page(connection, filter, order, *offset, *limit, *bytes)?;
            (rows, Some(total))
        }
        Query::Audit { filter, offset, limit } => {
            let (rows, total) = audit::page(connection, filter, *offset, *limit)?;
            (rows, Some(total))
        }
        Query::CustomRule { .. } | Query::Probe { .. } => {
            return Err(StoreError::Unknown("answer to what is no question to a store".to_owned()));
        }
    };
    Ok(Fact { query, rows: rows.into(), total })
}

/// The table, a condition on its rows with one parameter, and the parameter.
fn some(
    table: &str,
    column: &str,
    values: &[String],
) -> Result<(&'static Schema, String, Value), StoreError> {
    let table = schema::table(table)?;
    let column = schema::column(table, column)?;
    let (condition, value) = match values {
        [value] => ("= ?", rows::wanted(value, column)),
        _ => {
            let list = serde_json::to_string(values).unwrap_or_default();
            ("IN (SELECT value FROM json_each(?))", Value::Text(list))
        }
    };
    Ok((table, format!("WHERE {} {condition} ORDER BY rowid", schema::compared(table, column)), value))
}

/// All teams, or those that have a member.
fn teams(connection: &Connection, member: Option<&str>, bytes: u64) -> Result<String, StoreError> {
    const TEAM: &Schema = &Team::SCHEMA;
    let Some(member) = member else {
        let statement = rows::select_within(connection, TEAM, "", "ORDER BY rowid", bytes)?;
        return rows::array_within(statement, TEAM, []);
    };
    let items = Items {
        column: "members_with_roles".into(),
        member: Some("user_id".into()),
        values: vec![member.to_owned()],
    };
    let sets::Part { sql, values } = sets::condition(TEAM, &[], Some(&items))?;
    let page = format!("WHERE {sql}");
    let statement = rows::select_within(connection, TEAM, &page, "ORDER BY rowid", bytes)?;
    rows::array_within(statement, TEAM, params_from_iter(values))
}

/// The key with this token and the rows it names, as one object in an array.
fn caller(connection: &Connection, token: &str) -> Result<String, StoreError> {
    const KEY: &Schema = &VirtualKey::SCHEMA;
    let names = ["user_id", "team_id", "budget_id", "project_id"];
    let Some((key, named)) = one(connection, KEY, "WHERE \"token\" = ?", [token], &names)? else {
        return Ok("[]".to_owned());
    };
    let [user_id, team_id, budget_id, project_id] = named.try_into().unwrap_or([const { Value::Null }; 4]);
    let mut out = format!("[{{\"key\":{key}");
    let mut append = |name: &str, row: Option<String>| {
        out.push_str(",\"");
        out.push_str(name);
        out.push_str("\":");
        out.push_str(row.as_deref().unwrap_or("null"));
    };

    const USER: &Schema = &User::SCHEMA;
    append("user", row(connection, USER, "WHERE \"user_id\" = ?", [&user_id])?);

    const TEAM: &Schema = &Team::SCHEMA;
    let team = match team_id {
        Value::Null => None,
        _ => one(connection, TEAM, "WHERE \"team_id\" = ?", [&team_id], &["model_id"])?,
    };
    let (team, model_id) = team.map_or((None, None), |(team, named)| (Some(team), named.into_iter().next()));
    append("team", team);

    const TEAM_MODELS: &Schema = &TeamModels::SCHEMA;
    let model_id = model_id.unwrap_or(Value::Null);
    append("team_models", row(connection, TEAM_MODELS, "WHERE \"id\" = ?", [&model_id])?);

    const MEMBERSHIP: &Schema = &TeamMembership::SCHEMA;
    let both = "WHERE \"user_id\" = ? AND \"team_id\" = ?";
    append("membership", row(connection, MEMBERSHIP, both, [&user_id, &team_id])?);

    const BUDGET: &Schema = &Budget::SCHEMA;
    append("budget", row(connection, BUDGET, "WHERE \"budget_id\" = ?", [&budget_id])?);

    const PROJECT: &Schema = &Project::SCHEMA;
    append("project", row(connection, PROJECT, "WHERE \"project_id\" = ?", [&project_id])?);
    out.push_str("}]");
    Ok(out)
}

/// One row by values of which none is null.
fn row<const N: usize>(
    connection: &Connection,
    table: &'static Schema,
    condition: &str,
    values: [&Value; N],
) -> Result<Option<String>, StoreError> {
    if values.iter().any(|value| **value == Value::Null) {
        return Ok(None);
    }
    Ok(one(connection, table, condition, params_from_iter(values), &[])?.map(|(row, _)| row))
}

/// One row, and the values of some of its columns.
fn one(
    connection: &Connection,
    table: &'static Schema,
    condition: &str,
    parameters: impl Params,
    columns: &[&str],
) -> Result<Option<(String, Vec<Value>)>, StoreError> {
    let mut statement = rows::select(connection, table, condition)?;
    let found = statement.query_row(parameters, |row| {
        let mut out = String::new();
        let appended = rows::append_object(&mut out, row, table);
        let values = columns.iter().map(|column| row.get(*column)).collect::<rusqlite::Result<_>>()?;
        Ok(appended.map(|()| (out, values)))
    });
    found.optional()?.transpose()
}
