//! The npm package's types say what the rules and their contract say. `LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test javascript` writes
//! them.

mod contract;

use latchkey_contract::tables::{ColumnType, Schema, Table as _, Team, VirtualKey};
use latchkey_core::{Code, FieldInfo, GenerateKeyRequest, Kind, Model, Role, Source, UpdateKeyRequest};
use std::path::Path;

#[test]
fn the_packages_types_are_those_of_the_rules() {
    let mut text = String::from(
        "// Written from the rules: LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test javascript\n",
    );
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let sources: Vec<&str> = Source::ALL.iter().map(|source| source.as_str()).collect();
    text += &words("CODES", "Code", "Why a request was refused, for programs.", Code::WORDS);
    text += &words("ROLES", "Role", "What a user may do in general.", &roles);
    text += &words("SOURCES", "Source", "Where the value of a field comes from.", &sources);
    text += &request::<GenerateKeyRequest>("The body of `POST /key/generate`.");
    text += &request::<UpdateKeyRequest>("The body of `POST /key/update`.");
    text += &row(
        "VirtualKey",
        "A key as it is stored; moments are milliseconds since 1970 UTC.",
        &VirtualKey::SCHEMA,
    );
    text += &row("Team", "A team as it is stored; moments are milliseconds since 1970 UTC.", &Team::SCHEMA);
    holds("js/src/generated.ts", &text);
}

/// Asserts that the file of the project holds `text`.
fn holds(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found != text && std::env::var_os("LATCHKEY_WRITE").is_some() {
        std::fs::write(path, text).expect("the project is writable");
        return;
    }
    assert_eq!(found, text, "{name} is behind the rules");
}

/// A closed list of words: for programs, and as a type.
fn words(list: &str, name: &str, about: &str, words: &[&str]) -> String {
    let items: String = words.iter().map(|word| format!("    \"{word}\",\n")).collect();
    format!(
        "\n/** All of {{@link {name}}}. */\nexport const {list} = [\n{items}] as const;\n\n\
         /** {about} */\nexport type {name} = (typeof {list})[number];\n"
    )
}

fn request<M: Model>(about: &str) -> String {
    let members = members(&M::fields(), "    ");
    format!("\n/** {about} */\nexport interface {} {{\n{members}}}\n", M::NAME)
}

fn members(fields: &[FieldInfo], indent: &str) -> String {
    let member = |field: &FieldInfo| {
        let mark = if field.required { "" } else { "?" };
        let null = if field.nullable { " | null" } else { "" };
        let (about, name) = (field.about, field.name);
        format!("{indent}/** {about} */\n{indent}{name}{mark}: {}{null};\n", kind(field.kind))
    };
    fields.iter().map(member).collect()
}

fn kind(kind: Kind) -> String {
    match kind {
        Kind::Any => "unknown".to_owned(),
        Kind::Text | Kind::Time => "string".to_owned(),
        Kind::Integer | Kind::Number => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Choice(words) => one_of(words.iter().map(|word| format!("\"{word}\""))),
        Kind::List(item) => format!("{}[]", within(*item)),
        Kind::Dict(value) => format!("Record<string, {}>", self::kind(*value)),
        Kind::Model(_, fields) => format!("{{\n{}    }}", members(&fields(), "        ")),
        Kind::AnyOf(kinds) => one_of(kinds.iter().map(|kind| self::kind(*kind))),
    }
}

fn within(kind: Kind) -> String {
    match kind {
        Kind::Choice(_) | Kind::AnyOf(_) => format!("({})", self::kind(kind)),
        _ => self::kind(kind),
    }
}

fn one_of(types: impl Iterator<Item = String>) -> String {
    types.collect::<Vec<_>>().join(" | ")
}

fn row(name: &str, about: &str, schema: &Schema) -> String {
    let member = |column: &latchkey_contract::tables::Column| {
        let kind = match column.kind {
            ColumnType::Text => "string",
            ColumnType::Int4 | ColumnType::Int8 | ColumnType::Float | ColumnType::Time => "number",
            ColumnType::Bool => "boolean",
            ColumnType::Json => "unknown",
            ColumnType::TextList => "string[]",
        };
        let null = if column.nullable { " | null" } else { "" };
        format!("    {}: {kind}{null};\n", column.name)
    };
    let members: String = schema.columns.iter().map(member).collect();
    format!("\n/** {about} */\nexport interface {name} {{\n{members}}}\n")
}
