//! The teams, their members' budgets and their model aliases.

use super::Millis;
use super::table::table;
use crate::json::{Json, JsonText};

table! {
    /// A team.
    Team in "LiteLLM_TeamTable", key [team_id], indexed ["organization_id"] {
        /// Its id.
        team_id: String,
        /// The name people gave it.
        team_alias: Option<String>,
        /// The organization it belongs to.
        organization_id: Option<String>,
        /// Admins (deprecated by LiteLLM for `members_with_roles`).
        admins: Vec<String>,
        /// Members (deprecated by LiteLLM for `members_with_roles`).
        members: Vec<String>,
        /// Members as objects of `role`, `user_id` and `user_email`.
        members_with_roles: JsonText,
        /// Free data.
        metadata: JsonText,
        /// Dollars it may spend.
        max_budget: Option<f64>,
        /// Spent so far, in dollars.
        spend: f64,
        /// Models it may call; empty means all.
        models: Vec<String>,
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
        /// Whether it is blocked.
        blocked: bool,
        /// When it was made.
        created_at: Millis,
        /// When it was last changed.
        updated_at: Millis,
        /// Spent by model.
        model_spend: JsonText,
        /// Budgets by model.
        model_max_budget: JsonText,
        /// Its row of [`TeamModels`].
        model_id: Option<i32>,
    } optional {
        /// Routes about the team's keys that members without a further role may call; none where nothing was said about it.
        team_member_permissions: Option<Vec<String>>,
        /// Its row of [`super::ObjectPermission`].
        object_permission_id: Option<String>,
        /// Dollars from which on alerts are sent.
        soft_budget: Option<f64>,
        /// Tokens a day.
        tpd_limit: Option<i64>,
        /// Groups of models it may call.
        access_group_ids: Vec<String>,
        /// Policies that hold for its requests.
        policies: Vec<String>,
        /// Models that its new members may call; empty means all of the team's.
        default_team_member_models: Vec<String>,
        /// Budgets with windows of their own.
        budget_limits: Option<JsonText>,
        /// How its calls are routed.
        router_settings: Option<JsonText>,
    }
}

impl Team {
    /// The role of a member, if `user_id` is one.
    pub fn member_role(&self, user_id: &str) -> Option<String> {
        let members = self.members_with_roles.value();
        let member = members
            .as_list()?
            .iter()
            .find(|member| member.get("user_id").and_then(Json::as_str) == Some(user_id))?;
        member.get("role").and_then(Json::as_str).map(str::to_owned)
    }
}

table! {
    /// A user's spend and budget within a team.
    TeamMembership in "LiteLLM_TeamMembership", key [user_id, team_id], indexed ["team_id", "budget_id"] {
        /// The user.
        user_id: String,
        /// The team.
        team_id: String,
        /// Spent so far, in dollars.
        spend: f64,
        /// The user's budget within the team.
        budget_id: Option<String>,
    }
}

table! {
    /// The model aliases of a team.
    TeamModels in "LiteLLM_ModelTable", key [id], indexed [] {
        /// Its number.
        id: i32,
        /// The aliases, as an object.
        aliases: Option<JsonText>,
        /// When it was made.
        created_at: Millis,
        /// Who made it.
        created_by: String,
        /// When it was last changed.
        updated_at: Millis,
        /// Who changed it.
        updated_by: String,
    }
}
