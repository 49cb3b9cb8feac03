//! The tables in PostgreSQL: what is there, what is missing, and making it.
//!
//! LiteLLM's tables are in LiteLLM's schema, as its release 1.60.8 has them, and what is there already is never
//! altered. What later releases add is used where it is there, and never made: LiteLLM's own migrations would find it in
//! their way. Latchkey's own are in a schema of their own, because LiteLLM's migrations drop what they do not know.

use super::failure::words;
use crate::store::StoreError;
use crate::store::survey::{Missing, Survey, is_bookkeeping};
use latchkey_contract::tables::{Lacking, SCHEMAS, Schema};
use std::time::Duration;
use tokio_postgres::{Client, Error, Row};

/// The files that make the tables, in an order in which each finds those it refers to.
pub(super) const OF_LITELLM: &[(&str, &str)] = &[
    ("LiteLLM_BudgetTable", include_str!("../../../sql/postgres/budget.sql")),
    ("LiteLLM_ModelTable", include_str!("../../../sql/postgres/team_models.sql")),
    ("LiteLLM_TeamTable", include_str!("../../../sql/postgres/team.sql")),
    ("LiteLLM_TeamMembership", include_str!("../../../sql/postgres/team_membership.sql")),
    ("LiteLLM_UserTable", include_str!("../../../sql/postgres/user.sql")),
    ("LiteLLM_VerificationToken", include_str!("../../../sql/postgres/key.sql")),
    ("LiteLLM_AuditLog", include_str!("../../../sql/postgres/audit.sql")),
];

/// The files of Latchkey's own tables.
const OWN_TABLES: &[(&str, &str)] = &[
    ("latchkey_meta", include_str!("../../../sql/postgres/latchkey_meta.sql")),
    ("latchkey_grace", include_str!("../../../sql/postgres/latchkey_grace.sql")),
];

/// Statements for indexes on LiteLLM's tables, one a line.
const INDEXES: &str = include_str!("../../../sql/postgres/indexes.sql");

/// A column of Latchkey's own that no rule knows.
const POSITION: &str = "position";

/// The number under which hosts that start at the same time make the tables one after the other.
const STARTING: i64 = 0x6c61_7463_686b_6579;

/// How often a host looks whether another one is done.
const TURN: Duration = Duration::from_millis(50);

/// Aliases that several keys have, at the most, that are named.
const NAMED: i64 = 20;

/// Looks what there is; changes nothing. The search path is that of [`super::session`].
pub(super) async fn structure(client: &Client, schema: &str, own: &str) -> Result<Survey, StoreError> {
    let mut out = Survey::default();
    let found = client.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&own]).await?;
    if found.is_empty() {
        out.missing.push(Missing {
            kind: "schema",
            name: own.to_owned(),
            sql: format!("CREATE SCHEMA {}", quoted(own)),
        });
    }
    let relations = client
        .query(
            "SELECT n.nspname, c.relname, c.relkind IN ('r', 'p') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             LEFT JOIN pg_index i ON i.indexrelid = c.oid \
             WHERE n.nspname IN ($1, $2) AND c.relkind IN ('r', 'p', 'i', 'I', 'v', 'f') AND i.indisvalid IS NOT FALSE",
            &[&schema, &own],
        )
        .await?;
    let has = |within: &str, name: &str| {
        relations.iter().any(|row| row.get::<_, &str>(0) == within && row.get::<_, &str>(1) == name)
    };
    let is_known = |name: &str| SCHEMAS.iter().any(|table| table.name == name) || is_bookkeeping(name);
    let in_schema = relations.iter().filter(|row| row.get::<_, &str>(0) == schema && row.get(2));
    out.foreign.extend(in_schema.map(|row| row.get(1)).filter(|name: &String| !is_known(name)));
    out.foreign.sort();
    let tables = OF_LITELLM.iter().map(|table| (schema, table));
    for (within, (name, sql)) in tables.chain(OWN_TABLES.iter().map(|table| (own, table))) {
        if !has(within, name) {
            let sql = format!("SET LOCAL search_path TO {}, {};\n{sql}", quoted(within), quoted(schema));
            out.missing.push(Missing { kind: "table", name: (*name).to_owned(), sql });
        }
    }
    for sql in INDEXES.lines().filter(|line| line.starts_with("CREATE")) {
        let mut names = sql.split('"').skip(1).step_by(2);
        let (name, table) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        let is_for_none = is_optional(table) && !has(schema, table);
        if !has(schema, name) && !is_for_none {
            out.missing.push(Missing { kind: "index", name: name.to_owned(), sql: sql.to_owned() });
        }
    }
    let columns = columns(client, schema, own).await?;
    out.lacking = lacking_of(&columns);
    let is_there = |table: &Schema| {
        !out.missing.iter().any(|missing| missing.name == table.name) && !out.lacking.lacks_table(table)
    };
    for table in SCHEMAS.iter().filter(|table| is_there(table)) {
        let lacking = table.needed().filter(|column| !has_column(&columns, table.name, column.name));
        out.columns.extend(lacking.map(|column| format!("{}.{}", table.name, column.name)));
        let of_table = columns.iter().filter(|row| row.get::<_, &str>(0) == table.name);
        let names = of_table.map(|row| row.get::<_, &str>(1));
        let unknown = names.filter(|name| table.column(name).is_none() && *name != POSITION);
        out.unknown.extend(unknown.map(|name| format!("{}.{name}", table.name)));
    }
    Ok(out)
}

