//! The JSON Schema of the contract, and the types of the npm package that follow from it.

use super::holds;
use latchkey_contract::wire;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// What crosses as it was written is text for the shell, or text by the name of a column.
const RAW: [(&str, &str); 3] =
    [("JsonText", "string"), ("Rows", "string"), ("Cells", "ReadonlyMap<string, string>")];

#[test]
fn the_schema_is_that_of_the_contract() {
    let text = serde_json::to_string_pretty(&wire::schema()).expect("JSON");
    holds("wasm/contract.schema.json", &format!("{text}\n"));
}

#[test]
fn the_packages_types_are_those_of_the_contract() {
    let schema = wire::schema();
    let types = schema.get("$defs").and_then(Value::as_object).expect("definitions");
    let mut text = String::from(
        "// What crosses between the module and its shells (wasm/README.md), written from the contract:\n\
         // LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test javascript\n",
    );
    for (name, schema) in types {
        let schema = schema.as_object().expect("a schema");
        text += &format!("\n{}", about(schema, ""));
        let raw = RAW.iter().find(|(raw, _)| raw == name).map(|(_, kind)| *kind);
        let _ = match (raw, schema.get("properties")) {
            (Some(kind), _) => writeln!(text, "export type {name} = {kind};"),
            (None, Some(_)) => writeln!(text, "export interface {name} {}", kind(schema, "")),
            (None, None) => writeln!(text, "export type {name} ={};", kind(schema, "")),
        };
    }
    holds("js/src/contract.ts", &text);
}

/// The type of a schema, as it stands after a name with this indent.
fn kind(schema: &Map<String, Value>, indent: &str) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return name.trim_start_matches("#/$defs/").to_owned();
    }
    if let Some(word) = schema.get("const") {
        return word.to_string();
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
    }
    if let Some(kinds) = schema.get("oneOf").and_then(Value::as_array) {
        let deeper = format!("{indent}    ");
        let alternative = |schema: &Value| {
            let schema = schema.as_object().expect("a schema");
            format!("\n{}{deeper}| {}", about(schema, &deeper), kind(schema, &deeper))
        };
        return kinds.iter().map(alternative).collect();
    }
    if let Some(kinds) = schema.get("anyOf").and_then(Value::as_array) {
        let kinds = kinds.iter().filter_map(Value::as_object).map(|schema| kind(schema, indent));
        return kinds.collect::<Vec<_>>().join(" | ");
    }
    match schema.get("type") {
        Some(Value::Array(names)) => {
            let names = names.iter().filter_map(Value::as_str).map(|name| plain(schema, name, indent));
            names.collect::<Vec<_>>().join(" | ")
        }
        Some(Value::String(name)) => plain(schema, name, indent),
        _ => "unknown".to_owned(),
    }
}

/// The type of a schema whose JSON type is known.
fn plain(schema: &Map<String, Value>, name: &str, indent: &str) -> String {
    let one = |schema: &Value| kind(schema.as_object().expect("a schema"), indent);
    match name {
        "integer" => "number".to_owned(),
        "array" => match schema.get("prefixItems").and_then(Value::as_array) {
            Some(items) => format!("readonly [{}]", items.iter().map(one).collect::<Vec<_>>().join(", ")),
            None => {
                let item = one(schema.get("items").expect("items"));
                let simple = item.chars().all(|one| one.is_ascii_alphanumeric());
                if simple { format!("readonly {item}[]") } else { format!("readonly ({item})[]") }
            }
        },
        "object" => members(schema, indent),
        _ => name.to_owned(),
    }
}

fn members(schema: &Map<String, Value>, indent: &str) -> String {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let deeper = format!("{indent}    ");
    let mut text = String::from("{\n");
    for (name, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let schema = schema.as_object().expect("a schema");
        let mark = if required.contains(&name.as_str()) { "" } else { "?" };
        let kind = kind(schema, &deeper);
        text += &format!("{}{deeper}readonly {name}{mark}: {kind};\n", about(schema, &deeper));
    }
    format!("{text}{indent}}}")
}

/// What the schema is about, as a comment.
fn about(schema: &Map<String, Value>, indent: &str) -> String {
    let Some(text) = schema.get("description").and_then(Value::as_str) else { return String::new() };
    let text = text.replace("[`", "`").replace("`]", "`").replace("super::", "").replace("crate::tables::", "");
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let lines: String = lines.iter().map(|line| format!("{indent} * {line}\n")).collect();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}
