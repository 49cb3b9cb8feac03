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
        /// What it is for: `llm_api`, `management`, `read_only` or `default`.
        key_type: Option<String>,
        /// The organization it belongs to.
        organization_id: Option<String>,
        /// The agent it is for.
        agent_id: Option<String>,
        /// Its row of [`super::ObjectPermission`].
        object_permission_id: Option<String>,
        /// Tokens a day.
        tpd_limit: Option<i64>,
        /// Who made it.
        created_by: Option<String>,
        /// Who last changed it.
        updated_by: Option<String>,
        /// When somebody last changed it.
        settings_updated_at: Option<Millis>,
        /// When it was last used.
        last_active: Option<Millis>,
        /// Spent over all windows, in dollars.
        total_spend: f64,
        /// Whether it gets a new secret by itself.
        auto_rotate: Option<bool>,
        /// After which time it does.
        rotation_interval: Option<String>,
        /// When it next does.
        key_rotation_at: Option<Millis>,
        /// When it last did.
        last_rotation_at: Option<Millis>,
        /// How often it did.
        rotation_count: Option<i32>,
        /// Groups of models it may call.
        access_group_ids: Vec<String>,
        /// Policies that hold for its requests.
        policies: Vec<String>,
        /// Budgets with windows of their own.
        budget_limits: Option<JsonText>,
        /// Models to go on with where the budget of a model is spent.
        budget_fallbacks: JsonText,
        /// How its calls are routed.
        router_settings: Option<JsonText>,
    }
}
