//! Vectors: one decision of the reference's each, without a server and without a store.
//!
//! Every kind of vector is put to the module as a question to `check`, and its verdict is compared with what the
//! reference's function returned or raised. Equal means:
//!
//! * a result: allowed, and the same values. Of a row about to be inserted, what is null, empty or a `spend` of 0 does not
//!   count, nor what the database fills in; a caller's own key appears as its hash; the row made for a soft budget is
//!   the same, and the key names it;
//! * a refusal with a status below 500: the first violation has the same status, message, type and param (a message that
//!   is an object counts as Python's text of it); a request the model refused: the same violations of the model, all of them;
//! * an internal error of the reference (a status of 500, an exception): refused with a status from 400 to 499; where the
//!   reference raised a ValueError of its own wording, the message contains that wording; and the budget row that was
//!   left behind is left behind here too. The wordings of Python itself do not bind.

use crate::implementation::{Implementation, Session};
use crate::scenario::{canonical, first_difference, full_settings, same, sha256, shown};
use chrono::{DateTime, SecondsFormat, Utc};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, str_of};

/// The settings a vector is judged under.
pub fn settings(vector: &Json) -> Json {
    let premium = vector.get("premium").is_none_or(Json::is_truthy);
    let own = vector.get("settings").cloned().unwrap_or_else(Json::empty_dict);
    full_settings(&dict! {"litellm_settings" => own, "model_list" => Vec::<Json>::new()}, premium)
}

/// Judges all vectors that have the same settings; gives the index and the difference of each that is not equal.
pub fn judge(group: &[(usize, &Json)], implementation: &dyn Implementation) -> Vec<(usize, String)> {
    let Some((_, first)) = group.first() else { return Vec::new() };
    let mut session = match implementation.open(&settings(first)) {
        Ok(session) => session,
        Err(error) => return group.iter().map(|(index, _)| (*index, error.clone())).collect(),
    };
    let found = |(index, vector): &(usize, &Json)| Some((*index, difference(vector, session.as_mut())?));
    group.iter().filter_map(found).collect()
}

fn difference(vector: &Json, session: &mut dyn Session) -> Option<String> {
    let question = match question(vector) {
        Ok(question) => question,
        Err(error) => return Some(error),
    };
    match session.check(&question) {
        Ok(verdict) => {
            compare(vector, &verdict).err().map(|found| format!("{found}\n    asked {}", shown(&question)))
        }
        Err(error) => Some(error),
    }
}

/// The question to `check`.
pub fn question(vector: &Json) -> Result<Json, String> {
    let member = |name: &str| vector.get(name).cloned().unwrap_or(Json::Null);
    let now = match vector.get("now").and_then(Json::as_str) {
        Some(text) => text.parse::<DateTime<Utc>>().map_err(|error| error.to_string())?.timestamp_millis(),
        None => 0,
    };
    let ask =
        |operation: &str, request: Json| dict! {"operation" => operation, "now" => now, "request" => request};
    let admin = dict! {"user_role" => "proxy_admin", "user_id" => "admin"};
    let with = |mut question: Json, members: Vec<(&'static str, Json)>| {
        members.into_iter().for_each(|(name, value)| question.set(name, value));
        question
    };
    Ok(match vector.get("op").and_then(Json::as_str).unwrap_or_default() {
        "generate" => with(
            ask("key_generate", member("request")),
            vec![("caller", member("caller")), ("team", member("team"))],
        ),
        "update_prepare" => {
            let key = dict! {"token" => sha256("sk-1"), "metadata" => member("existing_metadata")};
            with(ask("key_update", member("request")), vec![("caller", admin), ("existing_key", key)])
        }
        "update_access" => {
            let key = dict! {"token" => sha256("sk-1")};
            with(
                ask("key_update", member("request")),
                vec![("caller", member("caller")), ("existing_key", key)],
            )
        }
        "can_delete" => {
            let key = with(member("key"), vec![("token", Json::from(sha256("sk-1")))]);
            with(
                ask("key_delete", dict! {"keys" => vec![Json::from("sk-1")]}),
                vec![("caller", member("caller")), ("existing_key", key), ("team", member("team"))],
            )
        }
        "can_query_info" => with(
            ask("key_info", dict! {"key" => member("key")}),
            vec![("caller", member("caller")), ("existing_key", member("key_info"))],
        ),
        "route" => {
            let request =
                dict! {"route" => member("route"), "query" => member("query"), "body" => member("body")};
            let caller = dict! {"user_role" => member("user_role"), "user_id" => "u"};
            with(ask("route", request), vec![("caller", caller)])
        }
        "duration" => ask("duration", dict! {"duration" => member("duration")}),
        "model_max_budget" => ask("model_max_budget", dict! {"model_max_budget" => member("value")}),
        "hash_token" => ask("hash_token", dict! {"token" => member("token")}),
        other => return Err(format!("unknown kind of vector `{other}`")),
    })
}

