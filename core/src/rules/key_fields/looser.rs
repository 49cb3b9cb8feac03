//! Whether one value of a limit allows more than another. Lists and objects are compared by sorted names, however long.

use crate::rules::compare::compare;
use crate::rules::time_span;
use crate::settings::Profile;
use latchkey_contract::json::{Json, JsonText, write};
use latchkey_contract::order::Names;
use latchkey_contract::tables::Millis;
use std::cmp::Ordering;

/// Nothing is no limit at all.
pub(super) fn is_raised<T: PartialOrd>(limit: Option<T>, other: Option<T>) -> bool {
    limit.is_some_and(|limit| other.is_none_or(|other| other > limit))
}

/// Whether a budget is reset sooner with window `other`. What is no duration is not later.
pub(super) fn is_sooner(limit: &str, other: &str, now: Millis) -> bool {
    let seconds = |text: &str| time_span::seconds(Profile::Strict, text, now).ok();
    limit != other && seconds(other).zip(seconds(limit)).is_none_or(|(other, limit)| other < limit)
}

/// Whether `other` has something that `limit` does not; an empty list stands for everything.
pub(super) fn is_widened(limit: &[String], other: &[String]) -> bool {
    if limit.is_empty() || other.is_empty() {
        return !limit.is_empty();
    }
    let limit = Names::of(limit.iter());
    other.iter().any(|name| !limit.contains(name))
}

/// Whether `other` has names of models that `limit` has not: by another name a model has neither the limits nor the budget
/// that its own name has.
pub(super) fn is_renamed(limit: &Json, other: &Json) -> bool {
    let limit = limit.by_name();
    other.as_dict().unwrap_or_default().iter().any(|(name, model)| limit.get(name) != Some(model))
}

/// Whether a key is no longer of what limits it, an organization or a project.
pub(super) fn is_left(limit: Option<&String>, other: Option<&String>) -> bool {
    limit.is_some() && limit != other
}

/// Whether `other` has something that `limit` does not; here an empty list stands for nothing.
pub(super) fn is_more(limit: &[String], other: &[String]) -> bool {
    let limit = Names::of(limit.iter());
    other.iter().any(|name| !limit.contains(name))
}

/// Whether `other` routes calls otherwise than `limit`, which may lead to other models.
pub(super) fn is_rerouted(limit: Option<&JsonText>, other: Option<&JsonText>) -> bool {
    let said = |settings: Option<&JsonText>| settings.map(JsonText::value).filter(Json::is_truthy);
    let other = said(other);
    other.is_some() && other != said(limit)
}

/// Whether `other` may spend more than `limit` within some window. Both are lists of budgets, each with its window; a window
/// that `limit` has and `other` has not is one without a limit.
pub(super) fn is_raised_in_a_window(limit: Option<&JsonText>, other: Option<&JsonText>) -> bool {
    let windows = |list: Option<&JsonText>| match list.map(JsonText::value) {
        Some(Json::List(windows)) => windows,
        _ => Vec::new(),
    };
    let (limit, other) = (windows(limit), windows(other));
    limit.iter().any(|old| {
        let holds = |new: &Json| {
            let is_same = old.get("budget_duration") == new.get("budget_duration");
            let amounts = old.get("max_budget").zip(new.get("max_budget"));
            is_same && amounts.is_some_and(|(old, new)| compare(new, old).is_some_and(Ordering::is_le))
        };
        !other.iter().any(holds)
    })
}

/// Whether `other` allows more than `limit`: a larger number, a missing member or item, another text. Limits may come for
/// further models, unless they take the place of one that is there.
pub(super) fn is_loosened(limit: &Json, other: &Json) -> bool {
    match (limit, other) {
        (Json::Null, _) => false,
        (Json::Dict(members), Json::Dict(asked)) => {
            let (limit, other) = (limit.by_name(), other.by_name());
            // the gateway looks for the name with its provider first
            let takes_a_place = |name: &str| {
                let model = name.rsplit_once('/').map(|(_, model)| model);
                limit.get(name).is_none() && model.is_some_and(|model| limit.get(model).is_some())
            };
            members.iter().any(|(name, old)| other.get(name).is_none_or(|new| is_one_loosened(old, new)))
                || asked.iter().any(|(name, _)| takes_a_place(name))
        }
        (Json::List(items), Json::List(kept)) => {
            let kept: Vec<String> = kept.iter().map(write).collect();
            let kept = Names::of(kept.iter());
            items.iter().any(|item| !kept.contains(&write(item)))
        }
        _ if limit == other => false,
        // what is required stays so, and may come to be
        (Json::Bool(limit), Json::Bool(_)) => *limit,
        _ => compare(other, limit).is_none_or(Ordering::is_gt),
    }
}

