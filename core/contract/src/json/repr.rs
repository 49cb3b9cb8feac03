//! How Python prints values, for messages that carry one (`repr` and `str`).

use super::{Json, float_repr};

/// Python's `repr(value)`.
pub fn repr(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Int(number) => number.to_string(),
        Json::Big(digits) => digits.clone(),
        Json::Float(number) => float_repr(*number),
        Json::Str(text) => str_repr(text),
        Json::Raw(text) => repr(&text.value()),
        Json::List(items) => {
            let items: Vec<String> = items.iter().map(repr).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Dict(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, item)| format!("{}: {}", str_repr(name), repr(item))).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// Python's `str(value)`: [`repr`], but a string as it is.
pub fn str_of(value: &Json) -> String {
    match value {
        Json::Str(text) => text.clone(),
        other => repr(other),
    }
}

fn str_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c < ' ' || ('\u{7f}'..='\u{a0}').contains(&c) || c == '\u{ad}' => {
                out.push_str(&format!("\\x{:02x}", u32::from(c)));
            }
            c if is_unprintable(c) => out.push_str(&escape_wide(c)),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// The common unprintable characters beyond Latin-1: spaces, format controls, private use.
fn is_unprintable(c: char) -> bool {
    matches!(u32::from(c),
        0x1680 | 0x180e | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x3000 | 0xfeff
        | 0xe000..=0xf8ff | 0xfff0..=0xfffb | 0xf0000..=0x10ffff)
}

fn escape_wide(c: char) -> String {
    let code = u32::from(c);
    if code > 0xffff { format!("\\U{code:08x}") } else { format!("\\u{code:04x}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_python_prints_them() {
        for (number, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (100.0, "100.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-0.000012345, "-1.2345e-05"),
            (0.00000125, "1.25e-06"),
            (-0.00012345, "-0.00012345"),
            (5e-324, "5e-324"),
            (-1.5e300, "-1.5e+300"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e16, "1e+16"),
            (1.5e15, "1500000000000000.0"),
            (9.223372036854776e18, "9.223372036854776e+18"),
            (1e100, "1e+100"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(float_repr(number), text);
        }
    }

    #[test]
    fn strings_print_with_pythons_choice_of_quotes() {
        assert_eq!(repr(&Json::from("it's")), "\"it's\"");
        assert_eq!(repr(&Json::from("'\"")), "'\\'\"'");
        assert_eq!(repr(&crate::dict! {"error" => "x\n", "n" => Json::Null}), "{'error': 'x\\n', 'n': None}");
        assert_eq!(repr(&Json::from("é\u{a0}\u{200b}")), "'é\\xa0\\u200b'");
    }
}