fn compare(vector: &Json, verdict: &Json) -> Result<(), String> {
    let expect = vector.get("expect").ok_or("a vector without `expect`")?;
    if let Some(invalid) = expect.get("invalid") {
        return compare_model(invalid, verdict);
    }
    if let Some(ok) = expect.get("ok") {
        return compare_result(vector, expect, ok, verdict);
    }
    if let Some(class) = expect.get("exception").and_then(Json::as_str) {
        let text = expect.get("message").map(str_of).unwrap_or_default();
        return compare_failure(class == "ValueError", &text, verdict);
    }
    let error = expect.get("error");
    let message = error.and_then(|error| error.get("message")).or_else(|| expect.get("detail"));
    let message = message.or_else(|| expect.get("message")).map(str_of).unwrap_or_default();
    if matches!(expect.get("status"), Some(Json::Int(500..))) {
        let created = expect.get("budget_row_created").is_some();
        if created != verdict.get("budget_row").is_some_and(Json::is_truthy) {
            return Err(format!("budget row left behind: expected {created}, got {}", shown(verdict)));
        }
        let text = message.strip_prefix("Internal Server Error, ").unwrap_or(&message);
        return compare_failure(true, text, verdict);
    }
    let first = first_violation(verdict)?;
    let text = first.get("message").map(str_of).unwrap_or_default();
    let mut expected =
        dict! {"status" => expect.get("status").cloned().unwrap_or(Json::Null), "message" => message};
    let mut actual =
        dict! {"status" => first.get("status").cloned().unwrap_or(Json::Null), "message" => text};
    if let Some(error) = error {
        for name in ["type", "param"] {
            expected.set(name, error.get(name).cloned().unwrap_or(Json::Null));
            let value = first.get(name).filter(|value| !value.is_null());
            actual.set(name, value.cloned().unwrap_or_else(|| Json::from("None")));
        }
    }
    equal(&expected, &actual)
}

fn equal(expected: &Json, actual: &Json) -> Result<(), String> {
    if same(expected, actual) {
        return Ok(());
    }
    Err(first_difference(expected, actual).unwrap_or_else(|| "differs".to_owned()))
}

/// All violations but those of the rule on what columns can hold: a vector ends before the row is inserted.
fn violations(verdict: &Json) -> Vec<&Json> {
    let all = verdict.get("violations").and_then(Json::as_list).unwrap_or_default();
    all.iter().filter(|violation| violation.get("rule").and_then(Json::as_str) != Some("storable")).collect()
}

fn is_allowed(verdict: &Json) -> bool {
    verdict.get("violations").is_some() && violations(verdict).is_empty()
}

fn first_violation(verdict: &Json) -> Result<&Json, String> {
    match violations(verdict).first().copied() {
        Some(first) if !is_allowed(verdict) => Ok(first),
        _ => Err(format!("expected a refusal, got {}", shown(verdict))),
    }
}

/// What the request's model refused: place, kind and text of all violations, in any order.
fn compare_model(invalid: &Json, verdict: &Json) -> Result<(), String> {
    first_violation(verdict)?;
    let member = |violation: &Json, name: &str| violation.get(name).cloned().unwrap_or(Json::Null);
    let sorted = |mut items: Vec<Json>| {
        items.sort_by_cached_key(canonical);
        Json::List(items)
    };
    let found = violations(verdict)
        .into_iter()
        .filter(|violation| violation.get("rule").and_then(Json::as_str) == Some("request_model"))
        .map(|violation| Json::List(["loc", "code", "message"].map(|name| member(violation, name)).to_vec()))
        .collect();
    equal(&sorted(invalid.as_list().unwrap_or_default().to_vec()), &sorted(found))
}