/// Whether a list of what is allowed has something in `other` that it has not in `limit`; an empty one allows everything.
/// What is no list allows no more only if it is the same.
pub(super) fn is_allowed_more(limit: &Json, other: &Json) -> bool {
    match (limit, other) {
        _ if is_nothing(limit) => false,
        (Json::List(items), Json::List(asked)) if !asked.is_empty() => {
            let named = items.iter().map(|item| (name_of(item).into(), item.clone())).collect();
            let items = Json::Dict(named);
            let items = items.by_name();
            asked.iter().any(|item| items.get(&name_of(item)).is_none_or(|known| !is_part(item, known)))
        }
        _ => limit != other,
    }
}

/// What an item of a list of what is allowed is called: a text, or an object that names an index.
fn name_of(item: &Json) -> String {
    item.get("index_name").map_or_else(|| write(item), write)
}

/// Whether an item allows no more than another of its name: the same, with as many permissions or fewer.
fn is_part(item: &Json, known: &Json) -> bool {
    match (item, known) {
        (Json::Dict(members), Json::Dict(all)) => {
            members.len() == all.len()
                && members
                    .iter()
                    .all(|(name, value)| known.get(name).is_some_and(|known| is_part(value, known)))
        }
        (Json::List(items), Json::List(all)) => {
            !items.is_empty() && items.iter().all(|item| all.contains(item))
        }
        _ => item == known,
    }
}

/// Whether the value says nothing: `null`, `false`, or something empty.
pub(super) fn is_nothing(value: &Json) -> bool {
    match value {
        Json::List(items) => items.is_empty(),
        Json::Dict(members) => members.is_empty(),
        Json::Str(text) => text.is_empty(),
        _ => matches!(value, Json::Null | Json::Bool(false)),
    }
}

