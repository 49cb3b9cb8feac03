//! The fields that requests for keys and users share.

use super::Dict;
use super::model::request_model;
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;

request_model! {
    /// What requests for keys and for users have in common (`GenerateRequestBase` of the reference).
    #[derive(Default)]
    pub(crate) CommonFields {
        /// A name for people.
        key_alias: optional String,
        /// How long the key works: `30s`, `15m`, `12h`, `7d`, `1mo`.
        duration: optional String,
        /// Models that may be called; empty means all.
        models: optional Vec<Json> = Json::List(vec![]),
        /// Dollars counted as spent.
        spend: optional f64 = 0,
        /// Dollars that may be spent.
        max_budget: optional f64,
        /// The owner.
        user_id: optional String,
        /// The team.
        team_id: optional String,
        /// Requests at a time.
        max_parallel_requests: optional Integer,
        /// Free data.
        metadata: optional Dict = Json::empty_dict(),
        /// Tokens a minute.
        tpm_limit: optional Integer,
        /// Requests a minute.
        rpm_limit: optional Integer,
        /// After which time the budget is reset.
        budget_duration: optional String,
        /// Cache controls that may be sent.
        allowed_cache_controls: optional Vec<Json> = Json::List(vec![]),
        /// Settings of its own (deprecated).
        config: optional Dict = Json::empty_dict(),
        /// What may be done beyond calling models.
        permissions: optional Dict = Json::empty_dict(),
        /// Budgets by model.
        model_max_budget: optional Dict = Json::empty_dict(),
        /// Requests a minute by model.
        model_rpm_limit: optional Dict,
        /// Tokens a minute by model.
        model_tpm_limit: optional Dict,
        /// Guardrails that run on every request.
        guardrails: optional Vec<String>,
        /// Whether it is blocked.
        blocked: optional bool,
        /// Model aliases.
        aliases: optional Dict = Json::empty_dict(),
    }
}
