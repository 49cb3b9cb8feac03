//! Values without secrets, for what is kept or leaves the server: a key shows as its name, and what is called a secret is
//! gone.

use latchkey_contract::environment::FROM_ENVIRONMENT;
use latchkey_contract::json::{Json, Name, float_repr};
use latchkey_contract::mint;

/// How a key begins.
const BEGIN: &str = "sk-";

/// How a key is shown: this and its last four characters.
const SHOWN: &str = "sk-...";

/// A key must be so long for its last four characters to be shown.
const NAMEABLE: usize = 8;

/// A key without its usual beginning that is shorter than this is looked for as a whole value only, not within a text.
const FINDABLE: usize = 8;

/// What stands in the place of a secret that is no key.
const HIDDEN: &str = "(hidden)";

/// Members whose text is taken for a secret: what their names contain.
const SECRET_NAMES: &[&str] =
    &["secret", "password", "api_key", "apikey", "credential", "private_key", "access_key", "access_token"];

/// `text` with every key in it as keys are shown. A key is a word of visible ASCII that begins with `sk-`.
pub(crate) fn keys_in(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_graphic()).unwrap_or(after.len());
        let (secret, behind) = after.split_at_checked(end).unwrap_or((after, ""));
        if secret.is_empty() || before.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            out.push_str(BEGIN);
            rest = after;
        } else {
            out.push_str(&name(secret));
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

/// What a refusal says, with every key in it as keys are shown: whoever puts their key into the wrong field finds it in no
/// log. A text says `sk-` alone, too, when it tells how keys begin.
pub(crate) fn said(message: Json) -> Json {
    match message {
        Json::Str(text) => Json::Str(said_in(&text)),
        Json::List(items) => Json::List(items.into_iter().map(said).collect()),
        Json::Dict(members) => {
            Json::Dict(members.into_iter().map(|(name, value)| (name, said(value))).collect())
        }
        other => other,
    }
}

fn said_in(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_graphic() || "`'\"".contains(c));
        let (secret, behind) = after.split_at_checked(end.unwrap_or(after.len())).unwrap_or((after, ""));
        let secret = secret.trim_end_matches([',', '.', ';', ':', ')', ']', '}']);
        let behind = after.get(secret.len()..).unwrap_or(behind);
        let is_key =
            BEGIN.len() + secret.len() >= NAMEABLE && !before.ends_with(|c: char| c.is_ascii_alphanumeric());
        out.push_str(&if is_key { name(secret) } else { format!("{BEGIN}{secret}") });
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// How the key `sk-` and `secret` is shown; what is shown already stays as it is.
fn name(secret: &str) -> String {
    if secret.starts_with("...") && BEGIN.len() + secret.len() <= SHOWN.len() + 4 {
        format!("{BEGIN}{secret}")
    } else if BEGIN.len() + secret.len() < NAMEABLE {
        SHOWN.to_owned()
    } else {
        mint::key_name(secret)
    }
}

/// `value` without secrets: `key` and all that looks like one show as keys are shown, and members called like a secret
/// lose their values. The result is JSON to every reader: `NaN` and infinite numbers become text.
pub(crate) fn secrets(value: &Json, key: Option<&str>) -> Json {
    match value {
        Json::Str(text) => Json::Str(without(text, key)),
        Json::Float(number) if number.is_nan() => Json::from("NaN"),
        Json::Float(number) if number.is_infinite() => Json::Str(float_repr(*number)),
        Json::List(items) => Json::List(items.iter().map(|item| secrets(item, key)).collect()),
        Json::Dict(members) => {
            Json::Dict(members.iter().map(|(name, value)| member(name, value, key)).collect())
        }
        Json::Raw(text) => secrets(&text.value(), key),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Big(_) | Json::Float(_) => value.clone(),
    }
}

/// Whether a member of this name holds a secret.
fn is_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| lower.contains(part))
}

fn member(name: &str, value: &Json, key: Option<&str>) -> (Name, Json) {
    let is_secret = is_secret(name);
    // what refers to a variable of the environment names a secret and is none
    let is_reference = value.as_str().is_some_and(|text| text.starts_with(FROM_ENVIRONMENT));
    let shown = match value {
        Json::Str(_) | Json::List(_) | Json::Dict(_) | Json::Raw(_) if is_secret && !is_reference => {
            HIDDEN.into()
        }
        _ => secrets(value, key),
    };
    (without(name, key).into(), shown)
}

/// Entries of a 422 answer's `detail` as LiteLLM 1.109 shows them: what is wrong and where. What was sent is not repeated.
pub(crate) fn detail(entries: &Json) -> Json {
    let Json::List(entries) = entries else { return entries.clone() };
    let shown = |entry: &Json| match entry {
        Json::Dict(members) => {
            let members = members.iter().filter(|(name, _)| ["type", "loc", "msg"].contains(&&**name));
            said(Json::Dict(members.cloned().collect()))
        }
        other => other.clone(),
    };
    Json::List(entries.iter().map(shown).collect())
}