/// The same for one model, whose budget is an object of amounts with several names for each: none may be added.
fn is_one_loosened(limit: &Json, other: &Json) -> bool {
    let is_added = match (limit, other) {
        (Json::Dict(_), Json::Dict(asked)) => {
            let limit = limit.by_name();
            asked.iter().any(|(name, _)| limit.get(name).is_none())
        }
        _ => false,
    };
    is_added || is_loosened(limit, other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    #[test]
    fn taking_a_limit_away_raises_it() {
        assert!(is_raised(Some(1), None) && is_raised(Some(1), Some(2)));
        assert!(!is_raised(None, Some(1)) && !is_raised(Some(2), Some(1)) && !is_raised::<i64>(None, None));
    }

    #[test]
    fn a_list_of_what_is_allowed_may_only_shrink() {
        let list = |items: &[&str]| Json::List(items.iter().map(|item| Json::from(*item)).collect());
        let (two, one) = (list(&["a", "b"]), list(&["a"]));
        assert!(!is_allowed_more(&two, &two) && !is_allowed_more(&two, &one));
        for more in [list(&["a", "c"]), list(&[]), Json::Null, "a".into()] {
            assert!(is_allowed_more(&two, &more), "{more:?}");
        }
        assert!(!is_allowed_more(&Json::Null, &two) && !is_allowed_more(&list(&[]), &two));
        let index = |name: &str, permissions: &[&str]| {
            Json::List(vec![dict! { "index_name" => name, "index_permissions" => list(permissions) }])
        };
        let other_order =
            Json::List(vec![dict! { "index_permissions" => list(&["write", "read"]), "index_name" => "i" }]);
        let own = index("i", &["read", "write"]);
        for within in [index("i", &["read"]), other_order] {
            assert!(!is_allowed_more(&own, &within), "{within:?}");
        }
        for more in [index("i", &["read", "delete"]), index("i", &[]), index("j", &["read"])] {
            assert!(is_allowed_more(&own, &more), "{more:?}");
        }
    }

    #[test]
    fn what_is_required_stays_required() {
        let (yes, no) = (Json::Bool(true), Json::Bool(false));
        assert!(is_loosened(&yes, &no) && is_loosened(&yes, &Json::Null));
        assert!(!is_loosened(&no, &yes) && !is_loosened(&yes, &yes));
    }

    #[test]
    fn limits_by_model_may_only_shrink_and_grow_in_number() {
        let old = dict! { "gpt-4" => 10, "b" => 5 };
        assert!(!is_loosened(&old, &dict! { "gpt-4" => 9.5, "b" => 5, "c" => 1 }));
        assert!(is_loosened(&old, &dict! { "gpt-4" => 10 }));
        assert!(is_loosened(&old, &dict! { "gpt-4" => 11, "b" => 5 }));
        assert!(is_loosened(&old, &dict! { "gpt-4" => f64::NAN, "b" => 5 }));
        assert!(is_loosened(
            &dict! { "a" => dict! { "time_period" => "1d" } },
            &dict! { "a" => dict! { "time_period" => "1h" } }
        ));
        let one = dict! { "gpt-4" => dict! { "max_budget" => 5 } };
        let more = dict! { "gpt-4" => dict! { "max_budget" => 5, "budget_limit" => 9 } };
        assert!(is_loosened(&one, &more), "a second name for an amount counts before the first");
        let shadow = dict! { "gpt-4" => 10, "b" => 5, "openai/gpt-4" => 99 };
        assert!(is_loosened(&old, &shadow), "a name with its provider counts before the name alone");
    }

    #[test]
    fn lists_of_what_must_be_may_grow_and_not_shrink() {
        let list = |items: &[&str]| Json::List(items.iter().map(|item| Json::from(*item)).collect());
        assert!(!is_loosened(&list(&["a"]), &list(&["b", "a"])));
        assert!(is_loosened(&list(&["a", "b"]), &list(&["b"])) && is_loosened(&list(&["a"]), &Json::Null));
    }

    #[test]
    fn other_names_of_models_may_go_and_not_come() {
        let old = dict! { "x" => "gpt-4", "y" => "b" };
        assert!(!is_renamed(&old, &dict! { "x" => "gpt-4" }) && !is_renamed(&old, &Json::empty_dict()));
        assert!(is_renamed(&old, &dict! { "x" => "c" }) && is_renamed(&old, &dict! { "z" => "gpt-4" }));
    }

    #[test]
    fn a_budget_with_a_window_may_fall_and_others_may_come() {
        let list = |text: &str| JsonText::parse(text.to_owned()).expect("JSON");
        let day = list(r#"[{"budget_duration":"1d","max_budget":5.0,"reset_at":"x"}]"#);
        let less =
            list(r#"[{"budget_duration":"7d","max_budget":9.0},{"budget_duration":"1d","max_budget":4.0}]"#);
        let more = list(r#"[{"budget_duration":"1d","max_budget":6.0}]"#);
        let raised = |old: &JsonText, new: &JsonText| is_raised_in_a_window(Some(old), Some(new));
        assert!(!raised(&day, &day) && !raised(&day, &less) && !is_raised_in_a_window(None, Some(&day)));
        assert!(raised(&day, &more) && raised(&less, &day) && is_raised_in_a_window(Some(&day), None));
    }

    #[test]
    fn routing_may_be_left_out_and_not_changed() {
        let settings = |text: &str| JsonText::parse(text.to_owned()).expect("JSON");
        let (own, other) = (settings(r#"{"num_retries":1}"#), settings(r#"{"num_retries":2}"#));
        assert!(is_rerouted(Some(&own), Some(&other)) && is_rerouted(None, Some(&own)));
        assert!(!is_rerouted(Some(&own), Some(&own)) && !is_rerouted(Some(&own), None));
        assert!(!is_rerouted(None, Some(&settings("{}"))));
    }

    #[test]
    fn an_empty_list_stands_for_everything() {
        let some = ["a".to_owned(), "b".to_owned()];
        assert!(is_widened(&some, &[]) && is_widened(&some, &["c".to_owned()]));
        assert!(!is_widened(&some, &["a".to_owned()]) && !is_widened(&[], &some) && !is_widened(&[], &[]));
    }

    #[test]
    fn a_window_is_sooner_or_not_understood() {
        assert!(is_sooner("30d", "1d", Millis(0)) && is_sooner("30d", "soon", Millis(0)));
        assert!(!is_sooner("1d", "30d", Millis(0)) && !is_sooner("1d", "1d", Millis(0)));
    }
}
