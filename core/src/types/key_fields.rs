//! The fields that all requests for keys share: those of LiteLLM 1.60.8, and what later releases have added.

use super::coerce::choice;
use super::model::request_model;
use super::{CommonFields, Dict};
use latchkey_contract::number::Integer;

choice! {
    /// What a key is for: it decides which routes the key may call.
    KeyType, said as "enum", listed as "'llm_api', 'management', 'read_only' or 'default'" {
        /// Calls of models.
        LlmApi = "llm_api",
        /// Management.
        Management = "management",
        /// Questions that change nothing.
        ReadOnly = "read_only",
        /// Whatever its owner may call.
        Default = "default",
    }
}

choice! {
    /// What a limit of throughput promises.
    ThroughputType, listed as "'guaranteed_throughput', 'best_effort_throughput' or 'dynamic'" {
        /// The limits of a team's keys do not exceed that of the team.
        Guaranteed = "guaranteed_throughput",
        /// They may.
        BestEffort = "best_effort_throughput",
        /// The limit counts while the model is busy.
        Dynamic = "dynamic",
    }
}

choice! {
    /// What may be done with an index.
    IndexPermission, listed as "'read' or 'write'" {
        /// It is read.
        Read = "read",
        /// It is written.
        Write = "write",
    }
}

request_model! {
    /// A vector store index that may be used.
    pub(crate) AllowedVectorStoreIndexItem {
        /// The index.
        index_name: required String,
        /// What may be done with it.
        index_permissions: required Vec<IndexPermission>,
    }
}

request_model! {
    /// A budget with a window of its own.
    pub(crate) BudgetLimitEntry {
        /// After which time it is reset.
        budget_duration: required String,
        /// Dollars that may be spent within it.
        max_budget: required f64,
        /// When it is reset; it is computed.
        reset_at: optional crate::time::DateTime,
    }
}

request_model! {
    /// What may be used beside models.
    #[derive(Default)]
    pub(crate) ObjectPermissionBase {
        /// MCP servers.
        mcp_servers: optional Vec<String>,
        /// Groups of MCP servers.
        mcp_access_groups: optional Vec<String>,
        /// Tools by MCP server.
        mcp_tool_permissions: optional Dict<Vec<String>>,
        /// Sets of tools.
        mcp_toolsets: optional Vec<String>,
        /// Tools that are blocked.
        blocked_tools: optional Vec<String>,
        /// Vector stores.
        vector_stores: optional Vec<String>,
        /// Agents.
        agents: optional Vec<String>,
        /// Groups of agents.
        agent_access_groups: optional Vec<String>,
        /// Models.
        models: optional Vec<String>,
        /// Search tools.
        search_tools: optional Vec<String>,
        /// Whether tools are searched for.
        mcp_tool_search_enabled: optional bool,
        /// Skills.
        skills: optional Vec<String>,
    }
}

request_model! {
    /// The fields of every request that makes or changes a key.
    #[derive(Default)]
    pub(crate) KeyFields {
        extends common: CommonFields;
    } recent values {
        /// Routes that may be called, and names of groups of routes; empty means all.
        allowed_routes: Vec<String>,
        /// The organization.
        organization_id: String,
        /// The project.
        project_id: String,
        /// The agent it is for.
        agent_id: String,
        /// Tokens a day.
        tpd_limit: Integer,
        /// Budgets with windows of their own.
        budget_limits: Vec<BudgetLimitEntry>,
        /// Models to go on with where the budget of a model is spent.
        budget_fallbacks: Dict<Vec<String>>,
        /// Groups of models that may be called.
        access_group_ids: Vec<String>,
        /// Servers, agents, stores and tools that may be used.
        object_permission: ObjectPermissionBase,
        /// How calls are routed.
        router_settings: Dict,
        /// Whether the key gets a new secret by itself.
        auto_rotate: bool,
        /// After which time it does.
        rotation_interval: String,
        /// Requests a minute by MCP server.
        mcp_rpm_limit: Dict<Integer>,
        /// Requests a minute by tag.
        tag_rpm_limit: Dict<Integer>,
        /// Policies that hold for every request.
        policies: Vec<String>,
        /// Prompts that may be used.
        prompts: Vec<String>,
        /// Whether `rpm_limit` is guaranteed within the team.
        rpm_limit_type: ThroughputType,
        /// Whether `tpm_limit` is guaranteed within the team.
        tpm_limit_type: ThroughputType,
        /// The budget of each end user.
        end_user_budget_id: String,
        /// Output tokens that a request is assumed to take.
        default_estimated_output_tokens: Integer,
        /// The same by model.
        default_estimated_output_tokens_per_model: Dict<Integer>,
        /// Whether guardrails that run for everybody are left out.
        disable_global_guardrails: bool,
        /// Whether prompts are cached.
        enable_prompt_caching: bool,
        /// Whether a spent budget slows requests down instead of refusing them.
        throttle_on_budget_exceeded: bool,
        /// Routes of other services that may be called.
        allowed_passthrough_routes: Vec<String>,
        /// Routes of other services that may not be called.
        denied_passthrough_routes: Vec<String>,
        /// Vector store indexes that may be used.
        allowed_vector_store_indexes: Vec<AllowedVectorStoreIndexItem>,
    }
}