fn without(text: &str, key: Option<&str>) -> String {
    match key {
        Some(key) if text == key => mint::key_name(key),
        Some(key) if key.len() >= FINDABLE && text.contains(key) => {
            keys_in(&text.replace(key, &mint::key_name(key)))
        }
        _ => keys_in(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;
    use latchkey_contract::json::JsonText;

    #[test]
    fn a_refusal_shows_keys_as_they_are_shown_and_how_keys_begin() {
        assert_eq!(said("`sk-0123456789abcdef` is no team".into()), "`sk-...cdef` is no team".into());
        for text in ["must start with 'sk-'.", "Received=sk-...cdef, expected", "the task-0123456789 is"] {
            assert_eq!(said(text.into()), text.into());
        }
    }

    #[test]
    fn a_key_is_shown_by_its_last_characters_wherever_it_stands() {
        assert_eq!(keys_in("sk-0123456789abcdef"), "sk-...cdef");
        assert_eq!(
            keys_in("old sk-0123456789abcdef, new sk-fedcba9876543210"),
            "old sk-...def, new sk-...3210"
        );
        assert_eq!(keys_in("é=sk-0123456789é"), "é=sk-...6789é");
        assert_eq!(keys_in("sk-12345 sk-1234"), "sk-...2345 sk-...");
        let nested = dict! { "sk-0123456789" => vec![dict! { "x" => "Bearer sk-0123456789" }] };
        let hidden = dict! { "sk-...6789" => vec![dict! { "x" => "Bearer sk-...6789" }] };
        assert_eq!(secrets(&Json::Raw(JsonText::of(&nested)), None), hidden);
        assert_eq!(secrets(&nested, None), hidden);
    }

    #[test]
    fn what_is_no_key_stays() {
        for text in ["sk-...abcd", "sk-...", "desk-0123456789", "task-force", "", "sk-"] {
            assert_eq!(keys_in(text), text);
        }
    }

    #[test]
    fn a_key_of_any_form_is_found_if_it_is_named() {
        let value = dict! {
            "key" => "my.own!key-abcd",
            "metadata" => dict! { "note" => "made my.own!key-abcd , was (sk-0123456789)" },
        };
        let expected = dict! {
            "key" => "sk-...abcd",
            "metadata" => dict! { "note" => "made sk-...abcd , was (sk-...789)" },
        };
        assert_eq!(secrets(&value, Some("my.own!key-abcd")), expected);
        let short = dict! { "key" => "plain", "a" => "plainer" };
        assert_eq!(secrets(&short, Some("plain")).get("a"), Some(&"plainer".into()));
    }

    #[test]
    fn what_is_called_a_secret_is_hidden_and_a_reference_is_not() {
        let value = dict! {
            "callback_vars" => dict! { "langfuse_secret_key" => "abc", "GCS_Credentials" => dict! { "a" => 1 } },
            "api_key" => "os.environ/KEY",
            "secret" => Json::Null,
            "metadata" => Json::Raw(JsonText::of(&dict! { "password" => "abc", "a" => "sk-0123456789" })),
        };
        let expected = dict! {
            "callback_vars" => dict! { "langfuse_secret_key" => HIDDEN, "GCS_Credentials" => HIDDEN },
            "api_key" => "os.environ/KEY",
            "secret" => Json::Null,
            "metadata" => dict! { "password" => HIDDEN, "a" => "sk-...6789" },
        };
        assert_eq!(secrets(&value, None), expected);
    }

    #[test]
    fn an_answer_to_a_misfit_says_what_is_wrong_and_where_alone() {
        let entry = dict! {
            "type" => "string_type",
            "loc" => vec![Json::from("body"), Json::from("sk-0123456789abcdef")],
            "msg" => "Input should be a valid string",
            "input" => "my-own-key",
            "ctx" => dict! { "error" => "x" },
        };
        let shown = dict! {
            "type" => "string_type",
            "loc" => vec![Json::from("body"), Json::from("sk-...cdef")],
            "msg" => "Input should be a valid string",
        };
        assert_eq!(detail(&Json::List(vec![entry])), Json::List(vec![shown]));
    }

    #[test]
    fn every_reader_can_read_the_result() {
        let value = Json::List(vec![Json::Float(f64::NAN), Json::Float(f64::INFINITY), Json::Float(1.5)]);
        let text = latchkey_contract::json::write(&secrets(&value, None));
        assert_eq!(text, r#"["NaN","inf",1.5]"#);
    }
}
