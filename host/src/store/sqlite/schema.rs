//! The tables in SQLite, and the names that may stand in a statement: only those of core's tables.

use crate::store::StoreError;
use latchkey_contract::tables::{Lacking, SCHEMAS};
use rusqlite::{Connection, TransactionBehavior};

/// What makes the tables, one step after the other; the npm package has the same files. `PRAGMA user_version` says how many
/// of them a file has.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../sql/sqlite/0001_latchkey.sql"),
    include_str!("../../../sql/sqlite/0002_litellm_1_109.sql"),
    include_str!("../../../sql/sqlite/0003_addresses.sql"),
    include_str!("../../../sql/sqlite/0004_members.sql"),
    include_str!("../../../sql/sqlite/0005_documents_last.sql"),
    include_str!("../../../sql/sqlite/0006_keys_of_today.sql"),
    include_str!("../../../sql/sqlite/0007_lists.sql"),
    include_str!("../../../sql/sqlite/0008_people_of_today.sql"),
    include_str!("../../../sql/sqlite/0009_archive.sql"),
    include_str!("../../../sql/sqlite/0010_organizations.sql"),
];

/// What the host's store keeps besides.
const COUNTS: &str = include_str!("../../../sql/counts.sql");

/// Makes what is missing, all of it or nothing. A file of a newer Latchkey is refused.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let done = version(connection)?;
    if done < MIGRATIONS.len() {
        // others that start at the same time wait here
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = version(&transaction)?;
        for migration in MIGRATIONS.iter().skip(done) {
            transaction.execute_batch(migration)?;
        }
        // a table that was made again has lost the triggers that count its rows
        transaction.execute_batch(COUNTS)?;
        transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
        transaction.commit()?;
    }
    connection.execute_batch(COUNTS)?;
    let found = missing_columns(connection)?;
    if found.is_empty() {
        return Ok(());
    }
    Err(StoreError::Away(format!("its tables are not those of a Latchkey and have no {}", found.join(", "))))
}

/// How many of the migrations the file has. One of a release before they were counted has tables and the number 0: the first
/// makes nothing that is there. What was exported from D1 has their names in a table.
pub(super) fn version(connection: &Connection) -> Result<usize, StoreError> {
    let mut version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version == 0 && !columns(connection, "d1_migrations")?.is_empty() {
        let last = "SELECT coalesce(max(CAST(substr(\"name\", 1, 4) AS INTEGER)), 0) FROM \"d1_migrations\"";
        version = connection.query_row(last, [], |row| row.get(0))?;
    }
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > MIGRATIONS.len() {
        return Err(StoreError::Away(format!(
            "it is of a newer release of Latchkey, with version {version} of the tables where this one knows {}",
            MIGRATIONS.len()
        )));
    }
    Ok(version)
}

/// Which of the columns of core's tables the file does not have, in tables that it has.
fn missing_columns(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut missing = Vec::new();
    for table in SCHEMAS {
        let found = columns(connection, table.name)?;
        let lacking = table.columns.iter().filter(|column| !found.iter().any(|name| name == column.name));
        missing.extend(lacking.map(|column| format!("{}.{}", table.name, column.name)));
    }
    Ok(missing)
}

