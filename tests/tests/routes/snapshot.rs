//! Replies as they were looked at once, with what the request changed in the store.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, write};
use latchkey_contract::tables::{SCHEMAS, Schema};
use latchkey_tests::implementation::Request;
use latchkey_tests::world::{World, json};
use std::path::Path;

/// How wide a value on one line may be.
const WIDTH: usize = 110;

/// Sends a request and compares its whole reply, and the rows that it made, changed and removed, with the file `NAME.json` of the
/// folder `snapshots`. `LATCHKEY_WRITE=1` writes the file.
pub(crate) fn snapshot(world: &mut World, name: &str, request: &Request) -> Json {
    let before = stored(world);
    let response = world.response(request);
    let reply =
        if response.body.is_empty() { Json::Null } else { json(&String::from_utf8_lossy(&response.body)) };
    let mut shown = dict! { "request" => format!("{} {}", request.method, request.target) };
    if let Some(body) = &request.body {
        shown.set("body", json(&String::from_utf8_lossy(body)));
    }
    shown.set("status", Json::Int(response.status.into()));
    shown.set("reply", reply.clone());
    let changed = changes(&before, &stored(world));
    if changed.is_truthy() {
        shown.set("store", changed);
    }
    compare(name, &shown);
    reply
}

pub(crate) fn compare(name: &str, shown: &Json) {
    let mut found = String::new();
    pretty(&mut found, shown, 0);
    found.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/routes/snapshots/{name}.json"));
    if std::env::var_os("LATCHKEY_WRITE").is_some() {
        std::fs::write(&path, &found).expect("the snapshot is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let mut lines = kept.lines().zip(found.lines()).enumerate();
    let first = lines.find(|(_, (kept, found))| kept != found);
    assert!(kept == found, "{name}: first difference {first:?}, found\n{found}");
}

/// The rows of each table.
fn stored(world: &World) -> Vec<(&'static Schema, Vec<Json>)> {
    SCHEMAS.iter().map(|schema| (schema, world.rows(schema.name))).collect()
}

/// By table: new rows without what is null, changed ones by their key with `[before, after]` of each column that changed, and the
/// keys of those that are gone.
fn changes(before: &[(&'static Schema, Vec<Json>)], after: &[(&'static Schema, Vec<Json>)]) -> Json {
    let mut tables = Json::empty_dict();
    for ((schema, before), (_, after)) in before.iter().zip(after) {
        let key =
            |row: &Json| Json::Dict(schema.key.iter().map(|name| ((*name).into(), at(row, name))).collect());
        let with_key = |rows: &[Json], wanted: &Json| rows.iter().find(|row| key(row) == *wanted).cloned();
        let (mut new, mut changed, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for row in after {
            match with_key(before, &key(row)) {
                None => new.push(without_null(row)),
                Some(old) if old != *row => changed.push(difference(key(row), &old, row)),
                Some(_) => {}
            }
        }
        gone.extend(before.iter().map(&key).filter(|old| with_key(after, old).is_none()));
        let mut table = Json::empty_dict();
        for (name, rows) in [("new", new), ("changed", changed), ("gone", gone)] {
            if !rows.is_empty() {
                table.set(name, Json::List(rows));
            }
        }
        if table.is_truthy() {
            tables.set(schema.name, table);
        }
    }
    tables
}

fn difference(mut shown: Json, old: &Json, new: &Json) -> Json {
    for (name, value) in new.as_dict().unwrap_or_default() {
        let before = at(old, name);
        if before != *value {
            shown.set(name.clone(), Json::List(vec![before, value.clone()]));
        }
    }
    shown
}

fn without_null(row: &Json) -> Json {
    let members = row.as_dict().unwrap_or_default().iter();
    Json::Dict(members.filter(|(_, value)| !value.is_null()).cloned().collect())
}

fn at(row: &Json, name: &str) -> Json {
    row.get(name).cloned().unwrap_or(Json::Null)
}

/// JSON with a line for each member and item, but for what fits into one.
fn pretty(out: &mut String, value: &Json, depth: usize) {
    let line = write(value);
    let (open, close, parts): (_, _, Vec<(Option<&str>, &Json)>) = match value {
        Json::Dict(members) => {
            ('{', '}', members.iter().map(|(name, value)| (Some(&**name), value)).collect())
        }
        Json::List(items) => ('[', ']', items.iter().map(|item| (None, item)).collect()),
        _ => return out.push_str(&line),
    };
    if depth > 0 && line.chars().count() + 2 * depth <= WIDTH || parts.is_empty() {
        return out.push_str(&line);
    }
    out.push(open);
    for (index, (name, part)) in parts.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(name) = name {
            out.push_str(&format!("{}: ", write(&Json::from(*name))));
        }
        pretty(out, part, depth + 1);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}
