// Written from the rules: LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test javascript

/** All of {@link Code}. */
export const CODES = [
    "route_unknown",
    "method_not_allowed",
    "body_unreadable",
    "request_invalid",
    "key_missing",
    "key_malformed",
    "key_unknown",
    "key_blocked",
    "key_expired",
    "budget_exceeded",
    "team_blocked",
    "project_blocked",
    "user_deactivated",
    "route_forbidden",
    "other_user",
    "other_team",
    "not_team_member",
    "team_role_forbidden",
    "personal_keys_forbidden",
    "param_required",
    "team_unknown",
    "user_unknown",
    "budget_unknown",
    "organization_unknown",
    "project_unknown",
    "id_taken",
    "above_upper_bound",
    "amount_invalid",
    "duration_invalid",
    "duration_zero",
    "duration_too_long",
    "model_budget_invalid",
    "licence_required",
    "alias_taken",
    "custom_key_invalid",
    "key_exists",
    "admin_field",
    "value_unstorable",
    "request_unsupported",
    "not_owner",
    "custom_rule",
    "upstream_in_body",
    "model_forbidden",
    "guardrails_fixed",
    "row_unreadable",
    "too_many_keys",
    "fact_missing",
    "conflict",
    "row_referred",
    "upstream_away",
    "upgrade_unsupported",
] as const;

/** Why a request was refused, for programs. */
export type Code = (typeof CODES)[number];

/** All of {@link Role}. */
export const ROLES = [
    "proxy_admin",
    "proxy_admin_viewer",
    "org_admin",
    "internal_user",
    "internal_user_viewer",
    "team",
    "customer",
] as const;

/** What a user may do in general. */
export type Role = (typeof ROLES)[number];

/** All of {@link Source}. */
export const SOURCES = [
    "request",
    "default",
    "upper_bound",
    "caller",
    "computed",
] as const;

/** Where the value of a field comes from. */
export type Source = (typeof SOURCES)[number];

