//! How organizations and their members print in answers.

use crate::operations::record;
use crate::settings::Settings;
use crate::time::iso_z;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Organization, OrganizationMembership};

/// An organization with its budget.
pub(crate) fn table(settings: &Settings, organization: &Organization, budget: Option<Json>) -> Json {
    let mut shown = record::record(settings, organization, iso_z);
    record::without_relations(&mut shown, &["users", "object_permission"]);
    shown.set("litellm_budget_table", budget.into());
    shown
}

/// What a budget of an organization or a member limits.
pub(crate) fn limits(settings: &Settings, budget: &Budget) -> Json {
    without(with_reset(settings, budget), &["budget_reset_at", "created_at"])
}

/// The same with when it was made, and when it is reset.
pub(crate) fn with_reset(settings: &Settings, budget: &Budget) -> Json {
    without(record::record(settings, budget, iso_z), &["created_by", "updated_at", "updated_by"])
}

fn without(mut shown: Json, names: &[&str]) -> Json {
    if let Json::Dict(members) = &mut shown {
        members.retain(|(name, _)| !names.contains(&&**name));
    }
    shown
}

/// A membership with its budget and its user.
pub(crate) fn member(
    settings: &Settings,
    membership: &OrganizationMembership,
    budget: Option<&Budget>,
    user: Json,
) -> Json {
    // it has neither lists nor documents that may be left out
    let mut shown = without(record::record(settings, membership, iso_z), &["complete"]);
    shown.set("spend", membership.spend.unwrap_or_default().into());
    shown.set("user_email", user.get("user_email").cloned().unwrap_or(Json::Null));
    shown.set("user", user);
    shown.set("litellm_budget_table", budget.map(|budget| limits(settings, budget)).into());
    shown
}
