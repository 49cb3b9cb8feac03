//! The owner of a key may tighten what limits it, not loosen it.

use super::KeyChange;
use super::owner::judge;
use crate::deviations::Hole;
use crate::rules::Verdict;
use crate::rules::caller_limits::{IN_METADATA, SERVICE_ACCOUNT};
use crate::rules::looser::{is_loosened, is_raised, is_renamed, is_sooner, is_widened};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Millis, VirtualKey};

/// What in a key's metadata raises its budget for a time.
const INCREASE: &[&str] = &["temp_budget_increase", "temp_budget_expiry"];

/// No budget and no limit is raised or taken away, and no model is added.
pub(super) fn apply(change: &mut KeyChange<'_>) -> Verdict {
    judge(change, |old, new, _| {
        let field = columns(change, new).or_else(|| metadata(&old.metadata.value(), &new.metadata.value()));
        field.map(|field| (field, "raise its budget or limits"))
    })
}

fn columns(change: &KeyChange<'_>, new: &VirtualKey) -> Option<&'static str> {
    let old = change.key;
    let keeps_config = change.closes(Hole::owners_keep_config_and_service_account);
    let raised = [
        ("max_budget", is_raised(old.max_budget, new.max_budget)),
        ("tpm_limit", is_raised(old.tpm_limit, new.tpm_limit)),
        ("rpm_limit", is_raised(old.rpm_limit, new.rpm_limit)),
        ("max_parallel_requests", is_raised(old.max_parallel_requests, new.max_parallel_requests)),
        ("budget_id", old.budget_id != new.budget_id),
        ("budget_duration", renews_sooner(old, new, change.now.0)),
        // a key with a configuration of its own calls every model
        ("config", keeps_config && old.config.value() != new.config.value()),
        ("models", is_widened(&old.models, &new.models)),
        ("allowed_cache_controls", is_widened(&old.allowed_cache_controls, &new.allowed_cache_controls)),
        ("aliases", is_renamed(&old.aliases.value(), &new.aliases.value())),
        ("model_max_budget", is_loosened(&old.model_max_budget.value(), &new.model_max_budget.value())),
    ];
    raised.into_iter().find_map(|(field, is_raised)| is_raised.then_some(field))
}

/// A budget that is reset more often is a larger one.
fn renews_sooner(old: &VirtualKey, new: &VirtualKey, now: i64) -> bool {
    match (old.budget_duration.as_deref(), new.budget_duration.as_deref()) {
        _ if old.budget_duration == new.budget_duration => false,
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(new)) => is_sooner(old, new, Millis(now)),
    }
}

fn metadata(old: &Json, new: &Json) -> Option<&'static str> {
    IN_METADATA.iter().chain(INCREASE).copied().find(|name| match (old.get(name), new.get(name)) {
        // a temporary increase is a raise
        (None, asked) => INCREASE.contains(name) && asked.is_some(),
        (Some(old), None) => *name == SERVICE_ACCOUNT || !old.is_null(),
        (Some(old), Some(new)) => is_loosened(old, new),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

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