/** The body of `POST /key/generate`. */
export interface GenerateKeyRequest {
    /** A name for people. */
    key_alias?: string | null;
    /** How long the key works: `30s`, `15m`, `12h`, `7d`, `1mo`. */
    duration?: string | null;
    /** Models that may be called; empty means all. */
    models?: unknown[] | null;
    /** Dollars counted as spent. */
    spend?: number | null;
    /** Dollars that may be spent. */
    max_budget?: number | null;
    /** The owner. */
    user_id?: string | null;
    /** The team. */
    team_id?: string | null;
    /** Requests at a time. */
    max_parallel_requests?: number | null;
    /** Free data. */
    metadata?: Record<string, unknown> | null;
    /** Tokens a minute. */
    tpm_limit?: number | null;
    /** Requests a minute. */
    rpm_limit?: number | null;
    /** After which time the budget is reset. */
    budget_duration?: string | null;
    /** Cache controls that may be sent. */
    allowed_cache_controls?: unknown[] | null;
    /** Settings of its own (deprecated). */
    config?: Record<string, unknown> | null;
    /** What may be done beyond calling models. */
    permissions?: Record<string, unknown> | null;
    /** Budgets by model. */
    model_max_budget?: Record<string, unknown> | null;
    /** Requests a minute by model. */
    model_rpm_limit?: Record<string, unknown> | null;
    /** Tokens a minute by model. */
    model_tpm_limit?: Record<string, unknown> | null;
    /** Guardrails that run on every request. */
    guardrails?: string[] | null;
    /** Whether it is blocked. */
    blocked?: boolean | null;
    /** Model aliases. */
    aliases?: Record<string, unknown> | null;
    /** Routes that may be called, and names of groups of routes; empty means all. */
    allowed_routes?: string[] | null;
    /** The organization. */
    organization_id?: string | null;
    /** The project. */
    project_id?: string | null;
    /** The agent it is for. */
    agent_id?: string | null;
    /** Tokens a day. */
    tpd_limit?: number | null;
    /** Budgets with windows of their own. */
    budget_limits?: {
        /** After which time it is reset. */
        budget_duration: string;
        /** Dollars that may be spent within it. */
        max_budget: number;
        /** When it is reset; it is computed. */
        reset_at?: string | null;
    }[] | null;
    /** Models to go on with where the budget of a model is spent. */
    budget_fallbacks?: Record<string, string[]> | null;
    /** Groups of models that may be called. */
    access_group_ids?: string[] | null;
    /** Servers, agents, stores and tools that may be used. */
    object_permission?: {
        /** MCP servers. */
        mcp_servers?: string[] | null;
        /** Groups of MCP servers. */
        mcp_access_groups?: string[] | null;
        /** Tools by MCP server. */
        mcp_tool_permissions?: Record<string, string[]> | null;
        /** Sets of tools. */
        mcp_toolsets?: string[] | null;
        /** Tools that are blocked. */
        blocked_tools?: string[] | null;
        /** Vector stores. */
        vector_stores?: string[] | null;
        /** Agents. */
        agents?: string[] | null;
        /** Groups of agents. */
        agent_access_groups?: string[] | null;
        /** Models. */
        models?: string[] | null;
        /** Search tools. */
        search_tools?: string[] | null;
        /** Whether tools are searched for. */
        mcp_tool_search_enabled?: boolean | null;
        /** Skills. */
        skills?: string[] | null;
    } | null;
    /** How calls are routed. */
    router_settings?: Record<string, unknown> | null;
    /** Whether the key gets a new secret by itself. */
    auto_rotate?: boolean | null;
    /** After which time it does. */
    rotation_interval?: string | null;
    /** Requests a minute by MCP server. */
    mcp_rpm_limit?: Record<string, number> | null;
    /** Requests a minute by tag. */
    tag_rpm_limit?: Record<string, number> | null;
    /** Policies that hold for every request. */
    policies?: string[] | null;
    /** Prompts that may be used. */
    prompts?: string[] | null;
    /** Whether `rpm_limit` is guaranteed within the team. */
    rpm_limit_type?: "guaranteed_throughput" | "best_effort_throughput" | "dynamic" | null;
    /** Whether `tpm_limit` is guaranteed within the team. */
    tpm_limit_type?: "guaranteed_throughput" | "best_effort_throughput" | "dynamic" | null;
    /** The budget of each end user. */
    end_user_budget_id?: string | null;
    /** Output tokens that a request is assumed to take. */
    default_estimated_output_tokens?: number | null;
    /** The same by model. */
    default_estimated_output_tokens_per_model?: Record<string, number> | null;
    /** Whether guardrails that run for everybody are left out. */
    disable_global_guardrails?: boolean | null;
    /** Whether prompts are cached. */
    enable_prompt_caching?: boolean | null;
    /** Whether a spent budget slows requests down instead of refusing them. */
    throttle_on_budget_exceeded?: boolean | null;
    /** Routes of other services that may be called. */
    allowed_passthrough_routes?: string[] | null;
    /** Routes of other services that may not be called. */
    denied_passthrough_routes?: string[] | null;
    /** Vector store indexes that may be used. */
    allowed_vector_store_indexes?: {
        /** The index. */
        index_name: string;
        /** What may be done with it. */
        index_permissions: ("read" | "write")[];
    }[] | null;
    /** What the key is for; from this follow the routes it may call. */
    key_type?: "llm_api" | "management" | "read_only" | "default" | null;
    /** The key itself, made up when absent. */
    key?: string | null;
    /** The budget the key belongs to. */
    budget_id?: string | null;
    /** Tags for tracking spend and routing. */
    tags?: string[] | null;
    /** Parameters that every request must have. */
    enforced_params?: string[] | null;
    /** Dollars from which on alerts are sent. */
    soft_budget?: number | null;
    /** Whether the owner is told by e-mail. */
    send_invite_email?: boolean | null;
}

