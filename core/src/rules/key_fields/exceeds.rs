//! Fields of which one key has more than another in a way of their own.

use super::held::{Held, Limits, SERVICE_ACCOUNT, increase};
use super::looser::{is_loosened, is_more, is_raised, is_renamed, is_rerouted, is_sooner};
use crate::rules::compare::to_f64;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Millis, VirtualKey};

pub(super) fn expiry(own: &Limits<'_>, other: &Held<'_>) -> bool {
    is_raised(own.held.key.expires, other.key.expires)
}

pub(super) fn max_budget(own: &Limits<'_>, other: &Held<'_>) -> bool {
    is_raised(own.held.key.max_budget, with_increase(other))
}

/// A budget with what was granted on top for a time.
pub(crate) fn with_increase(held: &Held<'_>) -> Option<f64> {
    let increase = increase(&held.metadata).and_then(to_f64).unwrap_or_default();
    held.key.max_budget.map(|budget| budget + increase.max(0.0))
}

/// A budget that is reset more often is a larger one.
pub(super) fn renews_sooner(old: &VirtualKey, new: &VirtualKey, now: Millis) -> bool {
    match (old.budget_duration.as_deref(), new.budget_duration.as_deref()) {
        _ if old.budget_duration == new.budget_duration => false,
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(new)) => is_sooner(old, new, now),
    }
}

/// The budget does not start again sooner, and one that is for good does not start again.
pub(super) fn budget_duration(own: &Limits<'_>, other: &Held<'_>) -> bool {
    own.held.key.max_budget.is_some() && renews_sooner(&own.held.key, &other.key, own.now)
}

/// A key with a configuration of its own calls every model.
pub(super) fn config(own: &Limits<'_>, other: &Held<'_>) -> bool {
    has_models(&own.held) && other.key.config.value().is_truthy()
}

/// Other names for models lead past limits that models have by their own names.
pub(super) fn aliases(own: &Limits<'_>, other: &Held<'_>) -> bool {
    has_models(&own.held) && is_renamed(&own.held.key.aliases.value(), &other.key.aliases.value())
}

pub(super) fn model_max_budget(own: &Limits<'_>, other: &Held<'_>) -> bool {
    is_loosened(&budgets(&own.held.key), &other.key.model_max_budget.value())
}

/// Models to fall back to lead past the list of models.
pub(super) fn budget_fallbacks(own: &Limits<'_>, other: &Held<'_>) -> bool {
    let (own_key, other) = (&own.held.key, &other.key);
    has_models(&own.held) && is_renamed(&own_key.budget_fallbacks.value(), &other.budget_fallbacks.value())
}

/// Groups of models open more than the list of models does.
pub(super) fn access_groups(own: &Limits<'_>, other: &Held<'_>) -> bool {
    has_models(&own.held) && is_more(&own.held.key.access_group_ids, &other.key.access_group_ids)
}

/// Calls may be routed to other models.
pub(super) fn router_settings(own: &Limits<'_>, other: &Held<'_>) -> bool {
    let settings = |held: &Held<'_>| held.key.router_settings.clone();
    has_models(&own.held) && is_rerouted(settings(&own.held).as_ref(), settings(other).as_ref())
}

/// Whether `other` is of another service account than the calling key, or of none.
pub(super) fn service_account(own: &Limits<'_>, other: &Held<'_>) -> bool {
    let account = own.held.metadata.get(SERVICE_ACCOUNT);
    account.is_some() && account != other.metadata.get(SERVICE_ACCOUNT)
}

/// Whether the operator wants tags of keys like the calling key.
pub(super) fn are_tags_required(own: &Limits<'_>) -> bool {
    let Some(rules) = own.settings.key_generation.as_ref() else { return false };
    let required = match own.held.key.team_id {
        Some(_) => rules.team.as_ref().map(|rules| &rules.required_params),
        None => rules.personal.as_ref().map(|rules| &rules.required_params),
    };
    required.is_some_and(|required| required.iter().any(|name| name == "tags"))
}

/// Whether the key is limited in its models or by model.
fn has_models(held: &Held<'_>) -> bool {
    let by_model = ["model_rpm_limit", "model_tpm_limit"].iter().any(|name| held.member(name).is_truthy());
    by_model || !held.key.models.is_empty() || budgets(&held.key).is_truthy()
}

/// Budgets by model; an empty object is no limit.
fn budgets(key: &VirtualKey) -> Json {
    Some(key.model_max_budget.value()).filter(Json::is_truthy).unwrap_or(Json::Null)
}
