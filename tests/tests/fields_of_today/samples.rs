//! The fields of teams, users, budgets and members, each with a value.

use crate::Place::{self, Elsewhere, Field, Metadata};

type Sample = (&'static str, &'static str, Place);

/// Of a new team and of one that changes: each with a value, and where the team shows it.
pub(crate) const TEAM: &[Sample] = &[
    ("access_group_ids", r#"["g"]"#, Field),
    ("allowed_passthrough_routes", r#"["/x"]"#, Metadata),
    ("allowed_vector_store_indexes", r#"[{"index_name":"i","index_permissions":["read"]}]"#, Metadata),
    ("blocked", "true", Field),
    ("budget_duration", r#""30d""#, Field),
    ("budget_limits", r#"[{"budget_duration":"1d","max_budget":5.0}]"#, Elsewhere),
    ("default_estimated_output_tokens", "100", Metadata),
    ("default_estimated_output_tokens_per_model", r#"{"gpt-4":100}"#, Metadata),
    ("default_team_member_models", r#"["gpt-4"]"#, Field),
    ("denied_passthrough_routes", r#"["/y"]"#, Metadata),
    ("disable_global_guardrails", "true", Metadata),
    ("enforced_batch_output_expires_after", r#"{"anchor":"created_at","seconds":3600}"#, Metadata),
    ("enforced_file_expires_after", r#"{"anchor":"created_at","seconds":3600}"#, Metadata),
    ("guardrails", r#"["g"]"#, Metadata),
    ("max_budget", "10.0", Field),
    ("mcp_rpm_limit", r#"{"s":5}"#, Metadata),
    ("metadata", r#"{"a":"b"}"#, Field),
    ("model_aliases", r#"{"a":"gpt-4"}"#, Elsewhere),
    ("model_max_budget", r#"{"gpt-4":{"max_budget":1.0,"budget_duration":"1d"}}"#, Elsewhere),
    ("model_rpm_limit", r#"{"gpt-4":5}"#, Metadata),
    ("model_tpm_limit", r#"{"gpt-4":5}"#, Metadata),
    ("models", r#"["gpt-4"]"#, Field),
    ("organization_id", r#""o""#, Field),
    ("policies", r#"["p"]"#, Field),
    ("policies", r#"["p"]"#, Metadata),
    ("prompts", r#"["p"]"#, Metadata),
    ("require_trace_id", "true", Metadata),
    ("router_settings", r#"{"num_retries":2}"#, Field),
    ("rpm_limit", "10", Field),
    ("secret_manager_settings", r#"{"a":"b"}"#, Metadata),
    ("soft_budget", "5.0", Field),
    ("tags", r#"["t"]"#, Metadata),
    ("team_alias", r#""x""#, Field),
    ("team_member_key_duration", r#""1d""#, Metadata),
    ("tpd_limit", "1000", Field),
    ("tpm_limit", "100", Field),
];

/// Of a new team alone.
pub(crate) const NEW_TEAM: &[Sample] = &[
    ("admins", r#"["u"]"#, Field),
    ("members", r#"["u"]"#, Field),
    ("members_with_roles", r#"[{"role":"admin","user_id":"u"}]"#, Elsewhere),
    ("rpm_limit_type", r#""best_effort_throughput""#, Metadata),
    ("team_id", r#""x""#, Field),
    ("team_member_permissions", r#"["/key/generate","/key/update"]"#, Field),
    ("tpm_limit_type", r#""best_effort_throughput""#, Metadata),
];

/// What the members of a team share, each with its column of their budget.
pub(crate) const SHARED: &[(&str, &str, &str)] = &[
    ("team_member_budget", "5.0", "max_budget"),
    ("team_member_budget_duration", r#""30d""#, "budget_duration"),
    ("team_member_model_max_budget", r#"{"gpt-4":{"max_budget":1.0}}"#, "model_max_budget"),
    ("team_member_rpm_limit", "5", "rpm_limit"),
    ("team_member_tpm_limit", "6", "tpm_limit"),
];

/// Of a new user: where the user shows it; what is elsewhere is of the key, or has a test of its own.
pub(crate) const NEW_USER: &[Sample] = &[
    ("agent_id", r#""a""#, Elsewhere),
    ("aliases", r#"{"a":"gpt-4"}"#, Elsewhere),
    ("allowed_cache_controls", r#"["no-cache"]"#, Field),
    ("auto_create_key", "false", Elsewhere),
    ("blocked", "true", Elsewhere),
    ("budget_duration", r#""30d""#, Field),
    ("budget_fallbacks", r#"{"gpt-4":["gpt-4o"]}"#, Elsewhere),
    ("budget_limits", r#"[{"budget_duration":"1d","max_budget":5.0}]"#, Elsewhere),
    ("config", r#"{"x":"y"}"#, Elsewhere),
    ("duration", r#""30d""#, Elsewhere),
    ("guardrails", r#"["g"]"#, Metadata),
    ("key_alias", r#""x""#, Elsewhere),
    ("max_budget", "10.0", Field),
    ("max_parallel_requests", "3", Field),
    ("mcp_rpm_limit", r#"{"s":5}"#, Metadata),
    ("metadata", r#"{"a":"b"}"#, Field),
    ("model_max_budget", r#"{"gpt-4":{"max_budget":1.0,"budget_duration":"1d"}}"#, Field),
    ("model_rpm_limit", r#"{"gpt-4":5}"#, Metadata),
    ("model_tpm_limit", r#"{"gpt-4":50}"#, Metadata),
    ("models", r#"["gpt-4"]"#, Field),
    ("organizations", r#"["o"]"#, Elsewhere),
    ("permissions", r#"{"p":true}"#, Elsewhere),
    ("policies", r#"["p"]"#, Metadata),
    ("prompts", r#"["p"]"#, Metadata),
    ("rpm_limit", "10", Field),
    ("send_invite_email", "false", Elsewhere),
    ("spend", "1.5", Field),
    ("sso_user_id", r#""x""#, Field),
    ("tag_rpm_limit", r#"{"t":5}"#, Metadata),
    ("team_id", r#""t""#, Field),
    ("teams", r#"["t"]"#, Field),
    ("teams", r#"[{"team_id":"t","max_budget_in_team":5.0,"user_role":"user"}]"#, Elsewhere),
    ("tpm_limit", "100", Field),
    ("user_alias", r#""al""#, Field),
    ("user_email", r#""a@b.c""#, Field),
    ("user_id", r#""v""#, Field),
    ("user_role", r#""internal_user""#, Field),
];

/// Of a user who changes.
pub(crate) const USER: &[Sample] = &[
    ("allowed_cache_controls", r#"["no-cache"]"#, Field),
    ("budget_duration", r#""30d""#, Field),
    ("max_budget", "10.0", Field),
    ("max_parallel_requests", "3", Field),
    ("mcp_rpm_limit", r#"{"s":5}"#, Metadata),
    ("metadata", r#"{"a":"b"}"#, Field),
    ("model_max_budget", r#"{"gpt-4":{"max_budget":1.0,"budget_duration":"1d"}}"#, Field),
    ("model_rpm_limit", r#"{"gpt-4":5}"#, Metadata),
    ("model_tpm_limit", r#"{"gpt-4":50}"#, Metadata),
    ("models", r#"["gpt-4"]"#, Field),
    ("policies", r#"["p"]"#, Field),
    ("rpm_limit", "10", Field),
    ("spend", "1.5", Field),
    ("tag_rpm_limit", r#"{"t":5}"#, Metadata),
    ("team_id", r#""t""#, Field),
    ("tpm_limit", "100", Field),
    ("user_alias", r#""al""#, Field),
    ("user_email", r#""a@b.c""#, Field),
    ("user_role", r#""internal_user""#, Field),
];

/// What LiteLLM refuses on a user who changes, or keeps nowhere.
pub(crate) const NOT_OF_USERS: &[(&str, &str)] = &[
    ("agent_id", r#""a""#),
    ("aliases", r#"{"a":"gpt-4"}"#),
    ("blocked", "true"),
    ("budget_fallbacks", r#"{"gpt-4":["gpt-4o"]}"#),
    ("budget_limits", r#"[{"budget_duration":"1d","max_budget":5.0}]"#),
    ("config", r#"{"x":"y"}"#),
    ("duration", r#""30d""#),
    ("key_alias", r#""x""#),
    ("permissions", r#"{"p":true}"#),
    ("prompts", r#"["p"]"#),
    ("tpd_limit", "1000"),
];

/// Of a budget.
pub(crate) const BUDGET: &[Sample] = &[
    ("budget_duration", r#""1d""#, Field),
    ("budget_reset_at", r#""2030-01-01T00:00:00Z""#, Field),
    ("max_budget", "1.0", Field),
    ("max_parallel_requests", "2", Field),
    ("model_max_budget", r#"{"gpt-4":{"max_budget":1.0,"budget_duration":"1d"}}"#, Elsewhere),
    ("rpm_limit", "5", Field),
    ("soft_budget", "0.5", Field),
    ("tpd_limit", "5", Field),
    ("tpm_limit", "5", Field),
];

/// Of a member who joins, and of one who changes.
pub(crate) const MEMBER: &[(&str, &str, &str)] = &[
    ("allowed_models", r#"["gpt-4"]"#, "allowed_models"),
    ("budget_duration", r#""30d""#, "budget_duration"),
    ("max_budget_in_team", "5.0", "max_budget"),
];

/// Of a member who changes alone.
pub(crate) const CHANGED_MEMBER: &[(&str, &str, &str)] = &[
    ("model_max_budget", r#"{"gpt-4":{"max_budget":1.0}}"#, "model_max_budget"),
    ("rpm_limit", "5", "rpm_limit"),
    ("temp_budget_increase", r#"2.0,"temp_budget_expiry":"2030-01-01T00:00:00Z""#, "temp_budget_increase"),
    ("tpm_limit", "5", "tpm_limit"),
];