/// Which of the optional tables and columns the database does not have.
pub(super) async fn lacking(client: &Client, schema: &str, own: &str) -> Result<Lacking, Error> {
    Ok(lacking_of(&columns(client, schema, own).await?))
}

/// Table and name of every column in both schemas.
async fn columns(client: &Client, schema: &str, own: &str) -> Result<Vec<Row>, Error> {
    let sql = "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
               JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname IN ($1, $2) AND a.attnum > 0 AND NOT a.attisdropped";
    client.query(sql, &[&schema, &own]).await
}

fn has_column(columns: &[Row], table: &str, name: &str) -> bool {
    columns.iter().any(|row| row.get::<_, &str>(0) == table && row.get::<_, &str>(1) == name)
}

fn lacking_of(columns: &[Row]) -> Lacking {
    Lacking::of(|table, column| match column {
        Some(column) => has_column(columns, table.name, column),
        None => columns.iter().any(|row| row.get::<_, &str>(0) == table.name),
    })
}

/// Makes what is missing, but what is optional, and says what of that is not there. Hosts that start at the same time take
/// turns.
pub(super) async fn create(client: &Client, schema: &str, own: &str) -> Result<Lacking, StoreError> {
    let found = structure(client, schema, own).await?;
    if found.missing.is_empty() {
        return complete(&found).map(|()| found.lacking);
    }
    // asking again and again, not waiting in the server: an index made concurrently waits for all transactions that wait there
    while !client.query_one("SELECT pg_try_advisory_lock($1)", &[&STARTING]).await?.get::<_, bool>(0) {
        tokio::time::sleep(TURN).await;
    }
    let made = make(client, schema, own).await;
    if made.is_err() {
        // a transaction that failed would refuse what follows, and hide why it failed
        client.batch_execute("ROLLBACK").await.ok();
    }
    let unlocked = client.execute("SELECT pg_advisory_unlock($1)", &[&STARTING]).await;
    made?;
    unlocked?;
    Ok(structure(client, schema, own).await?.lacking)
}

async fn make(client: &Client, schema: &str, own: &str) -> Result<(), StoreError> {
    let found = structure(client, schema, own).await?;
    complete(&found)?;
    let (indexes, tables): (Vec<_>, Vec<_>) =
        found.missing.iter().partition(|missing| missing.kind == "index");
    let are_new = |index: &Missing| {
        let table = index.sql.split('"').nth(3).unwrap_or_default();
        tables.iter().any(|missing| missing.name == table)
    };
    let (quick, slow): (Vec<_>, Vec<_>) = indexes.into_iter().partition(|index| are_new(index));
    if !tables.is_empty() {
        let all: Vec<&str> = tables.iter().chain(&quick).map(|missing| missing.sql.as_str()).collect();
        client
            .batch_execute(&format!("BEGIN;\n{};\nCOMMIT", all.join(";\n")))
            .await
            .map_err(|error| not_made(&error))?;
        for table in &tables {
            tracing::info!(table = table.name, "made what was missing in the database");
        }
    }
    for index in slow {
        tracing::info!(index = index.name, "an index is made, while others go on working");
        // what an attempt that broke off has left behind
        client
            .batch_execute(&format!("DROP INDEX IF EXISTS {}", quoted(&index.name)))
            .await
            .map_err(|error| not_made(&error))?;
        let sql = index.sql.replacen("CREATE INDEX", "CREATE INDEX CONCURRENTLY", 1);
        client.batch_execute(&sql).await.map_err(|error| not_made(&error))?;
    }
    Ok(())
}

fn is_optional(name: &str) -> bool {
    SCHEMAS.iter().any(|table| table.name == name && table.optional)
}

fn complete(found: &Survey) -> Result<(), StoreError> {
    if found.columns.is_empty() {
        return Ok(());
    }
    Err(StoreError::Away(format!(
        "its tables are of a release of LiteLLM before 1.60.8 and have no {}: let LiteLLM migrate them first",
        found.columns.join(", ")
    )))
}