/// Wordings of Python itself within the reference's internal errors.
const OF_PYTHON: [&str; 7] = [
    "'metadata'",
    "got an unexpected keyword",
    "argument of type",
    "argument after **",
    "argument must be a string or a real number",
    "month must be in",
    "signed integer is greater",
];

fn compare_failure(is_worded: bool, text: &str, verdict: &Json) -> Result<(), String> {
    let first = first_violation(verdict)?;
    if !matches!(first.get("status"), Some(Json::Int(400..500))) {
        return Err(format!("expected a refusal with 4xx, got {}", shown(first)));
    }
    let binds = is_worded && !OF_PYTHON.iter().any(|python| text.contains(python));
    let wording = text.split("<pydantic-error>").next().unwrap_or_default().trim_end();
    let message = first.get("message").map(str_of).unwrap_or_default();
    if binds && !message.contains(wording) {
        return Err(format!("expected a message with {wording:?}, got {message:?}"));
    }
    Ok(())
}

fn compare_result(vector: &Json, expect: &Json, ok: &Json, verdict: &Json) -> Result<(), String> {
    if *ok == Json::Bool(false) {
        return first_violation(verdict).map(drop);
    }
    if !is_allowed(verdict) {
        return Err(format!("expected to be allowed, got {}", shown(verdict)));
    }
    let effective = verdict.get("effective").cloned().unwrap_or(Json::Null);
    match vector.get("op").and_then(Json::as_str).unwrap_or_default() {
        "generate" => {
            let budget = verdict.get("budget_row").filter(|row| row.is_truthy());
            equal(&inserted(ok, vector, None), &inserted(&effective, vector, budget))?;
            equal(&budget_row(expect.get("budget_row")), &budget_row(budget))
        }
        "update_prepare" => {
            let changes = verdict.get("changes").unwrap_or(&effective);
            equal(&with_moments(ok), &with_moments(changes))
        }
        "duration" | "hash_token" => {
            let value = effective.as_dict().and_then(|members| members.first()).map(|(_, value)| value);
            equal(ok, value.unwrap_or(&effective))
        }
        _ => Ok(()),
    }
}

/// Columns the database fills in, in the reference.
const FILLED_IN: [&str; 2] = ["created_at", "updated_at"];

/// A row about to be inserted, in the form that compares: without what counts as absent.
fn inserted(row: &Json, vector: &Json, budget: Option<&Json>) -> Json {
    let mut out = with_moments(row);
    let own_key = vector.get("request").and_then(|request| request.get("key")).and_then(Json::as_str);
    if let Json::Dict(members) = &mut out {
        members.retain(|(name, value)| {
            let is_minted = own_key.is_none() && matches!(&**name, "token" | "key_name");
            let is_default = match &**name {
                "spend" => same(&Json::Int(0), value),
                "soft_budget_cooldown" => *value == Json::Bool(false),
                _ => false,
            };
            !is_minted && !is_default && !is_empty(value)
        });
        for (name, value) in members {
            let is_new_budget =
                name == "budget_id" && budget.is_some_and(|row| row.get("budget_id") == Some(value));
            if is_new_budget {
                *value = Json::from("<new-budget>");
            }
            if name == "token" && value.as_str() == own_key {
                *value = Json::from(sha256(own_key.unwrap_or_default()));
            }
        }
    }
    out
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::List(items) => items.is_empty(),
        Json::Dict(members) => members.is_empty(),
        _ => false,
    }
}

/// The row made for a soft budget, without its id and what counts as absent.
fn budget_row(row: Option<&Json>) -> Json {
    let mut out = row.map_or(Json::Null, with_moments);
    if let Json::Dict(members) = &mut out {
        members.retain(|(name, value)| name != "budget_id" && !is_empty(value));
    }
    out
}

/// The row with its times written as the reference writes them, without what the database fills in.
fn with_moments(row: &Json) -> Json {
    let mut out = row.clone();
    if let Json::Dict(members) = &mut out {
        members.retain(|(name, _)| !FILLED_IN.contains(&&**name));
        for (name, value) in members {
            if matches!(&**name, "expires" | "budget_reset_at") {
                *value = moment(value);
            }
        }
    }
    out
}

