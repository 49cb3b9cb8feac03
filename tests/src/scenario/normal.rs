//! The normal form of a response: secrets, ids and times become symbols, so that two runs compare equal.

use super::calendar::relative_times;
use super::dumps::canonical;
use super::substitute::{Variables, sha256};
use chrono::{DateTime, Utc};
use latchkey_contract::json::Json;
use regex::Regex;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Symbols that stand for any text from there to the end of the string.
pub(super) const OPEN_ENDED: [&str; 2] = ["<db-error>", "<pydantic-error>"];

/// Arrays without a defined order, by path; the empty name is the whole body.
const UNORDERED: [(&str, &[&str]); 7] = [
    ("/key/list", &["keys"]),
    ("/v2/key/info", &["info"]),
    ("/user/info", &["keys", "teams"]),
    ("/team/info", &["keys", "team_memberships"]),
    ("/team/list", &[""]),
    ("/budget/list", &[""]),
    ("/budget/info", &[""]),
];

macro_rules! pattern {
    ($name:ident, $text:literal) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("the pattern is well formed"));
    };
}
pattern!(DATABASE_ERROR, r"(?s)ORACLE_DB_ERROR:.*");
pattern!(MODEL_ERRORS, r"(?s)(\d+ validation errors? for \w+)\n.*");
pattern!(UUID, r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b");
pattern!(GENERATED_KEY, r"^sk-[A-Za-z0-9_-]{22}\n?$");
pattern!(UNSUPPORTED, r"(?s)^(Unsupported parameter\(s\): )(.*)(\. Supported parameters: )(.*)$");
pattern!(MONTHS, r"^(\d+)mo");

/// What is known within one scenario: captured values, and the calendar durations mentioned so far.
#[derive(Debug, Default)]
pub struct Normaliser {
    /// Captured values by name.
    pub variables: Variables,
    months: BTreeSet<u128>,
}

impl Normaliser {
    /// Remembers calendar durations (`1mo`) in the values of the settings or of a request.
    pub fn note_request(&mut self, document: &Json) {
        match document {
            Json::Dict(members) => members.iter().for_each(|(_, item)| self.note_request(item)),
            Json::List(items) => items.iter().for_each(|item| self.note_request(item)),
            Json::Str(text) => {
                let count = MONTHS.captures(text).and_then(|found| found[1].parse::<u128>().ok());
                self.months.extend(count);
            }
            _ => {}
        }
    }

    /// The normal form of the body of a response to `path`, received at `now`.
    pub fn body(&self, path: &str, document: &Json, now: DateTime<Utc>) -> Json {
        let mut out = self.walk(document, now, None);
        sort(path, &mut out);
        out
    }

    /// What was recorded of `path`, with one symbol for all keys that have the same name in this run: names are the last four
    /// letters of a random key, so some keys of a run share one.
    pub fn expected<'a>(&self, path: &str, recorded: &'a Json) -> Cow<'a, Json> {
        let keys = || self.variables.iter().filter(|(_, value)| is_long(value));
        let mut shared = Vec::new();
        for (variable, key) in keys() {
            // the same one that is found for an answer
            let first =
                keys().filter(|(_, other)| last_four(other) == last_four(key)).min_by_key(longest_first);
            shared.extend(first.filter(|(first, _)| *first != variable).map(|(first, _)| (variable, first)));
        }
        if shared.is_empty() {
            return Cow::Borrowed(recorded);
        }
        let mut out = recorded.clone();
        rename(&mut out, &shared);
        sort(path, &mut out);
        Cow::Owned(out)
    }

    fn walk(&self, value: &Json, now: DateTime<Utc>, name: Option<&str>) -> Json {
        match value {
            Json::Str(text) => Json::Str(self.string(text, now, name)),
            Json::List(items) => Json::List(items.iter().map(|item| self.walk(item, now, name)).collect()),
            Json::Dict(members) => {
                let mut out = Json::empty_dict();
                for (key, item) in members {
                    out.set(self.string(key, now, None), self.walk(item, now, Some(key)));
                }
                out
            }
            other => other.clone(),
        }
    }

    /// The normal form of a string in a member called `name`.
    fn string(&self, text: &str, now: DateTime<Utc>, name: Option<&str>) -> String {
        let text = DATABASE_ERROR.replace_all(text, "<db-error>");
        let mut text = MODEL_ERRORS.replace_all(&text, "$1 <pydantic-error>").into_owned();
        let mut variables: Vec<(&String, &String)> =
            self.variables.iter().filter(|(_, value)| is_long(value)).collect();
        variables.sort_by_key(longest_first);
        for (variable, value) in variables {
            let once = sha256(value);
            text = text.replace(value.as_str(), &format!("<${variable}>"));
            text = text.replace(&once, &format!("<hash:${variable}>"));
            text = text.replace(&sha256(&once), &format!("<hash2:${variable}>"));
            if name == Some("key_name") && text.strip_prefix("sk-...") == Some(last_four(value)) {
                text = format!("<key_name:${variable}>");
            }
        }
        if matches!(name, Some("key" | "token")) && GENERATED_KEY.is_match(&text) {
            "<generated-key>".clone_into(&mut text);
        }
        let text = UUID.replace_all(&text, "<uuid>");
        let text = relative_times(&text, now, &self.months);
        match UNSUPPORTED.captures(&text) {
            Some(found) => {
                format!("{}{}{}{}", &found[1], sorted_list(&found[2]), &found[3], sorted_list(&found[4]))
            }
            None => text,
        }
    }
}

