//! Answers to queries.

use super::{audit, keys, rows, schema};
use crate::store::{Fact, StoreError};
use latchkey_core::contract::Query;
use latchkey_core::tables::{
    Budget, Project, Schema, Table, Team, TeamMembership, TeamModels, User, VirtualKey,
};
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
        Query::Rows { table, column, values } => (some(connection, table, column, values)?, None),
        Query::All { table } => {
            let table = schema::table(table)?;
            (rows::array(rows::select(connection, table, "ORDER BY rowid")?, table, [])?, None)
        }
        Query::Keys { filter, order, offset, limit } => {
            let (rows, total) = keys::page(connection, filter, order, *offset, *limit)?;
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
    Ok(Fact { query, rows, total })
}

fn some(connection: &Connection, table: &str, column: &str, values: &[String]) -> Result<String, StoreError> {
    let table = schema::table(table)?;
    let column = schema::column(table, column)?;
    if let [value] = values {
        let statement = rows::select(
            connection,
            table,
            &format!("WHERE {} = ? ORDER BY rowid", schema::compared(table, column)),
        )?;
        return rows::array(statement, table, [rows::wanted(value, column)]);
    }
    let condition = format!(
        "WHERE {} IN (SELECT value FROM json_each(?)) ORDER BY rowid",
        schema::compared(table, column)
    );
    let list = serde_json::to_string(values).unwrap_or_default();
    rows::array(rows::select(connection, table, &condition)?, table, [list])
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
