//! The budgets.

use super::Millis;
use super::table::table;
use crate::json::JsonText;

table! {
    /// A budget that keys, members and customers may share.
    Budget in "LiteLLM_BudgetTable", key [budget_id], indexed [] {
        /// Its id.
        budget_id: String,
        /// Dollars that may be spent.
        max_budget: Option<f64>,
        /// Dollars from which on alerts are sent.
        soft_budget: Option<f64>,
        /// Requests at a time.
        max_parallel_requests: Option<i32>,
        /// Tokens a minute.
        tpm_limit: Option<i64>,
        /// Requests a minute.
        rpm_limit: Option<i64>,
        /// Budgets by model.
        model_max_budget: Option<JsonText>,
        /// After which time it is reset.
        budget_duration: Option<String>,
        /// When it is reset.
        budget_reset_at: Option<Millis>,
        /// When it was made.
        created_at: Millis,
        /// Who made it.
        created_by: String,
        /// When it was last changed.
        updated_at: Millis,
        /// Who changed it.
        updated_by: String,
    } optional {
        /// Tokens a day.
        tpd_limit: Option<i64>,
        /// Dollars that are granted on top of `max_budget` for a time.
        temp_budget_increase: Option<f64>,
        /// Until when they are.
        temp_budget_expiry: Option<Millis>,
        /// Models that may be called; empty means all of the team's.
        allowed_models: Vec<String>,
    }
}