/// Sorts what has no order of its own in the body of a response to `path`.
fn sort(path: &str, out: &mut Json) {
    let places = UNORDERED.iter().find(|(known, _)| *known == path).map_or(&[][..], |(_, places)| places);
    for place in places {
        let list = if place.is_empty() { Some(&mut *out) } else { member(out, place) };
        if let Some(Json::List(items)) = list {
            items.sort_by_cached_key(canonical);
        }
    }
    if let Some(Json::List(entries)) = member(out, "detail")
        && entries.iter().all(|entry| entry.as_dict().is_some())
    {
        entries.iter_mut().for_each(validation_error);
        entries.sort_by_cached_key(canonical);
    }
    if path == "/key/list"
        && let Some(Json::Str(text)) = member(out, "error").and_then(|error| member(error, "param"))
    {
        *text = sorted_list(text);
    }
}

/// Replaces the symbols for the names of keys by others.
fn rename(document: &mut Json, shared: &[(&String, &String)]) {
    match document {
        Json::Str(text) => {
            let found = shared.iter().find(|(variable, _)| *text == format!("<key_name:${variable}>"));
            if let Some((_, first)) = found {
                *text = format!("<key_name:${first}>");
            }
        }
        Json::List(items) => items.iter_mut().for_each(|item| rename(item, shared)),
        Json::Dict(members) => members.iter_mut().for_each(|(_, item)| rename(item, shared)),
        _ => {}
    }
}

/// Whether a captured value is long enough to be found in other texts.
fn is_long(value: &str) -> bool {
    value.chars().count() >= 6
}

/// The order in which captured values are looked for.
fn longest_first((name, value): &(&String, &String)) -> (Reverse<usize>, String) {
    (Reverse(value.chars().count()), (*name).clone())
}

fn member<'a>(document: &'a mut Json, name: &str) -> Option<&'a mut Json> {
    match document {
        Json::Dict(members) => members.iter_mut().find(|(key, _)| key == name).map(|(_, value)| value),
        _ => None,
    }
}

fn last_four(text: &str) -> &str {
    let at = text.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    text.get(at..).unwrap_or_default()
}

/// The comma-separated list with its items sorted: the reference prints sets.
fn sorted_list(text: &str) -> String {
    let mut items: Vec<&str> = text.split(", ").collect();
    items.sort_unstable();
    items.join(", ")
}

