//! What the JavaScript stores know of the tables is what the rules and the host's SQL say.
//! `LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test edge_tables` writes it.

mod statements;

use latchkey_contract::tables::{COUNTERS, SCHEMAS};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The migrations of the host, of D1 and of node:sqlite in their order, each with the SHA-256 of its file.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_latchkey.sql", "2683b7e7e869d43b04ec9602dcf3193ad21e2204ba3c17bed4f629ac21bfdd60"),
    ("0002_litellm_1_109.sql", "839616d3aa7edf237c2465cfb0c95bc8959baf17aafade1a945beb930e295e04"),
    ("0003_addresses.sql", "7a01f9a31d3822f492a1aac350f644415ab317ef93f56895a8b2aea19276fe37"),
    ("0004_members.sql", "aeeb1575e460d4bcd04686ca136f7946788da74e2882a87d2b46705d1ce20dbb"),
    ("0005_documents_last.sql", "d3a4e0cd673f99a2e674ed00577bf886912cdbe5e083b32b621ee36187fcb111"),
    ("0006_keys_of_today.sql", "2f864fac641e0a0db97a847132c30263459b3c6d71e3e5de4de1633da6e9199d"),
    ("0007_lists.sql", "3f8d173a1ebe67811e6f548396bcc823ebfdd1926e7b8a5fd30074d06ca5c8da"),
    ("0008_people_of_today.sql", "73c68c3778b626a2f5a1c2ab4fdbf53fc0ec307840fc18594f7298298b21e2ff"),
    ("0009_archive.sql", "50abfc98407dd0d8fca26539e72f3514576997f3ce022979f7e3555569d7ce50"),
    ("0010_organizations.sql", "0700656aa9229efaa86a9e0ca10bbb53533b2acd08091c335ca6a9e3f897fb13"),
];

#[test]
fn the_tables_of_the_package_are_those_of_the_rules() {
    let mut text = String::from(
        "// Written from the rules' tables:\n\
         // LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test edge_tables\n\
         import type { Table } from \"./table.js\";\n\n\
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
        "];\n\n/** Columns that others write beside every decision: a row is still the same when they differ. */\n\
         export const COUNTERS: readonly string[] = {};\n",
        json(&COUNTERS)
    );
    holds(&top().join("js/src/stores/tables.ts"), &text);
}

#[test]
fn the_sql_of_the_package_is_that_of_the_host() {
    let mut text = String::from(
        "// Written from core/contract/src/sql/templates.rs, which says what each is:\n\
         // LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test edge_tables\n",
    );
    for (name, template) in latchkey_contract::sql::templates::ALL {
        let _ = writeln!(text, "export const {name} =\n    `{template}`;");
    }
    holds(&top().join("js/src/stores/sql/templates.ts"), &text);
    holds(&top().join("js/test/statements.json"), &statements::steps());
}

#[test]
fn the_migrations_of_the_package_are_those_of_the_host() {
    let mut text = String::from(
        "// Written from host/sql/sqlite:\n\
         // LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test edge_tables\n\n\
         /** What makes the tables, one step after the other. */\n\
         export const MIGRATIONS: readonly string[] = [\n",
    );
    for (name, _) in MIGRATIONS {
        let _ = writeln!(text, "    // {name}\n    `{}`,", migration(name));
    }
    text.push_str("];\n");
    holds(&top().join("js/src/stores/migrations.ts"), &text);
}

#[test]
fn a_migration_that_may_have_been_applied_stays_as_it_is() {
    let folder = std::fs::read_dir(top().join("host/sql/sqlite")).expect("the migrations");
    assert_eq!(folder.count(), MIGRATIONS.len());
    for (name, digest) in MIGRATIONS {
        let found = latchkey_contract::mint::token(&migration(name));
        assert_eq!(
            found, *digest,
            "{name}: a database that has it gets no change of it, write a further one"
        );
    }
}

fn migration(name: &str) -> String {
    let path = top().join("host/sql/sqlite").join(name);
    std::fs::read_to_string(path).expect("a migration")
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
