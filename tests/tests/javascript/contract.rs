//! The JSON Schema of the contract, and the types of the npm package that follow from it.

use super::holds;
use latchkey_contract::json::{Json, Name, write};
use latchkey_contract::wire;
use std::fmt::Write as _;

/// What crosses as it was written is text for the shell, or text by the name of a column.
const RAW: [(&str, &str); 3] =
    [("JsonText", "string"), ("Rows", "string"), ("Cells", "ReadonlyMap<string, string>")];

#[test]
fn the_schema_is_that_of_the_contract() {
    let schema: serde_json::Value = serde_json::from_str(&write(&wire::schema())).expect("JSON");
    holds("wasm/contract.schema.json", &format!("{schema:#}\n"));
}

#[test]
fn the_packages_types_are_those_of_the_contract() {
    let mut text = String::from(
        "// What crosses between the module and its shells (wasm/README.md), written from the contract:\n\
         // LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test javascript\n",
    );
    for (name, schema) in definitions(&wire::schema()) {
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

fn definitions(schema: &Json) -> &[(Name, Json)] {
    schema.get("$defs").and_then(Json::as_dict).expect("definitions")
}

/// The type of a schema, as it stands after a name with this indent.
fn kind(schema: &Json, indent: &str) -> String {
    if let Some(name) = schema.get("$ref").and_then(Json::as_str) {
        return name.trim_start_matches("#/$defs/").to_owned();
    }
    if let Some(word) = schema.get("const") {
        return write(word);
    }
    let list = |name: &str| schema.get(name).and_then(Json::as_list);
    if let Some(kinds) = list("oneOf") {
        let deeper = format!("{indent}    ");
        let one = |schema: &Json| format!("\n{}{deeper}| {}", about(schema, &deeper), kind(schema, &deeper));
        return kinds.iter().map(one).collect();
    }
    if let Some(kinds) = list("anyOf") {
        return kinds.iter().map(|schema| kind(schema, indent)).collect::<Vec<_>>().join(" | ");
    }
    match (schema.get("type").and_then(Json::as_str), list("prefixItems"), schema.get("items")) {
        (Some("integer"), ..) => "number".to_owned(),
        (Some("array"), Some(items), _) => {
            let items: Vec<String> = items.iter().map(|item| kind(item, indent)).collect();
            format!("readonly [{}]", items.join(", "))
        }
        (Some("array"), None, Some(item)) => {
            let item = kind(item, indent);
            let is_plain = item.chars().all(|one| one.is_ascii_alphanumeric());
            if is_plain { format!("readonly {item}[]") } else { format!("readonly ({item})[]") }
        }
        (Some("object"), ..) => members(schema, indent),
        (Some(name), ..) => name.to_owned(),
        (None, ..) => panic!("a schema of another form: {}", write(schema)),
    }
}

fn members(schema: &Json, indent: &str) -> String {
    let deeper = format!("{indent}    ");
    let mut text = String::from("{\n");
    for (name, schema) in schema.get("properties").and_then(Json::as_dict).unwrap_or_default() {
        let kind = kind(schema, &deeper);
        text += &format!("{}{deeper}readonly {name}: {kind};\n", about(schema, &deeper));
    }
    format!("{text}{indent}}}")
}

/// What the schema is about, as a comment.
fn about(schema: &Json, indent: &str) -> String {
    let Some(text) = schema.get("description").and_then(Json::as_str) else { return String::new() };
    let text =
        text.replace("[`", "`").replace("`]", "`").replace("super::", "").replace("crate::tables::", "");
    format!("{indent}/** {text} */\n")
}