fn not_made(error: &Error) -> StoreError {
    StoreError::Away(format!("what is missing in it cannot be made: {}", words(error)))
}

/// Which tables there are whose rows go with rows of core's tables.
pub(super) async fn dependents(client: &Client, schema: &str) -> Result<Vec<&'static str>, StoreError> {
    let names: Vec<&str> = SCHEMAS.iter().flat_map(|table| table.dependents).map(|(name, _)| *name).collect();
    let sql = "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = $1 AND c.relname = ANY($2) AND c.relkind IN ('r', 'p')";
    let found = client.query(sql, &[&schema, &names]).await?;
    let is_there = |name: &&str| found.iter().any(|row| row.get::<_, &str>(0) == *name);
    Ok(names.into_iter().filter(is_there).collect())
}

/// Aliases that more than one key has, with the number of their keys.
pub(super) async fn shared_aliases(client: &Client) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = "SELECT \"key_alias\", count(*) FROM \"LiteLLM_VerificationToken\" \
               WHERE \"key_alias\" IS NOT NULL GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC, 1 LIMIT $1";
    let rows = client.query(sql, &[&NAMED]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// A name as statements have it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::{
        ColumnType, DeletedKey, DeletedTeam, DeprecatedToken, FormerToken, Table, User,
    };

    /// The lines of a table's file that state a column, with name and rest.
    fn stated(file: &str) -> Vec<(String, String)> {
        let lines = file.lines().map(str::trim).filter(|line| line.starts_with('"'));
        let parts = |line: &str| {
            let (name, rest) = line[1..].split_once('"').unwrap();
            (name.to_owned(), rest.trim().trim_end_matches(',').to_owned())
        };
        lines.map(parts).collect()
    }

    #[test]
    fn the_sql_files_make_the_tables_of_core() {
        for schema in SCHEMAS.iter().filter(|schema| !schema.optional) {
            let file = OF_LITELLM.iter().chain(OWN_TABLES).find(|(name, _)| *name == schema.name).unwrap().1;
            let found = stated(file);
            let wanted: Vec<&str> = schema.needed().map(|column| column.name).collect();
            let names: Vec<&str> =
                found.iter().map(|(name, _)| name.as_str()).filter(|name| *name != POSITION).collect();
            assert_eq!(names, wanted, "{}", schema.name);
            for column in schema.needed() {
                let rest = &found.iter().find(|(name, _)| name == column.name).unwrap().1;
                let kind = match column.kind {
                    ColumnType::Text => "TEXT",
                    ColumnType::Int4 if schema.key == [column.name] => "SERIAL",
                    ColumnType::Int4 => "INTEGER",
                    ColumnType::Int8 => "BIGINT",
                    ColumnType::Float => "DOUBLE PRECISION",
                    ColumnType::Bool => "BOOLEAN",
                    ColumnType::Time => "TIMESTAMP(3)",
                    ColumnType::Json => "JSONB",
                    ColumnType::TextList => "TEXT[]",
                };
                assert!(rest.starts_with(kind), "{}.{}: {rest}", schema.name, column.name);
                let is_nullable = !rest.contains("NOT NULL");
                let may_be_null = column.nullable || column.kind == ColumnType::TextList;
                assert_eq!(is_nullable, may_be_null, "{}.{}", schema.name, column.name);
            }
        }
    }

    #[test]
    fn every_column_that_is_looked_up_has_an_index_whose_name_is_its_own() {
        let all: Vec<&str> = INDEXES.lines().filter(|line| line.starts_with("CREATE")).collect();
        for sql in &all {
            assert!(sql.starts_with("CREATE INDEX \"latchkey_") && sql.ends_with(';'), "{sql}");
        }
        for schema in SCHEMAS.iter().filter(|schema| schema.name != FormerToken::NAME) {
            // LiteLLM has indexes on these itself
            let own = [
                (DeprecatedToken::NAME, "token"),
                (User::NAME, "sso_user_id"),
                (DeletedKey::NAME, "token"),
                (DeletedKey::NAME, "user_id"),
                (DeletedKey::NAME, "team_id"),
                (DeletedTeam::NAME, "team_id"),
            ];
            let has_own = |name: &str| own.contains(&(schema.name, name));
            for name in schema.indexed.iter().filter(|name| !has_own(name)) {
                let on = format!("ON \"{}\"", schema.name);
                let is_first = |sql: &&&str| {
                    sql.contains(&on)
                        && sql.split_once('(').is_some_and(|(_, rest)| {
                            rest.starts_with(&super::super::sql::indexed(schema, name, ""))
                        })
                };
                assert!(all.iter().find(is_first).is_some(), "{}.{name}", schema.name);
            }
        }
    }
}