/** The body of `POST /key/update`. */
export interface UpdateKeyRequest {
    /** A name for people. */
    key_alias?: string | null;
    /** How long the key works: `30s`, `15m`, `12h`, `7d`, `1mo`. */
    duration?: string | null;
    /** Models that may be called; empty means all. */
    models?: unknown[] | null;
    /** Dollars counted as spent. */
    spend?: number | null;
    /** Dollars that may be spent. */
    max_budget?: number | null;
    /** The owner. */
    user_id?: string | null;
    /** The team. */
    team_id?: string | null;
    /** Requests at a time. */
    max_parallel_requests?: number | null;
    /** Free data. */
    metadata?: Record<string, unknown> | null;
    /** Tokens a minute. */
    tpm_limit?: number | null;
    /** Requests a minute. */
    rpm_limit?: number | null;
    /** After which time the budget is reset. */
    budget_duration?: string | null;
    /** Cache controls that may be sent. */
    allowed_cache_controls?: unknown[] | null;
    /** Settings of its own (deprecated). */
    config?: Record<string, unknown> | null;
    /** What may be done beyond calling models. */
    permissions?: Record<string, unknown> | null;
    /** Budgets by model. */
    model_max_budget?: Record<string, unknown> | null;
    /** Requests a minute by model. */
    model_rpm_limit?: Record<string, unknown> | null;
    /** Tokens a minute by model. */
    model_tpm_limit?: Record<string, unknown> | null;
    /** Guardrails that run on every request. */
    guardrails?: string[] | null;
    /** Whether it is blocked. */
    blocked?: boolean | null;
    /** Model aliases. */
    aliases?: Record<string, unknown> | null;
    /** Routes that may be called, and names of groups of routes; empty means all. */
    allowed_routes?: string[] | null;
    /** The organization. */
    organization_id?: string | null;
    /** The project. */
    project_id?: string | null;
    /** The agent it is for. */
    agent_id?: string | null;
    /** Tokens a day. */
    tpd_limit?: number | null;
    /** Budgets with windows of their own. */
    budget_limits?: {
        /** After which time it is reset. */
        budget_duration: string;
        /** Dollars that may be spent within it. */
        max_budget: number;
        /** When it is reset; it is computed. */
        reset_at?: string | null;
    }[] | null;
    /** Models to go on with where the budget of a model is spent. */
    budget_fallbacks?: Record<string, string[]> | null;
    /** Groups of models that may be called. */
    access_group_ids?: string[] | null;
    /** Servers, agents, stores and tools that may be used. */
    object_permission?: {
        /** MCP servers. */
        mcp_servers?: string[] | null;
        /** Groups of MCP servers. */
        mcp_access_groups?: string[] | null;
        /** Tools by MCP server. */
        mcp_tool_permissions?: Record<string, string[]> | null;
        /** Sets of tools. */
        mcp_toolsets?: string[] | null;
        /** Tools that are blocked. */
        blocked_tools?: string[] | null;
        /** Vector stores. */
        vector_stores?: string[] | null;
        /** Agents. */
        agents?: string[] | null;
        /** Groups of agents. */
        agent_access_groups?: string[] | null;
        /** Models. */
        models?: string[] | null;
        /** Search tools. */
        search_tools?: string[] | null;
        /** Whether tools are searched for. */
        mcp_tool_search_enabled?: boolean | null;
        /** Skills. */
        skills?: string[] | null;
    } | null;
    /** How calls are routed. */
    router_settings?: Record<string, unknown> | null;
    /** Whether the key gets a new secret by itself. */
    auto_rotate?: boolean | null;
    /** After which time it does. */
    rotation_interval?: string | null;
    /** Requests a minute by MCP server. */
    mcp_rpm_limit?: Record<string, number> | null;
    /** Requests a minute by tag. */
    tag_rpm_limit?: Record<string, number> | null;
    /** Policies that hold for every request. */
    policies?: string[] | null;
    /** Prompts that may be used. */
    prompts?: string[] | null;
    /** Whether `rpm_limit` is guaranteed within the team. */
    rpm_limit_type?: "guaranteed_throughput" | "best_effort_throughput" | "dynamic" | null;
    /** Whether `tpm_limit` is guaranteed within the team. */
    tpm_limit_type?: "guaranteed_throughput" | "best_effort_throughput" | "dynamic" | null;
    /** The budget of each end user. */
    end_user_budget_id?: string | null;
    /** Output tokens that a request is assumed to take. */
    default_estimated_output_tokens?: number | null;
    /** The same by model. */
    default_estimated_output_tokens_per_model?: Record<string, number> | null;
    /** Whether guardrails that run for everybody are left out. */
    disable_global_guardrails?: boolean | null;
    /** Whether prompts are cached. */
    enable_prompt_caching?: boolean | null;
    /** Whether a spent budget slows requests down instead of refusing them. */
    throttle_on_budget_exceeded?: boolean | null;
    /** Routes of other services that may be called. */
    allowed_passthrough_routes?: string[] | null;
    /** Routes of other services that may not be called. */
    denied_passthrough_routes?: string[] | null;
    /** Vector store indexes that may be used. */
    allowed_vector_store_indexes?: {
        /** The index. */
        index_name: string;
        /** What may be done with it. */
        index_permissions: ("read" | "write")[];
    }[] | null;
    /** The key, or its SHA-256 in hex. */
    key: string;
    /** The budget the key belongs to. */
    budget_id?: string | null;
    /** Tags for tracking spend and routing. */
    tags?: string[] | null;
    /** Parameters that every request must have. */
    enforced_params?: string[] | null;
    /** Dollars from which on alerts are sent. */
    soft_budget?: number | null;
    /** Dollars added to the budget for a time. */
    temp_budget_increase?: number | null;
    /** When that time ends. */
    temp_budget_expiry?: string | null;
}