/// The names of the columns of a table, none if there is no such table.
pub(super) fn columns(connection: &Connection, table: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT name FROM pragma_table_info(?)")?;
    let rows = statement.query_map([table], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Which optional tables and columns a file of an older release does not have.
pub(super) fn lacking(connection: &Connection) -> Result<Lacking, StoreError> {
    let all = SCHEMAS.iter().map(|table| Ok((table.name, columns(connection, table.name)?)));
    let all = all.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Lacking::of(|table, column| {
        let found = all.iter().find(|(name, _)| *name == table.name).map(|(_, columns)| columns.as_slice());
        let found = found.unwrap_or_default();
        column.map_or(!found.is_empty(), |column| found.iter().any(|name| name == column))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::{
        Budget, Column, ColumnType, Organization, Table, Team, User, VirtualKey,
    };

    #[test]
    fn the_sql_files_make_exactly_the_tables_of_core() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        for schema in SCHEMAS {
            let mut wanted: Vec<_> = schema
                .columns
                .iter()
                .map(|column| {
                    let kind = match column.kind {
                        ColumnType::Text | ColumnType::Json | ColumnType::TextList => "TEXT",
                        ColumnType::Int4 | ColumnType::Int8 | ColumnType::Time | ColumnType::Bool => {
                            "INTEGER"
                        }
                        ColumnType::Float => "REAL",
                    };
                    let place =
                        schema.key.iter().position(|key| *key == column.name).map_or(0, |at| at as i64 + 1);
                    (column.name.to_owned(), kind.to_owned(), !column.nullable, place)
                })
                .collect();
            wanted.push(("row_version".to_owned(), "INTEGER".to_owned(), true, 0));
            wanted.sort();
            let mut statement =
                connection.prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_info(?)").unwrap();
            let found = statement
                .query_map([schema.name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .unwrap();
            let mut found: Vec<_> = found.map(Result::unwrap).collect();
            found.sort();
            assert_eq!(found, wanted, "{}", schema.name);
        }
    }

    #[test]
    fn lists_and_documents_stand_behind_what_listings_read() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        for schema in [VirtualKey::SCHEMA, User::SCHEMA, Team::SCHEMA, Budget::SCHEMA, Organization::SCHEMA] {
            let names = columns(&connection, schema.name).unwrap();
            let mut names = names.iter().map(|name| schema.column(name));
            // the version is a number that no table of core has
            names.find(|column| column.is_some_and(Column::is_document)).unwrap();
            assert!(names.all(|column| column.is_some_and(Column::is_document)), "{}", schema.name);
        }
    }

    #[test]
    fn every_column_that_is_looked_up_has_an_index() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        for schema in SCHEMAS {
            for name in schema.indexed.iter().chain(&schema.key[..1]) {
                let is_caseless = schema.is_caseless(name);
                let collation = if is_caseless { " COLLATE NOCASE" } else { "" };
                let condition = format!("\"{name}\"{collation} = ?");
                let sql = format!("EXPLAIN QUERY PLAN SELECT 1 FROM \"{}\" WHERE {condition}", schema.name);
                let plan: String = connection.query_row(&sql, ["x"], |row| row.get(3)).unwrap();
                assert!(plan.starts_with("SEARCH"), "{}.{name}: {plan}", schema.name);
            }
        }
    }

    #[test]
    fn a_file_of_the_last_release_gets_what_it_lacks_and_keeps_its_rows() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(MIGRATIONS[0]).unwrap();
        connection.execute_batch(COUNTS).unwrap();
        let team = "INSERT INTO \"LiteLLM_TeamTable\" (\"team_id\", \"admins\", \"members\", \"members_with_roles\", \
                    \"metadata\", \"spend\", \"models\", \"blocked\", \"created_at\", \"updated_at\", \"model_spend\", \
                    \"model_max_budget\") VALUES ('t', '[]', '[]', \
                    '[{\"user_id\":\"u\"},{\"user_id\":7},8]', '{}', 0, '[]', 0, 1, 1, '{}', '{}')";
        connection.execute(team, []).unwrap();
        let key = "INSERT INTO \"LiteLLM_VerificationToken\" (rowid, \"token\", \"soft_budget_cooldown\", \"spend\", \
                   \"models\", \"aliases\", \"config\", \"permissions\", \"metadata\", \"allowed_cache_controls\", \
                   \"model_spend\", \"model_max_budget\", \"row_version\") VALUES (7, 'k', 0, 0.5, '[\"m\"]', '{\"a\":1}', \
                   '{\"c\":1}', '{\"p\":1}', '{\"d\":1}', '[\"no\"]', '{\"s\":1}', '{\"b\":1}', 4)";
        connection.execute(key, []).unwrap();
        assert_eq!(version(&connection).unwrap(), 0);
        let lacking = lacking(&connection).unwrap();
        assert!(lacking.names().contains(&"LiteLLM_TeamTable.team_member_permissions".to_owned()));
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), MIGRATIONS.len());
        let sql = "SELECT \"team_id\" FROM \"LiteLLM_TeamTable\" WHERE \"team_member_permissions\" IS NULL";
        assert_eq!(connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap(), "t");
        assert!(super::lacking(&connection).unwrap().names().is_empty());
        let sql = "SELECT concat_ws(' ', rowid, \"row_version\", \"spend\", \"models\", \"aliases\", \"config\", \
                   \"permissions\", \"metadata\", \"allowed_cache_controls\", \"model_spend\", \"model_max_budget\", \
                   \"allowed_routes\") FROM \"LiteLLM_VerificationToken\" WHERE \"token\" = 'k'";
        let found: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        let kept = r#"7 4 0.5 ["m"] {"a":1} {"c":1} {"p":1} {"d":1} ["no"] {"s":1} {"b":1} []"#;
        assert_eq!(found, kept);
        let count = |connection: &Connection| -> i64 {
            connection.query_row("SELECT \"rows\" FROM \"latchkey_count\"", [], |row| row.get(0)).unwrap()
        };
        assert_eq!(count(&connection), 1);
        connection.execute("DELETE FROM \"LiteLLM_VerificationToken\"", []).unwrap();
        assert_eq!(count(&connection), 0);
        let sql = "SELECT group_concat(\"user_id\" || ' in ' || \"team_id\") FROM \"latchkey_team_member\"";
        assert_eq!(connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap(), "u in t");
    }

    #[test]
    fn a_file_of_a_newer_release_is_refused_and_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", MIGRATIONS.len() as i64 + 1).unwrap();
        assert!(migrate(&mut connection).unwrap_err().to_string().contains("newer"));
        let tables = "SELECT count(*) FROM sqlite_schema";
        assert_eq!(connection.query_row(tables, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    }
}
