//! The owner of a key may tighten what limits it, not loosen it.

use super::KeyChange;
use super::owner::judge;
use crate::json::{Json, Name};
use crate::rules::Verdict;
use crate::rules::compare::compare;
use crate::rules::time_span;
use crate::settings::Profile;
use crate::tables::{Millis, VirtualKey};
use std::cmp::Ordering;

/// What in a key's metadata limits it.
const IN_METADATA: &[&str] = &[
    "model_rpm_limit",
    "model_tpm_limit",
    "guardrails",
    "enforced_params",
    SERVICE_ACCOUNT,
    "temp_budget_increase",
    "temp_budget_expiry",
];

/// By this a key is a service account, whose requests need the operator's parameters; `null` counts.
const SERVICE_ACCOUNT: &str = "service_account_id";

/// No budget and no limit is raised or taken away, and no model is added.
pub(super) fn apply(change: &mut KeyChange<'_>) -> Verdict {
    judge(change, |old, new, now| {
        let field = columns(old, new, now).or_else(|| metadata(&old.metadata.value(), &new.metadata.value()));
        field.map(|field| (field, "raise its budget or limits"))
    })
}

fn columns(old: &VirtualKey, new: &VirtualKey, now: i64) -> Option<&'static str> {
    let raised = [
        ("max_budget", raises(old.max_budget, new.max_budget)),
        ("tpm_limit", raises(old.tpm_limit, new.tpm_limit)),
        ("rpm_limit", raises(old.rpm_limit, new.rpm_limit)),
        ("max_parallel_requests", raises(old.max_parallel_requests, new.max_parallel_requests)),
        ("budget_id", old.budget_id != new.budget_id),
        ("budget_duration", renews_sooner(old, new, now)),
        // a key with a configuration of its own calls every model
        ("config", old.config.value() != new.config.value()),
        ("models", widens(&old.models, &new.models)),
        ("aliases", renames(&old.aliases.value(), &new.aliases.value())),
        ("model_max_budget", loosens(&old.model_max_budget.value(), &new.model_max_budget.value())),
    ];
    raised.into_iter().find_map(|(field, is_raised)| is_raised.then_some(field))
}

/// Nothing is no limit at all.
fn raises<T: PartialOrd>(old: Option<T>, new: Option<T>) -> bool {
    old.is_some_and(|old| new.is_none_or(|new| new > old))
}

/// A budget that starts anew more often is a larger one.
fn renews_sooner(old: &VirtualKey, new: &VirtualKey, now: i64) -> bool {
    let seconds = |text: &str| time_span::seconds(Profile::Strict, text, Millis(now)).ok();
    match (old.budget_duration.as_deref(), new.budget_duration.as_deref()) {
        _ if old.budget_duration == new.budget_duration => false,
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(new)) => seconds(new).zip(seconds(old)).is_none_or(|(new, old)| new < old),
    }
}

/// By another name a model has neither the limits nor the budget that its own name has.
fn renames(old: &Json, new: &Json) -> bool {
    new.as_dict().unwrap_or_default().iter().any(|(name, model)| old.get(name) != Some(model))
}

/// An empty list stands for all models.
fn widens(old: &[String], new: &[String]) -> bool {
    !old.is_empty() && (new.is_empty() || new.iter().any(|model| !old.contains(model)))
}

fn metadata(old: &Json, new: &Json) -> Option<&'static str> {
    IN_METADATA.iter().copied().find(|name| match (old.get(name), new.get(name)) {
        // a temporary increase is a raise
        (None, asked) => name.starts_with("temp_budget") && asked.is_some(),
        (Some(old), None) => *name == SERVICE_ACCOUNT || !old.is_null(),
        (Some(old), Some(new)) => loosens(old, new),
    })
}

/// Whether `new` allows more than `old`: a larger number, a missing member or item, another text. Limits may come for
/// further models, unless they take the place of one that is there.
fn loosens(old: &Json, new: &Json) -> bool {
    match (old, new) {
        (Json::Null, _) => false,
        (Json::Dict(members), Json::Dict(asked)) => {
            let is_lost = |(name, old): &(Name, Json)| new.get(name).is_none_or(|new| loosens_one(old, new));
            let takes_a_place = |(name, _): &(Name, Json)| {
                // the gateway looks for the name with its provider first
                let model = name.rsplit_once('/').map(|(_, model)| model);
                old.get(name).is_none() && model.is_some_and(|model| old.get(model).is_some())
            };
            members.iter().any(is_lost) || asked.iter().any(takes_a_place)
        }
        (Json::List(items), Json::List(kept)) => items.iter().any(|item| !kept.contains(item)),
        _ if old == new => false,
        _ => compare(new, old).is_none_or(Ordering::is_gt),
    }
}