/// Drops what depends on the version of the validating library.
fn validation_error(entry: &mut Json) {
    if let Json::Dict(members) = entry {
        members.retain(|(name, _)| name != "url");
    }
    if entry.get("type").and_then(Json::as_str) == Some("json_invalid") {
        let first = match entry.get("loc") {
            Some(Json::List(items)) => items.iter().take(1).cloned().collect(),
            _ => Vec::new(),
        };
        entry.set("loc", Json::List(first));
        entry.set("ctx", Json::from("<json-error>"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    fn normal(normaliser: &Normaliser, path: &str, body: &Json) -> Json {
        normaliser.body(path, body, "2026-01-31T12:00:00Z".parse().expect("a moment"))
    }

    #[test]
    fn captured_values_their_hashes_and_names_become_symbols_longest_first() {
        let long = "sk-abcdefgh-and-more";
        let normaliser = Normaliser {
            variables: Variables::from([
                ("a".to_owned(), "sk-abcdefgh".to_owned()),
                ("b".to_owned(), long.to_owned()),
                ("short".to_owned(), "sk-ab".to_owned()),
            ]),
            ..Normaliser::default()
        };
        let body = dict! {
            "key" => long,
            "token" => sha256(long),
            "double" => sha256(&sha256(long)),
            "key_name" => "sk-...more",
            "other" => "sk-...more",
            "sk-abcdefgh" => "sk-ab",
        };
        let expected = dict! {
            "key" => "<$b>",
            "token" => "<hash:$b>",
            "double" => "<hash2:$b>",
            "key_name" => "<key_name:$b>",
            "other" => "sk-...more",
            "<$a>" => "sk-ab",
        };
        assert_eq!(normal(&normaliser, "/key/info", &body), expected);
    }

    #[test]
    fn keys_that_share_a_name_by_chance_are_expected_under_one_symbol() {
        let normaliser = Normaliser {
            variables: Variables::from([
                ("k".to_owned(), "sk-one-same".to_owned()),
                ("u".to_owned(), "sk-two-same".to_owned()),
                ("v".to_owned(), "sk-two-else".to_owned()),
            ]),
            ..Normaliser::default()
        };
        let row = |name: &str, spend: i64| dict! { "key_name" => name, "spend" => spend };
        let recorded = dict! {
            "keys" => vec![row("<key_name:$k>", 2), row("<key_name:$u>", 1), row("<key_name:$v>", 0)],
        };
        let body = dict! {
            "keys" => vec![row("sk-...same", 1), row("sk-...same", 2), row("sk-...else", 0)],
        };
        assert_eq!(*normaliser.expected("/key/list", &recorded), normal(&normaliser, "/key/list", &body));
        let other = dict! {
            "keys" => vec![row("sk-...else", 1), row("sk-...same", 2), row("sk-...same", 0)],
        };
        assert_ne!(*normaliser.expected("/key/list", &recorded), normal(&normaliser, "/key/list", &other));
    }

    #[test]
    fn generated_keys_and_ids_are_symbols_where_nothing_was_captured() {
        let key = "sk-abcdefghijklmnopqrstuv";
        let body = dict! {
            "key" => key, "note" => key, "token" => vec![Json::from(key)],
            "id" => "x-01234567-89ab-cdef-0123-456789abcdef", "raw" => "a01234567-89ab-cdef-0123-456789abcdef",
        };
        let expected = dict! {
            "key" => "<generated-key>", "note" => key, "token" => vec![Json::from("<generated-key>")],
            "id" => "x-<uuid>", "raw" => "a01234567-89ab-cdef-0123-456789abcdef",
        };
        assert_eq!(normal(&Normaliser::default(), "/key/info", &body), expected);
    }

    #[test]
    fn foreign_error_texts_are_open_ended() {
        let body = dict! {
            "a" => "failed: ORACLE_DB_ERROR: x\ny",
            "b" => "2 validation errors for BudgetConfig\nrpm_limit\n  Input",
        };
        let expected = dict! {"a" => "failed: <db-error>", "b" => "2 validation errors for BudgetConfig <pydantic-error>"};
        assert_eq!(normal(&Normaliser::default(), "/key/info", &body), expected);
    }

    #[test]
    fn arrays_without_order_are_sorted_only_where_they_have_none() {
        let list = |items: [&str; 2]| Json::List(items.map(Json::from).to_vec());
        let body = dict! {"keys" => list(["b", "a"])};
        assert_eq!(normal(&Normaliser::default(), "/key/list", &body), dict! {"keys" => list(["a", "b"])});
        assert_eq!(normal(&Normaliser::default(), "/key/info", &body), body);
        assert_eq!(normal(&Normaliser::default(), "/team/list", &list(["b", "a"])), list(["a", "b"]));
    }

    #[test]
    fn lists_of_unsupported_parameters_are_sorted() {
        let text = "Unsupported parameter(s): b, a. Supported parameters: z, y";
        let body = dict! {"error" => dict! {"message" => text, "param" => "b, a"}};
        let sorted = "Unsupported parameter(s): a, b. Supported parameters: y, z";
        let expected = dict! {"error" => dict! {"message" => sorted, "param" => "a, b"}};
        assert_eq!(normal(&Normaliser::default(), "/key/list", &body), expected);
    }

    #[test]
    fn validation_errors_lose_their_url_and_the_place_of_a_syntax_error() {
        let loc = |items: &[&str]| Json::List(items.iter().map(|item| Json::from(*item)).collect());
        let body = dict! {"detail" => vec![
            dict! {"type" => "missing", "loc" => loc(&["body", "key"]), "url" => "https://x"},
            dict! {"type" => "json_invalid", "loc" => loc(&["body", "7"]), "ctx" => dict! {"error" => "x"}},
        ]};
        let expected = dict! {"detail" => vec![
            dict! {"type" => "json_invalid", "loc" => loc(&["body"]), "ctx" => "<json-error>"},
            dict! {"type" => "missing", "loc" => loc(&["body", "key"])},
        ]};
        assert_eq!(normal(&Normaliser::default(), "/key/update", &body), expected);
    }
}
