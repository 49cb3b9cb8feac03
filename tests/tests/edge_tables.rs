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
            let _ = writeln!(text, "            {{ name: {name}, kind: {kind}, nullable: {nullable} }},");
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

#[test]
fn the_migration_of_the_worker_makes_the_tables_of_the_host() {
    holds(&top().join("js/examples/worker/migrations/0001_latchkey.sql"), &schema_sql());
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
