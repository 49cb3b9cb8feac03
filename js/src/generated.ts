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
    /** The key, or its SHA-256 in hex. */
    key: string;
    /** The budget the key belongs to. */
    budget_id?: string | null;
    /** Tags for tracking spend and routing. */
    tags?: string[] | null;
    /** Parameters that every request must have. */
    enforced_params?: string[] | null;
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
}
