//! The projects of teams, which LiteLLM administers.

use super::Millis;
use super::table::table;
use crate::json::JsonText;

table! {
    /// A project: keys of a team that share limits.
    Project in "LiteLLM_ProjectTable" optional, key [project_id], indexed [] {
        /// Its id.
        project_id: String,
        /// The name people gave it.
        project_alias: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// Its team.
        team_id: Option<String>,
        /// The budget it belongs to.
        budget_id: Option<String>,
        /// Free data.
        metadata: JsonText,
        /// Models its keys may call; empty means all of the team's.
        models: Vec<String>,
        /// Spent so far, in dollars.
        spend: f64,
        /// Spent by model.
        model_spend: JsonText,
        /// Requests a minute by model.
        model_rpm_limit: JsonText,
        /// Tokens a minute by model.
        model_tpm_limit: JsonText,
        /// Whether its keys are out of service.
        blocked: bool,
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
