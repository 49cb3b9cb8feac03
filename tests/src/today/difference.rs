//! What differs between two answers, in words that are the same in every run.

use super::symbols::are_one_reset;
use crate::scenario::{dumps, same};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, repr};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// An answer.
pub(super) struct Answer<'a> {
    /// Its status.
    pub(super) status: i64,
    /// The normal form of its body.
    pub(super) body: &'a Json,
}

impl Answer<'_> {
    pub(super) fn succeeds(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// What the members are called that tell the objects of a list apart.
const IDS: [&str; 8] =
    ["token", "team_id", "budget_id", "user_id", "key_alias", "organization_id", "project_id", "key"];

/// Where `/key/list` gives the hashes of keys.
const HASHES: &str = "/keys";

/// The differences of what is given to what was recorded, by a call of `path`. The order of objects and keys in lists is not compared:
/// the recorded one is not LiteLLM's, but of the database in memory behind it.
pub(super) fn differences(recorded: &Answer<'_>, given: &Answer<'_>, path: &str) -> Vec<String> {
    let mut out = BTreeSet::new();
    if is_unrouted(given) && !is_unrouted(recorded) {
        return vec!["no such route".to_owned()];
    }
    match (recorded.succeeds(), given.succeeds()) {
        (true, true) => {
            if recorded.status != given.status {
                out.insert(format!("{} → {}", recorded.status, given.status));
            }
            compare(recorded.body, given.body, "", &mut out);
        }
        (true, false) => {
            out.insert(format!("{} → {} {}", recorded.status, given.status, message(given.body)));
        }
        (false, true) => {
            out.insert(format!("{} {} → {}", recorded.status, message(recorded.body), given.status));
        }
        (false, false) => refusals(recorded, given, &mut out),
    }
    let whole_path = |what: String| if path.len() > 1 { what.replace(path, "<path>") } else { what };
    out.into_iter().map(whole_path).collect()
}

/// Whether an answer says that there is no such route.
fn is_unrouted(answer: &Answer<'_>) -> bool {
    answer.status == 404 && *answer.body == dict! {"detail" => "Not Found"}
}

/// Two refusals: their status and words, and where both are equal, the rest of the body.
fn refusals(recorded: &Answer<'_>, given: &Answer<'_>, out: &mut BTreeSet<String>) {
    let (theirs, ours) = (message(recorded.body), message(given.body));
    if recorded.status != given.status {
        out.insert(format!("{} {theirs} → {} {ours}", recorded.status, given.status));
    } else if theirs != ours {
        out.insert(format!("{}: {theirs} → {ours}", recorded.status));
    } else {
        compare(recorded.body, given.body, "", out);
    }
}

/// The words of a refusal.
fn message(body: &Json) -> String {
    let detail = body.get("detail");
    let text = match (body.get("error").and_then(|error| error.get("message")), detail) {
        (Some(Json::Str(text)), _) | (_, Some(Json::Str(text))) => text.clone(),
        // LiteLLM sends some objects as Python prints them
        (Some(message), _) => repr(message),
        (_, Some(Json::List(entries))) => {
            let mut entries: Vec<String> = entries.iter().map(misfit).collect();
            entries.sort();
            entries.join("; ")
        }
        (_, Some(detail)) => match detail.get("error") {
            Some(Json::Str(text)) => text.clone(),
            _ => dumps(detail),
        },
        _ => dumps(body),
    };
    format!("\"{}\"", neutral(&text))
}

/// One entry of a 422: where, and what is wrong there.
fn misfit(entry: &Json) -> String {
    let place = entry.get("loc").and_then(Json::as_list).unwrap_or_default();
    let place: Vec<String> =
        place.iter().map(|part| part.as_str().map_or_else(|| dumps(part), str::to_owned)).collect();
    format!("{}: {}", place.join("."), entry.get("msg").and_then(Json::as_str).unwrap_or_default())
}

fn compare(theirs: &Json, ours: &Json, path: &str, out: &mut BTreeSet<String>) {
    match (theirs, ours) {
        (Json::Dict(left), Json::Dict(right)) => {
            for (name, value) in left {
                let place = format!("{path}/{}", neutral(name));
                match ours.get(name) {
                    Some(other) => compare(value, other, &place, out),
                    None if says_nothing(value) => {
                        out.insert(format!("-{place}"));
                    }
                    None => {
                        out.insert(format!("-{place}: {}", shown(value)));
                    }
                }
            }
            for (name, _) in right.iter().filter(|(name, _)| theirs.get(name).is_none()) {
                out.insert(format!("+{path}/{}", neutral(name)));
            }
        }
        (Json::List(left), Json::List(right)) => lists(left, right, path, out),
        (Json::Str(left), Json::Str(right)) if are_one_reset(left, right) => {}
        _ if same(theirs, ours) => {}
        _ => {
            let place = if path.is_empty() { "/" } else { path };
            out.insert(format!("{place}: {} → {}", shown(theirs), shown(ours)));
        }
    }
}

fn lists(left: &[Json], right: &[Json], path: &str, out: &mut BTreeSet<String>) {
    let place = format!("{path}/*");
    let id = IDS.iter().find(|id| {
        let mut items = left.iter().chain(right).peekable();
        items.peek().is_some() && items.all(|item| item.get(id).is_some_and(|id| id.as_str().is_some()))
    });
    let (left, right) = match id {
        Some(id) => {
            let name = |item: &&Json| item.get(id).and_then(Json::as_str).unwrap_or_default().to_owned();
            let (theirs, ours): (BTreeSet<String>, BTreeSet<String>) = (
                left.iter().map(|item| name(&item)).collect(),
                right.iter().map(|item| name(&item)).collect(),
            );
            for lost in theirs.difference(&ours) {
                out.insert(format!("-{place} {}", neutral(lost)));
            }
            for more in ours.difference(&theirs) {
                out.insert(format!("+{place} {}", neutral(more)));
            }
            let common = |items: &[Json]| -> Vec<Json> {
                let is_common = |item: &&Json| theirs.contains(&name(item)) && ours.contains(&name(item));
                let mut items: Vec<&Json> = items.iter().filter(is_common).collect();
                items.sort_by_cached_key(name);
                items.into_iter().cloned().collect()
            };
            (common(left), common(right))
        }
        None => {
            let sorted = |items: &[Json]| {
                let mut items = items.to_vec();
                if path == HASHES {
                    items.sort_by_cached_key(dumps);
                }
                items
            };
            (sorted(left), sorted(right))
        }
    };
    if left.len() != right.len() {
        out.insert(format!("{path}: {} items → {}", left.len(), right.len()));
        return;
    }
    for (one, other) in left.iter().zip(&right) {
        compare(one, other, &place, out);
    }
}

/// Whether a value is the one that a member has that nobody has set.
fn says_nothing(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) | Json::Int(0) => true,
        Json::Float(number) => *number == 0.0,
        Json::Str(text) => text.is_empty(),
        Json::List(items) => items.is_empty(),
        Json::Dict(members) => members.iter().all(|(_, value)| says_nothing(value)),
        _ => false,
    }
}

