//! How keys print in the answers about users and teams.

use super::issue::budget_table;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::operations::lookup;
use crate::operations::record::{record, without_relations};
use crate::operations::team::view::naive;
use crate::settings::Settings;
use crate::time::{iso_z, isoformat};
use latchkey_contract::json::Json;
use latchkey_contract::order::Index;
use latchkey_contract::tables::{Budget, Millis, VirtualKey};

/// Budgets by their ids.
pub(crate) type Budgets<'a> = Index<'a, Budget>;

/// The budgets that `keys` belong to.
pub(crate) fn budgets(cx: &Context<'_>, keys: &[VirtualKey]) -> Result<Vec<Budget>, Halt> {
    lookup::rows(cx, "budget_id", keys.iter().filter_map(|key| key.budget_id.clone()).collect())
}

/// The budgets by their ids.
pub(crate) fn by_id(budgets: &[Budget]) -> Budgets<'_> {
    Index::of(budgets.iter().map(|budget| (budget.budget_id.as_str(), budget)))
}

/// What lists of today print where a relation of keys would stand.
const RELATIONS: &[&str] =
    &["litellm_organization_table", "litellm_project_table", "object_permission", "jwt_key_mappings"];

/// A key with its columns, and in strict without the relations that no list fetches.
pub(crate) fn columns(settings: &Settings, key: &VirtualKey, zone: fn(Millis) -> String) -> Json {
    let mut shown = record(settings, key, zone);
    if settings.closes(Hole::fields_of_today_are_kept) {
        without_relations(&mut shown, RELATIONS);
    }
    shown
}

/// A key with its budget; the reference turns the expiry into text before it prints.
pub(crate) fn with_budget(settings: &Settings, key: &VirtualKey, budgets: &Budgets<'_>) -> Json {
    let mut shown = columns(settings, key, iso_z);
    shown.set("expires", key.expires.map(isoformat).into());
    let budget = key.budget_id.as_deref().and_then(|id| budgets.get(id));
    shown.set("litellm_budget_table", budget.map(|budget| budget_table(settings, budget, iso_z)).into());
    shown
}

/// A key whose budget was not fetched.
pub(crate) fn alone(settings: &Settings, key: &VirtualKey) -> Json {
    let mut shown = columns(settings, key, iso_z);
    shown.set("litellm_budget_table", Json::Null);
    shown
}

/// A key as the reference's own model prints what PostgreSQL's `json_agg` gave.
pub(crate) fn aggregated(settings: &Settings, key: &VirtualKey) -> Json {
    let mut shown = record(settings, key, naive);
    if let Json::Dict(members) = &mut shown {
        members.retain(|(name, _)| name != "budget_id");
    }
    shown.set("litellm_budget_table", Json::Null);
    shown.set("org_id", Json::Null);
    shown
}
