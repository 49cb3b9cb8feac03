//! The virtual keys.

use super::Millis;
use super::table::table;
use crate::json::JsonText;

table! {
    /// A virtual key. Its secret is never stored, only the SHA-256 of it.
    VirtualKey in "LiteLLM_VerificationToken", key [token], indexed ["key_alias", "user_id", "team_id", "budget_id"] {
        /// SHA-256 of the key, lower-case hex.
        token: String,
        /// `sk-...` and the last four characters of the key.
        key_name: Option<String>,
        /// The name people gave it.
        key_alias: Option<String>,
        /// Alerting state of LiteLLM's budgets.
        soft_budget_cooldown: bool,
        /// Spent so far, in dollars.
        spend: f64,
        /// When it stops working.
        expires: Option<Millis>,
        /// Models it may call; empty means all.
        models: Vec<String>,
        /// Model aliases.
        aliases: JsonText,
        /// Settings of its own (deprecated by LiteLLM).
        config: JsonText,
        /// Its owner.
        user_id: Option<String>,
        /// Its team.
        team_id: Option<String>,
        /// What it may do beyond calling models.
        permissions: JsonText,
        /// Requests at a time.
        max_parallel_requests: Option<i32>,
        /// Free data, and what LiteLLM keeps there: tags, guardrails, limits by model.
        metadata: JsonText,
        /// Whether it is blocked.
        blocked: Option<bool>,
        /// Tokens a minute.
        tpm_limit: Option<i64>,
        /// Requests a minute.
        rpm_limit: Option<i64>,
        /// Dollars it may spend.
        max_budget: Option<f64>,
        /// After which time the budget is reset.
        budget_duration: Option<String>,
        /// When the budget is reset.
        budget_reset_at: Option<Millis>,
        /// Cache controls it may send.
        allowed_cache_controls: Vec<String>,
        /// Spent by model.
        model_spend: JsonText,
        /// Budgets by model.
        model_max_budget: JsonText,
        /// The budget it belongs to.
        budget_id: Option<String>,
        /// When it was made.
        created_at: Option<Millis>,
        /// When it was last changed.
        updated_at: Option<Millis>,
    } optional {
        /// Routes it may call, and names of groups of routes; empty means all.
        allowed_routes: Vec<String>,
        /// The project it belongs to.
        project_id: Option<String>,
    }
}