/** A key as it is stored; moments are milliseconds since 1970 UTC. */
export interface VirtualKey {
    token: string;
    key_name: string | null;
    key_alias: string | null;
    soft_budget_cooldown: boolean;
    spend: number;
    expires: number | null;
    models: string[];
    aliases: unknown;
    config: unknown;
    user_id: string | null;
    team_id: string | null;
    permissions: unknown;
    max_parallel_requests: number | null;
    metadata: unknown;
    blocked: boolean | null;
    tpm_limit: number | null;
    rpm_limit: number | null;
    max_budget: number | null;
    budget_duration: string | null;
    budget_reset_at: number | null;
    allowed_cache_controls: string[];
    model_spend: unknown;
    model_max_budget: unknown;
    budget_id: string | null;
    created_at: number | null;
    updated_at: number | null;
    allowed_routes: string[];
    project_id: string | null;
    key_type: string | null;
    organization_id: string | null;
    agent_id: string | null;
    object_permission_id: string | null;
    tpd_limit: number | null;
    created_by: string | null;
    updated_by: string | null;
    settings_updated_at: number | null;
    last_active: number | null;
    total_spend: number;
    auto_rotate: boolean | null;
    rotation_interval: string | null;
    key_rotation_at: number | null;
    last_rotation_at: number | null;
    rotation_count: number | null;
    access_group_ids: string[];
    policies: string[];
    budget_limits: unknown | null;
    budget_fallbacks: unknown;
    router_settings: unknown | null;
}

/** A team as it is stored; moments are milliseconds since 1970 UTC. */
export interface Team {
    team_id: string;
    team_alias: string | null;
    organization_id: string | null;
    admins: string[];
    members: string[];
    members_with_roles: unknown;
    metadata: unknown;
    max_budget: number | null;
    spend: number;
    models: string[];
    max_parallel_requests: number | null;
    tpm_limit: number | null;
    rpm_limit: number | null;
    budget_duration: string | null;
    budget_reset_at: number | null;
    blocked: boolean;
    created_at: number;
    updated_at: number;
    model_spend: unknown;
    model_max_budget: unknown;
    model_id: number | null;
    team_member_permissions: string[] | null;
    object_permission_id: string | null;
    soft_budget: number | null;
    tpd_limit: number | null;
    access_group_ids: string[];
    policies: string[];
    default_team_member_models: string[];
    budget_limits: unknown | null;
    router_settings: unknown | null;
}