/// A value as JSON, cut where it gets long.
fn shown(value: &Json) -> String {
    let text = neutral(&dumps(value));
    match text.char_indices().nth(120) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

/// `text` on one line, without what depends on the moment and the names of variables.
fn neutral(text: &str) -> String {
    static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"<(\$|hash:\$|hash2:\$|key_name:\$)\w+>").expect("the pattern is well formed")
    });
    static TIME: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"<now([+-])([0-9]+)\|").expect("the pattern is well formed"));
    static RESET: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"<reset [^|]*\|").expect("the pattern is well formed"));
    static SECRET: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"sk-\.\.\.[A-Za-z0-9_-]{4}").expect("the pattern is well formed"));
    static SPACE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\s+").expect("the pattern is well formed"));
    let text = VARIABLE.replace_all(text, "<$1>");
    let text = TIME.replace_all(&text, |found: &regex::Captures<'_>| {
        match (found[2].parse::<u64>(), &found[1]) {
            (Ok(0..=5), _) => "<now|",
            (_, "+") => "<later|",
            _ => "<earlier|",
        }
        .to_owned()
    });
    let text = RESET.replace_all(&text, "<reset|");
    let text = SECRET.replace_all(&text, "sk-...");
    SPACE.replace_all(&text, " ").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found((status, theirs): (i64, &Json), (given, ours): (i64, &Json)) -> Vec<String> {
        let recorded = Answer { status, body: theirs };
        differences(&recorded, &Answer { status: given, body: ours }, "/key/x")
    }

    fn refusal(text: &str) -> Json {
        dict! {"error" => dict! {"message" => text, "type" => "t"}}
    }

    #[test]
    fn members_that_one_side_has_are_named_and_values_shown_where_they_say_something() {
        let theirs = dict! {"info" => dict! {"a" => Json::Null, "b" => 1, "c" => vec![Json::Int(0)]}};
        let ours = dict! {"info" => dict! {"b" => 2, "d" => 3}};
        let expected = ["+/info/d", "-/info/a", "-/info/c: [0]", "/info/b: 1 → 2"];
        assert_eq!(found((200, &theirs), (200, &ours)), expected);
    }

    #[test]
    fn refusals_differ_by_status_and_words_or_else_by_their_members() {
        assert_eq!(found((403, &refusal("no")), (404, &refusal("none"))), ["403 \"no\" → 404 \"none\""]);
        assert_eq!(found((403, &refusal("no")), (403, &refusal("never"))), ["403: \"no\" → \"never\""]);
        let detail = dict! {"detail" => "no"};
        assert_eq!(
            found((403, &refusal("no")), (403, &detail)),
            ["+/detail", "-/error: {\"message\": \"no\", \"type\": \"t\"}"]
        );
        assert_eq!(found((200, &Json::Null), (400, &refusal("no"))), ["200 → 400 \"no\""]);
        assert_eq!(found((401, &refusal("no /key/x")), (200, &Json::Null)), ["401 \"no <path>\" → 200"]);
        assert_eq!(found((200, &Json::Null), (404, &dict! {"detail" => "Not Found"})), ["no such route"]);
    }

    #[test]
    fn objects_of_lists_are_paired_by_their_ids() {
        let row = |id: &str, spend: i64| dict! {"team_id" => id, "spend" => spend};
        let theirs = Json::List(vec![row("a", 1), row("b", 1)]);
        let ours = Json::List(vec![row("b", 2), row("c", 1)]);
        assert_eq!(found((200, &theirs), (200, &ours)), ["+/* c", "-/* a", "/*/spend: 1 → 2"]);
    }

    #[test]
    fn moments_and_names_of_variables_are_not_shown() {
        assert_eq!(
            neutral("<$k> <hash:$k2> <now+0|Z> <now+86400|naive> <now-900|Z> a\nb"),
            "<$> <hash:$> <now|Z> <later|naive> <earlier|Z> a b"
        );
    }
}