fn moment(value: &Json) -> Json {
    let at = match value {
        Json::Int(millis) => DateTime::from_timestamp_millis(*millis),
        Json::Str(text) => text.parse::<DateTime<Utc>>().ok(),
        _ => None,
    };
    at.map_or_else(|| value.clone(), |at| Json::from(at.to_rfc3339_opts(SecondsFormat::Micros, true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: i64, message: &str) -> Json {
        let violation = dict! {"rule" => "r", "code" => "c", "status" => status, "type" => "internal_server_error", "param" => Json::Null, "message" => message};
        dict! {"allowed" => false, "violations" => vec![violation]}
    }

    #[test]
    fn an_internal_error_asks_for_a_refusal_with_the_references_own_words() {
        let vector = dict! {"op" => "duration", "expect" => dict! {"exception" => "ValueError", "message" => "Invalid duration format"}};
        assert_eq!(compare(&vector, &refused(400, "Invalid duration format: x")), Ok(()));
        assert!(compare(&vector, &refused(400, "bad")).is_err());
        assert!(compare(&vector, &refused(500, "Invalid duration format")).is_err());
        assert!(compare(&vector, &dict! {"allowed" => true, "violations" => Vec::<Json>::new()}).is_err());
        let of_python = dict! {"op" => "duration", "expect" => dict! {"exception" => "ValueError", "message" => "month must be in 1..12"}};
        assert_eq!(compare(&of_python, &refused(400, "bad")), Ok(()));
    }

    #[test]
    fn a_row_left_behind_by_a_refusal_counts() {
        let error = dict! {"message" => "Internal Server Error, 'metadata'"};
        let vector = dict! {"op" => "generate", "expect" => dict! {"status" => 500, "error" => error, "budget_row_created" => true}};
        let mut verdict = refused(400, "x");
        assert!(compare(&vector, &verdict).is_err());
        verdict.set("budget_row", dict! {"soft_budget" => 1});
        assert_eq!(compare(&vector, &verdict), Ok(()));
    }

    #[test]
    fn an_error_compares_status_message_type_and_param() {
        let error =
            dict! {"message" => "no", "type" => "internal_server_error", "param" => "None", "code" => "403"};
        let vector = dict! {"op" => "generate", "expect" => dict! {"status" => 403, "error" => error}};
        assert_eq!(compare(&vector, &refused(403, "no")), Ok(()));
        assert!(compare(&vector, &refused(400, "no")).is_err());
        assert!(compare(&vector, &refused(403, "yes")).is_err());
    }

    #[test]
    fn an_inserted_row_compares_without_what_counts_as_absent() {
        let vector = dict! {
            "op" => "generate",
            "request" => dict! {"key" => "sk-fixed-1"},
            "expect" => dict! {
                "ok" => dict! {"token" => "sk-fixed-1", "budget_id" => "<new-budget>", "expires" => "2025-01-01T00:00:00.000000Z"},
                "budget_row" => dict! {"soft_budget" => 1, "model_max_budget" => Json::empty_dict()},
            },
        };
        let row = dict! {"token" => sha256("sk-fixed-1"), "budget_id" => "b", "spend" => 0.0, "models" => Vec::<Json>::new(), "expires" => 1_735_689_600_000_i64};
        let verdict = |soft: f64| {
            dict! {"violations" => Vec::<Json>::new(), "effective" => row.clone(), "budget_row" => dict! {"budget_id" => "b", "soft_budget" => soft}}
        };
        assert_eq!(compare(&vector, &verdict(1.0)), Ok(()));
        assert!(compare(&vector, &verdict(2.0)).is_err());
    }

    #[test]
    fn violations_of_the_model_compare_in_any_order_and_completely() {
        let place = |name: &str| Json::List(vec![Json::from(name)]);
        let item = |name: &str| Json::List(vec![place(name), Json::from("t"), Json::from("m")]);
        let found = |name: &str| dict! {"rule" => "request_model", "code" => "t", "status" => 422, "message" => "m", "loc" => place(name)};
        let vector = dict! {"op" => "generate", "expect" => dict! {"status" => 422, "invalid" => vec![item("a"), item("b")]}};
        let verdict = |names: &[&str]| dict! {"allowed" => false, "violations" => names.iter().map(|name| found(name)).collect::<Vec<_>>()};
        assert_eq!(compare(&vector, &verdict(&["b", "a"])), Ok(()));
        assert!(compare(&vector, &verdict(&["a"])).is_err());
    }
}
