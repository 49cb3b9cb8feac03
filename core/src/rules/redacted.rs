//! Values without secrets, for what leaves the server: keys show as their names, and what is called a secret is gone.

use crate::json::Json;
use crate::mint;

/// What stands in the place of a secret that is no key.
const HIDDEN: &str = "(hidden)";

/// Members whose text is taken for a secret: what their names contain.
const SECRET_NAMES: &[&str] =
    &["secret", "password", "api_key", "apikey", "credential", "private_key", "access_key", "access_token"];

/// A reference to a variable of the environment names a secret and is none.
const REFERENCE: &str = "os.environ/";

/// A custom key shorter than this is looked for as a whole value only, not within other text.
const FINDABLE: usize = 8;

/// `value` without secrets: `key`, wherever it stands, and every word that begins with `sk-` become `sk-...` and four
/// characters, and members called like a secret lose their values. The result is JSON to every reader: `NaN` and
/// infinite numbers become text.
pub(crate) fn redacted(value: &Json, key: Option<&str>) -> Json {
    match value {
        Json::Str(text) => Json::Str(words(text, key)),
        Json::Float(number) if !number.is_finite() => Json::Str(number.to_string()),
        Json::List(items) => Json::List(items.iter().map(|item| redacted(item, key)).collect()),
        Json::Dict(members) => {
            Json::Dict(members.iter().map(|(name, value)| member(name, value, key)).collect())
        }
        Json::Raw(text) => redacted(&text.value(), key),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Big(_) | Json::Float(_) => value.clone(),
    }
}

fn member(name: &str, value: &Json, key: Option<&str>) -> (String, Json) {
    let lower = name.to_lowercase();
    let is_secret = SECRET_NAMES.iter().any(|part| lower.contains(part));
    let is_reference = value.as_str().is_some_and(|text| text.starts_with(REFERENCE));
    let shown = match value {
        Json::Str(_) | Json::List(_) | Json::Dict(_) | Json::Raw(_) if is_secret && !is_reference => {
            HIDDEN.into()
        }
        _ => redacted(value, key),
    };
    (words(name, key), shown)
}

fn words(text: &str, key: Option<&str>) -> String {
    match key {
        Some(key) if text == key => return mint::key_name(key),
        Some(key) if key.len() >= FINDABLE && text.contains(key) => {
            return words(&text.replace(key, &mint::key_name(key)), None);
        }
        _ => {}
    }
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !is_of_key(c)) {
        let word = piece.trim_end_matches(|c: char| !is_of_key(c));
        if word.len() > 3 && word.starts_with("sk-") {
            out.push_str(&mint::key_name(word));
            out.push_str(piece.get(word.len()..).unwrap_or_default());
        } else {
            out.push_str(piece);
        }
    }
    out
}

const fn is_of_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dict;

    #[test]
    fn a_key_shows_as_its_name_wherever_it_stands() {
        let value = dict! {
            "key" => "sk-my.own!key-abcd",
            "metadata" => dict! { "note" => "made sk-my.own!key-abcd, was (sk-0123456789)", "sk-name-wxyz" => 1 },
            "models" => vec!["task-force".to_owned(), "sk-".to_owned()],
        };
        let expected = dict! {
            "key" => "sk-...abcd",
            "metadata" => dict! { "note" => "made sk-...abcd, was (sk-...6789)", "sk-...wxyz" => 1 },
            "models" => vec!["task-force".to_owned(), "sk-".to_owned()],
        };
        assert_eq!(redacted(&value, Some("sk-my.own!key-abcd")), expected);
        assert_eq!(
            redacted(&dict! { "key" => "plain", "a" => "plainer" }, Some("plain")).get("a"),
            Some(&"plainer".into())
        );
    }

    #[test]
    fn what_is_called_a_secret_is_hidden_and_a_reference_is_not() {
        let value = dict! {
            "callback_vars" => dict! { "langfuse_secret_key" => "abc", "GCS_Credentials" => dict! { "a" => 1 } },
            "api_key" => "os.environ/KEY",
            "secret" => Json::Null,
            "metadata" => Json::Raw(crate::json::JsonText::of(&dict! { "password" => "abc", "a" => "sk-0123456789" })),
        };
        let expected = dict! {
            "callback_vars" => dict! { "langfuse_secret_key" => HIDDEN, "GCS_Credentials" => HIDDEN },
            "api_key" => "os.environ/KEY",
            "secret" => Json::Null,
            "metadata" => dict! { "password" => HIDDEN, "a" => "sk-...6789" },
        };
        assert_eq!(redacted(&value, None), expected);
    }

    #[test]
    fn every_reader_can_read_the_result() {
        let value = Json::List(vec![Json::Float(f64::NAN), Json::Float(f64::INFINITY), Json::Float(1.5)]);
        let text = crate::json::write(&redacted(&value, None));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            serde_json::json!(["NaN", "inf", 1.5])
        );
    }
}
