//! What later releases have added to the requests that make and change teams.

use super::coerce::choice;
use super::key_fields::{AllowedVectorStoreIndexItem, BudgetLimitEntry, ObjectPermissionBase};
use super::model::request_model;
use super::{BudgetConfig, Dict};
use latchkey_contract::number::Integer;

choice! {
    /// What LiteLLM is told of a limit of a team's throughput within its organization.
    TeamThroughput, listed as "'guaranteed_throughput' or 'best_effort_throughput'" {
        /// It is promised.
        Guaranteed = "guaranteed_throughput",
        /// It is shared with others.
        BestEffort = "best_effort_throughput",
    }
}

request_model! {
    /// The fields of every request that makes or changes a team.
    #[derive(Default)]
    pub(crate) TeamFields {} recent values {
        /// Dollars from which on alerts are sent.
        soft_budget: f64,
        /// Tokens a day.
        tpd_limit: Integer,
        /// Budgets with windows of their own.
        budget_limits: Vec<BudgetLimitEntry>,
        /// How calls are routed.
        router_settings: Dict,
        /// Groups of models that may be called.
        access_group_ids: Vec<String>,
        /// Models that new members may call; empty means all of the team's.
        default_team_member_models: Vec<String>,
        /// Budgets by model of each key.
        model_max_budget: Dict<BudgetConfig>,
        /// Policies that hold for every request.
        policies: Vec<String>,
        /// Prompts that may be used.
        prompts: Vec<String>,
        /// Routes of other services that may be called.
        allowed_passthrough_routes: Vec<String>,
        /// Routes of other services that may not be called.
        denied_passthrough_routes: Vec<String>,
        /// Whether guardrails that run for everybody are left out.
        disable_global_guardrails: bool,
        /// Whether requests without a trace id are refused.
        require_trace_id: bool,
        /// Where its secrets are kept.
        secret_manager_settings: Dict,
        /// Requests a minute by model.
        model_rpm_limit: Dict<Integer>,
        /// Tokens a minute by model.
        model_tpm_limit: Dict<Integer>,
        /// Output tokens that a request is assumed to take.
        default_estimated_output_tokens: Integer,
        /// The same by model.
        default_estimated_output_tokens_per_model: Dict<Integer>,
        /// Requests a minute by MCP server.
        mcp_rpm_limit: Dict<Integer>,
        /// Vector store indexes that may be used.
        allowed_vector_store_indexes: Vec<AllowedVectorStoreIndexItem>,
        /// When files of batches expire.
        enforced_batch_output_expires_after: Dict,
        /// When files expire.
        enforced_file_expires_after: Dict,
        /// How long keys of members last.
        team_member_key_duration: String,
        /// Dollars that each member may spend.
        team_member_budget: f64,
        /// After which time the budget of each member is reset.
        team_member_budget_duration: String,
        /// Requests a minute of each member.
        team_member_rpm_limit: Integer,
        /// Tokens a minute of each member.
        team_member_tpm_limit: Integer,
        /// Budgets by model of each member.
        team_member_model_max_budget: Dict<BudgetConfig>,
        /// Servers, agents, stores and tools that may be used.
        object_permission: ObjectPermissionBase,
    }
}
