//! What the JavaScript stores know of the tables is what the rules and the host's SQL say.
//! `LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test edge_tables` writes it anew.

use latchkey_core::tables::SCHEMAS;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The files that make the tables, in the host's order.
const FILES: &[&str] = &["key", "user", "team", "budget", "audit", "latchkey"];

#[test]
fn the_tables_of_the_package_are_those_of_the_rules() {
    let mut text = String::from(
        "// Written from the rules' tables and host/sql/sqlite:\n\
         // LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test edge_tables\n\
         import type { Table } from \"./schema.js\";\n\n\
         /** Every table. */\n\
         export const TABLES: readonly Table[] = [\n",
    );
    for schema in SCHEMAS {
        let name = json(&schema.name);
        let key = json(&schema.key);
        let _ = writeln!(text, "    {{\n        name: {name},\n        key: {key},\n        columns: [");
        for column in schema.columns {
            let (name, kind, nullable) = (json(&column.name), json(&column.kind.as_str()), column.nullable);
            let caseless = if schema.is_caseless(column.name) { ", caseless: true" } else { "" };
            let _ = writeln!(
                text,
                "            {{ name: {name}, kind: {kind}, nullable: {nullable}{caseless} }},"
            );
        }
        text.push_str("        ],\n    },\n");
    }
    let _ = write!(
        text,
        "];\n\n/** Makes the tables that are missing. */\nexport const SCHEMA_SQL = `{}`;\n",
        schema_sql()
    );
    holds(&top().join("js/src/stores/tables.ts"), &text);
}

/// The worker's migrations in their order, each with the SHA-256 of its file.
const MIGRATIONS: &[(&str, &str)] =
    &[("0001_latchkey.sql", "2683b7e7e869d43b04ec9602dcf3193ad21e2204ba3c17bed4f629ac21bfdd60")];

#[cfg(feature = "server")]
#[test]
fn the_migrations_of_the_worker_lead_to_the_tables_of_the_host() {
    let migrated: String = MIGRATIONS.iter().map(|(name, _)| migration(name)).collect();
    let (found, wanted) = (tables_of(&migrated), tables_of(&schema_sql()));
    assert_eq!(found, wanted, "a change of the tables needs a further migration");
}

#[test]
fn a_migration_that_may_have_been_applied_stays_as_it_is() {
    let folder = std::fs::read_dir(top().join("js/examples/worker/migrations")).expect("the migrations");
    assert_eq!(folder.count(), MIGRATIONS.len());
    for (name, digest) in MIGRATIONS {
        let found = latchkey_core::mint::token(&migration(name));
        assert_eq!(found, *digest, "{name}: D1 knows applied migrations by name and runs none a second time");
    }
}

fn migration(name: &str) -> String {
    let path = top().join("js/examples/worker/migrations").join(name);
    std::fs::read_to_string(path).expect("a migration")
}

/// What a database has after `sql`: the columns of its tables in the order of their names, its indexes as they were made.
#[cfg(feature = "server")]
fn tables_of(sql: &str) -> Vec<String> {
    let database = rusqlite::Connection::open_in_memory().expect("a database");
    database.execute_batch(sql).expect("SQL that can be run");
    let query = "SELECT m.name || ' ' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk || ' ' \
                 || coalesce(c.dflt_value, '') FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' \
                 UNION ALL SELECT coalesce(sql, name) FROM sqlite_master WHERE type <> 'table' ORDER BY 1";
    let mut statement = database.prepare(query).expect("a query");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<Result<_, _>>().expect("rows of text")
}

fn schema_sql() -> String {
    let file = |name: &&str| {
        let path = top().join(format!("host/sql/sqlite/{name}.sql"));
        std::fs::read_to_string(path).expect("a file of the host's SQL")
    };
    FILES.iter().map(file).collect()
}

#[test]
fn the_list_of_sql_files_is_whole() {
    let folder = std::fs::read_dir(top().join("host/sql/sqlite")).expect("the host's SQL");
    assert_eq!(folder.count(), FILES.len());
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a value of JSON")
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Asserts that the file holds `text`.
fn holds(path: &Path, text: &str) {
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found != text && std::env::var_os("LATCHKEY_WRITE").is_some() {
        let folder = path.parent().expect("a folder");
        std::fs::create_dir_all(folder).expect("js is writable");
        std::fs::write(path, text).expect("js is writable");
        return;
    }
    assert_eq!(found, text, "{} is behind the rules", path.display());
}