/// The same for one model, whose budget is an object of amounts with several names for each: none may be added.
fn loosens_one(old: &Json, new: &Json) -> bool {
    match (old, new) {
        (Json::Dict(_), Json::Dict(asked)) if asked.iter().any(|(name, _)| old.get(name).is_none()) => true,
        _ => loosens(old, new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dict;

    #[test]
    fn taking_a_limit_away_raises_it() {
        assert!(raises(Some(1), None) && raises(Some(1), Some(2)));
        assert!(!raises(None, Some(1)) && !raises(Some(2), Some(1)) && !raises::<i64>(None, None));
    }

    #[test]
    fn limits_by_model_may_only_shrink_and_grow_in_number() {
        let old = dict! { "gpt-4" => 10, "b" => 5 };
        assert!(!loosens(&old, &dict! { "gpt-4" => 9.5, "b" => 5, "c" => 1 }));
        assert!(loosens(&old, &dict! { "gpt-4" => 10 }));
        assert!(loosens(&old, &dict! { "gpt-4" => 11, "b" => 5 }));
        assert!(loosens(&old, &dict! { "gpt-4" => f64::NAN, "b" => 5 }));
        assert!(loosens(
            &dict! { "a" => dict! { "time_period" => "1d" } },
            &dict! { "a" => dict! { "time_period" => "1h" } }
        ));
        let one = dict! { "gpt-4" => dict! { "max_budget" => 5 } };
        let more = dict! { "gpt-4" => dict! { "max_budget" => 5, "budget_limit" => 9 } };
        assert!(loosens(&one, &more), "a second name for an amount counts before the first");
        let shadow = dict! { "gpt-4" => 10, "b" => 5, "openai/gpt-4" => 99 };
        assert!(loosens(&old, &shadow), "a name with its provider counts before the name alone");
    }

    #[test]
    fn other_names_of_models_may_go_and_not_come() {
        let old = dict! { "x" => "gpt-4", "y" => "b" };
        assert!(!renames(&old, &dict! { "x" => "gpt-4" }) && !renames(&old, &Json::empty_dict()));
        assert!(renames(&old, &dict! { "x" => "c" }) && renames(&old, &dict! { "z" => "gpt-4" }));
    }

    #[test]
    fn metadata_that_limits_stays() {
        let old = dict! { "guardrails" => vec!["a".to_owned()], "free" => 1 };
        assert_eq!(metadata(&old, &dict! { "guardrails" => vec!["b".to_owned(), "a".to_owned()] }), None);
        assert_eq!(metadata(&old, &Json::empty_dict()), Some("guardrails"));
        assert_eq!(
            metadata(&old, &dict! { "guardrails" => vec!["a".to_owned()], "temp_budget_increase" => 1 }),
            Some("temp_budget_increase")
        );
    }

    #[test]
    fn a_service_account_stays_one() {
        for id in [Json::Null, "a".into()] {
            let old = dict! { SERVICE_ACCOUNT => id };
            assert_eq!(metadata(&old, &Json::empty_dict()), Some(SERVICE_ACCOUNT));
            assert_eq!(metadata(&old, &old), None);
        }
        assert_eq!(metadata(&Json::empty_dict(), &dict! { SERVICE_ACCOUNT => "a" }), None);
    }

    #[test]
    fn no_models_are_all_models() {
        let some = ["a".to_owned(), "b".to_owned()];
        assert!(widens(&some, &[]) && widens(&some, &["c".to_owned()]));
        assert!(!widens(&some, &["a".to_owned()]) && !widens(&[], &some));
    }

    #[test]
    fn a_budget_window_may_grow_and_not_shrink() {
        let key = |text: Option<&str>| VirtualKey {
            budget_duration: text.map(str::to_owned),
            ..VirtualKey::default()
        };
        let sooner = |old, new| renews_sooner(&key(old), &key(new), 0);
        assert!(sooner(Some("30d"), Some("1d")) && sooner(None, Some("30d")));
        assert!(!sooner(Some("1d"), Some("30d")) && !sooner(Some("1d"), None) && !sooner(None, None));
    }
}
