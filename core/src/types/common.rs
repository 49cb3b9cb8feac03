//! The fields that requests for keys and users share.

use super::Dict;
use super::model::request_model;
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;

request_model! {
    /// What requests for keys and for users have in common (`GenerateRequestBase` of the reference).
    #[derive(Default)]
    pub(crate) CommonFields {} listed values {
        /// A name for people.
        key_alias: String,
        /// How long the key works: `30s`, `15m`, `12h`, `7d`, `1mo`.
        duration: String,
        /// Models that may be called; empty means all.
        models: Vec<Json> = Json::List(vec![]),
        /// Dollars counted as spent.
        spend: f64 = 0,
        /// Dollars that may be spent.
        max_budget: f64,
        /// The owner.
        user_id: String,
        /// The team.
        team_id: String,
        /// Requests at a time.
        max_parallel_requests: Integer,
        /// Free data.
        metadata: Dict = Json::empty_dict(),
        /// Tokens a minute.
        tpm_limit: Integer,
        /// Requests a minute.
        rpm_limit: Integer,
        /// After which time the budget is reset.
        budget_duration: String,
        /// Cache controls that may be sent.
        allowed_cache_controls: Vec<Json> = Json::List(vec![]),
        /// Settings of its own (deprecated).
        config: Dict = Json::empty_dict(),
        /// What may be done beyond calling models.
        permissions: Dict = Json::empty_dict(),
        /// Budgets by model.
        model_max_budget: Dict = Json::empty_dict(),
        /// Requests a minute by model.
        model_rpm_limit: Dict,
        /// Tokens a minute by model.
        model_tpm_limit: Dict,
        /// Guardrails that run on every request.
        guardrails: Vec<String>,
        /// Whether it is blocked.
        blocked: bool,
        /// Model aliases.
        aliases: Dict = Json::empty_dict(),
    }
}
