//! The users.

use super::table::table;
use super::{Millis, Schema, Table};
use crate::json::JsonText;

table! {
    /// A user.
    User in "LiteLLM_UserTable", key [user_id], indexed ["user_email", "team_id", "organization_id", "sso_user_id"],
        dependents [("LiteLLM_InvitationLink", "user_id"), ("LiteLLM_OrganizationMembership", "user_id")] {
        /// The user's id.
        user_id: String,
        /// The name people gave.
        user_alias: Option<String>,
        /// The team given at creation.
        team_id: Option<String>,
        /// The id at the identity provider.
        sso_user_id: Option<String>,
        /// The organization.
        organization_id: Option<String>,
        /// The dashboard's password hash.
        password: Option<String>,
        /// Teams the user belongs to.
        teams: Vec<String>,
        /// The role.
        user_role: Option<String>,
        /// Dollars the user may spend.
        max_budget: Option<f64>,
        /// Spent so far, in dollars.
        spend: f64,
        /// E-mail address; not unique.
        user_email: Option<String>,
        /// Models the user may call; empty means all.
        models: Vec<String>,
        /// Free data.
        metadata: JsonText,
        /// Requests at a time.
        max_parallel_requests: Option<i32>,
        /// Tokens a minute.
        tpm_limit: Option<i64>,
        /// Requests a minute.
        rpm_limit: Option<i64>,
        /// After which time the budget is reset.
        budget_duration: Option<String>,
        /// When the budget is reset.
        budget_reset_at: Option<Millis>,
        /// Cache controls the user may send.
        allowed_cache_controls: Vec<String>,
        /// Spent by model.
        model_spend: JsonText,
        /// Budgets by model.
        model_max_budget: JsonText,
        /// When the row was made.
        created_at: Option<Millis>,
        /// When it was last changed.
        updated_at: Option<Millis>,
    } optional {
        /// The user's row of [`super::ObjectPermission`].
        object_permission_id: Option<String>,
        /// Policies that hold for the user's requests.
        policies: Vec<String>,
    }
}

impl Schema {
    /// Whether texts of the column are compared without regard to the case of ASCII letters: an e-mail address is one
    /// user's, however it is written.
    pub fn is_caseless(&self, column: &str) -> bool {
        self.name == User::NAME && column == "user_email"
    }
}
