//! JSON text as Python's `json.dumps` writes it: the form by which arrays without order are sorted, and the form in
//! which bodies are sent.

use latchkey_contract::json::{Json, Name, float_repr};

/// The text of `value` with its members sorted by name: two equal documents have equal texts.
pub fn canonical(value: &Json) -> String {
    let mut out = String::new();
    append(&mut out, value, true);
    out
}

/// The text of `value` with its members in their order.
pub fn dumps(value: &Json) -> String {
    let mut out = String::new();
    append(&mut out, value, false);
    out
}

fn append(out: &mut String, value: &Json, sorted: bool) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Int(number) => out.push_str(&number.to_string()),
        Json::Big(digits) => out.push_str(digits),
        Json::Float(number) if number.is_nan() => out.push_str("NaN"),
        Json::Float(number) if number.is_infinite() => {
            out.push_str(if *number > 0.0 { "Infinity" } else { "-Infinity" });
        }
        Json::Float(number) => out.push_str(&float_repr(*number)),
        Json::Str(text) => append_str(out, text),
        Json::Raw(text) => append(out, &text.value(), sorted),
        Json::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                append(out, item, sorted);
            }
            out.push(']');
        }
        Json::Dict(members) => {
            let mut members: Vec<&(Name, Json)> = members.iter().collect();
            if sorted {
                members.sort_by(|a, b| a.0.cmp(&b.0));
            }
            out.push('{');
            for (index, (name, item)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                append_str(out, name);
                out.push_str(": ");
                append(out, item, sorted);
            }
            out.push('}');
        }
    }
}

fn append_str(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    #[test]
    fn members_are_sorted_by_code_point_and_nothing_beyond_controls_is_escaped() {
        let value = dict! {"é" => "\u{c}\u{1}é", "a" => vec![Json::Float(1.0), Json::Int(1), Json::Null]};
        assert_eq!(canonical(&value), "{\"a\": [1.0, 1, null], \"é\": \"\\f\\u0001é\"}");
    }
}
