//! Writing JSON text without white space.

use super::{Json, write_float, write_int, write_str};

/// The text of `value`. A number JSON cannot hold (`NaN`, an infinity) becomes `null`.
pub fn write(value: &Json) -> String {
    // few texts are longer, and none is copied while it grows to this
    let mut out = String::with_capacity(256);
    append(&mut out, value);
    out
}

/// Appends the text of `value`.
pub fn append(out: &mut String, value: &Json) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Int(number) => write_int(out, *number),
        Json::Big(digits) => out.push_str(digits),
        Json::Float(number) => write_float(out, *number),
        Json::Str(text) => write_str(out, text),
        Json::Raw(text) => out.push_str(text.as_str()),
        Json::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                append(out, item);
            }
            out.push(']');
        }
        Json::Dict(members) => {
            out.push('{');
            for (index, (name, item)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_str(out, name);
                out.push(':');
                append(out, item);
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, read};
    use super::*;

    #[test]
    fn what_is_written_reads_back_equal() {
        let text = r#"{"a":[1,1.5,-3,99999999999999999999,1e+16,null,true],"é\n\"\\":{"":"\u0001"}}"#;
        let value = read(text.as_bytes(), &Limits::REQUEST);
        assert_eq!(value.as_ref().map(write).ok().as_deref(), Some(text));
    }
}
