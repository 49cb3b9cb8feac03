//! The organizations, which LiteLLM administers.

use super::Millis;
use super::table::table;
use crate::json::JsonText;

table! {
    /// An organization: teams that share a budget.
    Organization in "LiteLLM_OrganizationTable" optional, key [organization_id], indexed ["budget_id"] {
        /// Its id.
        organization_id: String,
        /// The name people gave it.
        organization_alias: String,
        /// The budget it belongs to.
        budget_id: String,
        /// Free data.
        metadata: JsonText,
        /// Models its teams may call; empty means all.
        models: Vec<String>,
        /// Spent so far, in dollars.
        spend: f64,
        /// Spent by model.
        model_spend: JsonText,
        /// When it was made.
        created_at: Millis,
        /// Who made it.
        created_by: String,
        /// When it was last changed.
        updated_at: Millis,
        /// Who changed it.
        updated_by: String,
    } optional {
        /// Its row of [`super::ObjectPermission`].
        object_permission_id: Option<String>,
    }
}

table! {
    /// A user of an organization.
    OrganizationMembership in "LiteLLM_OrganizationMembership" optional,
        key [user_id, organization_id], indexed ["organization_id", "budget_id"] {
        /// The user.
        user_id: String,
        /// The organization.
        organization_id: String,
        /// The user's role within it.
        user_role: Option<String>,
        /// Spent so far within it, in dollars.
        spend: Option<f64>,
        /// The user's budget within it.
        budget_id: Option<String>,
        /// When the user joined.
        created_at: Option<Millis>,
        /// When this was last changed.
        updated_at: Option<Millis>,
    }
}
