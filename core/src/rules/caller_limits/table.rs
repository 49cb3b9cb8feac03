//! What limits a key, field by field.

use super::held::{Held, Limits};
use super::models;
use crate::rules::compare::to_f64;
use crate::rules::looser::{is_loosened, is_raised, is_renamed, is_sooner, is_widened};
use crate::rules::temporary_budget;
use latchkey_contract::json::Json;
use latchkey_contract::tables::VirtualKey;

/// Members of a key's free data that limit it.
pub(crate) const IN_METADATA: &[&str] = &[
    "model_rpm_limit",
    "model_tpm_limit",
    "tag_rpm_limit",
    "tag_tpm_limit",
    "mcp_rpm_limit",
    "mcp_tpm_limit",
    "guardrails",
    "policies",
    "enforced_params",
    "denied_passthrough_routes",
    SERVICE_ACCOUNT,
];

/// By this a key is a service account, whose requests need the operator's parameters; `null` counts.
pub(crate) const SERVICE_ACCOUNT: &str = "service_account_id";

/// Where a field is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A column of this name.
    Column,
    /// The column `expires`, which a request sets by `duration`.
    Expiry,
    /// A member of the free data.
    Metadata,
}

/// A field that limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    /// Its name in a request.
    pub(super) name: &'static str,
    /// Where it is kept.
    pub(super) place: Place,
}

/// A field, and whether another key has more of it than the calling key hands on.
type Limit = (Field, fn(&Limits<'_>, &Held) -> bool);

const fn column(name: &'static str, exceeds: fn(&Limits<'_>, &Held) -> bool) -> Limit {
    (Field { name, place: Place::Column }, exceeds)
}

/// The limits but for those in the free data.
const COLUMNS: &[Limit] = &[
    (Field { name: "duration", place: Place::Expiry }, |own, other| {
        is_raised(own.held.key.expires, other.key.expires)
    }),
    column("max_budget", |own, other| is_raised(own.held.key.max_budget, with_increase(other))),
    column("budget_duration", budget_duration),
    column("tpm_limit", |own, other| is_raised(own.held.key.tpm_limit, other.key.tpm_limit)),
    column("rpm_limit", |own, other| is_raised(own.held.key.rpm_limit, other.key.rpm_limit)),
    column("max_parallel_requests", |own, other| {
        is_raised(own.held.key.max_parallel_requests, other.key.max_parallel_requests)
    }),
    column("models", models::exceed),
    column("aliases", aliases),
    column("config", |own, other| has_models(&own.held) && other.key.config.value().is_truthy()),
    column("model_max_budget", |own, other| {
        is_loosened(&budgets(&own.held.key), &other.key.model_max_budget.value())
    }),
    column("allowed_cache_controls", |own, other| {
        is_widened(&own.held.key.allowed_cache_controls, &other.key.allowed_cache_controls)
    }),
];

/// The columns that limit a key.
pub(super) fn columns() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().filter(|(field, _)| field.name != "config").map(|(field, _)| match field.place {
        Place::Expiry => "expires",
        Place::Column | Place::Metadata => field.name,
    })
}

/// Every field of which `other` has more.
pub(super) fn exceeded(own: &Limits<'_>, other: &Held) -> Vec<Field> {
    let columns = COLUMNS.iter().filter(|(_, exceeds)| exceeds(own, other)).map(|(field, _)| *field);
    let members = IN_METADATA.iter().chain(&["tags"]).filter(|name| member(own, other, name));
    columns.chain(members.map(|name| Field { name, place: Place::Metadata })).collect()
}

/// Whether the free data of `other` lacks what that of the calling key is limited by.
fn member(own: &Limits<'_>, other: &Held, name: &str) -> bool {
    match name {
        SERVICE_ACCOUNT => {
            own.held.metadata.get(name).is_some() && own.held.metadata.get(name) != other.metadata.get(name)
        }
        // tags say what they like, unless the operator wants them
        "tags" if !are_tags_required(own) => false,
        _ => is_loosened(own.held.member(name), other.member(name)),
    }
}

/// Whether the operator wants tags of keys like the calling key.
fn are_tags_required(own: &Limits<'_>) -> bool {
    let Some(rules) = own.settings.key_generation.as_ref() else { return false };
    let required = match own.held.key.team_id {
        Some(_) => rules.team.as_ref().map(|rules| &rules.required_params),
        None => rules.personal.as_ref().map(|rules| &rules.required_params),
    };
    required.is_some_and(|required| required.iter().any(|name| name == "tags"))
}

/// A budget with what was granted on top for a time.
pub(super) fn with_increase(held: &Held) -> Option<f64> {
    let increase = temporary_budget::increase(&held.metadata).and_then(to_f64).unwrap_or_default();
    held.key.max_budget.map(|budget| budget + increase.max(0.0))
}

/// The budget does not start again sooner, and one that is for good does not start again.
fn budget_duration(own: &Limits<'_>, other: &Held) -> bool {
    let is_limited = own.held.key.max_budget.is_some();
    match (own.held.key.budget_duration.as_deref(), other.key.budget_duration.as_deref()) {
        (Some(limit), Some(other)) => is_limited && is_sooner(limit, other, own.now),
        (None, Some(_)) => is_limited,
        _ => false,
    }
}

/// Other names for models lead past limits that models have by their own names.
fn aliases(own: &Limits<'_>, other: &Held) -> bool {
    has_models(&own.held) && is_renamed(&own.held.key.aliases.value(), &other.key.aliases.value())
}

/// Whether the key is limited in its models or by model.
fn has_models(held: &Held) -> bool {
    let by_model = ["model_rpm_limit", "model_tpm_limit"].iter().any(|name| held.member(name).is_truthy());
    by_model || !held.key.models.is_empty() || budgets(&held.key).is_truthy()
}

/// Budgets by model; an empty object is no limit.
fn budgets(key: &VirtualKey) -> Json {
    Some(key.model_max_budget.value()).filter(Json::is_truthy).unwrap_or(Json::Null)
}
