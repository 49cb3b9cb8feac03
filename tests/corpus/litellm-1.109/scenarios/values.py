"""A value for each field of LiteLLM 1.109's requests about keys, teams, users, members and budgets."""

from __future__ import annotations

from typing import Any, Dict

LATER = "2099-01-01T00:00:00Z"
WINDOWS = [{"budget_duration": "1h", "max_budget": 5.0}, {"budget_duration": "7d", "max_budget": 50.0}]
OF_MODEL = {"gpt-4": {"max_budget": 1.0, "budget_duration": "1d"}}
INDEXES = [{"index_name": "i", "index_permissions": ["read"]}]
EXPIRY = {"anchor": "created_at", "seconds": 3600}

#: of keys and of users, who are given to their first key
COMMON: Dict[str, Any] = {
    "duration": "30d", "models": ["gpt-4"], "spend": 1.5, "max_budget": 10.0, "team_id": "north", "agent_id": "agent",
    "max_parallel_requests": 3, "metadata": {"a": "b"}, "tpm_limit": 100, "rpm_limit": 10, "tpd_limit": 1000, "budget_duration": "30d",
    "budget_limits": WINDOWS, "allowed_cache_controls": ["no-cache"], "config": {"x": "y"}, "permissions": {"p": True},
    "model_max_budget": OF_MODEL, "budget_fallbacks": {"gpt-4": ["gpt-3.5-turbo"]}, "model_rpm_limit": {"gpt-4": 5},
    "model_tpm_limit": {"gpt-4": 50}, "mcp_rpm_limit": {"srv": 5}, "tag_rpm_limit": {"t": 5}, "guardrails": ["g1"], "policies": ["p1"],
    "prompts": ["pr1"], "blocked": True, "aliases": {"a": "gpt-4"},
    "object_permission": {"mcp_servers": ["s1"], "vector_stores": ["v1"]},
}

GENERATE: Dict[str, Any] = {
    **COMMON, "user_id": "ben", "default_estimated_output_tokens": 100, "default_estimated_output_tokens_per_model": {"gpt-4": 100},
    "budget_id": "small", "end_user_budget_id": "small", "tags": ["t1"], "disable_global_guardrails": True, "enable_prompt_caching": True,
    "throttle_on_budget_exceeded": True, "enforced_params": ["user"], "allowed_routes": ["/chat/completions"],
    "allowed_passthrough_routes": ["/x"], "denied_passthrough_routes": ["/y"], "allowed_vector_store_indexes": INDEXES,
    "rpm_limit_type": "best_effort_throughput", "tpm_limit_type": "best_effort_throughput", "router_settings": {"num_retries": 2},
    "access_group_ids": ["ag"], "organization_id": "org", "project_id": "nowhere", "auto_rotate": True, "rotation_interval": "30d",
    "soft_budget": 5.0, "key": "sk-chosen-0123456789abcdef", "key_type": "read_only", "send_invite_email": False,
}

REGENERATE: Dict[str, Any] = {
    "new_key": "sk-chosen-0123456789abcdef", "grace_period": "1h", "key_alias": "renamed", "max_budget": 10.0, "tpm_limit": 5, "rpm_limit": 5,
    "duration": "7d", "key_type": "llm_api", "allowed_routes": ["/x"], "organization_id": "org", "object_permission": {"mcp_servers": ["s"]},
    "budget_limits": WINDOWS, "tags": ["t"], "models": ["gpt-4"], "metadata": {"a": "b"},
}

TEAM_UPDATE: Dict[str, Any] = {
    "team_alias": "renamed", "organization_id": "org", "team_member_permissions": ["/key/generate", "/key/update"], "metadata": {"a": "b"},
    "tpm_limit": 100, "rpm_limit": 10, "tpd_limit": 1000, "max_budget": 10.0, "soft_budget": 5.0, "budget_duration": "30d",
    "budget_limits": WINDOWS, "models": ["gpt-4"], "blocked": True, "router_settings": {"num_retries": 2}, "access_group_ids": ["ag"],
    "default_team_member_models": ["gpt-4"], "model_aliases": {"a": "gpt-4"}, "model_max_budget": OF_MODEL, "tags": ["t"],
    "guardrails": ["g"], "policies": ["p"], "prompts": ["p"], "object_permission": {"mcp_servers": ["s"]},
    "allowed_passthrough_routes": ["/x"], "denied_passthrough_routes": ["/y"], "disable_global_guardrails": True, "require_trace_id": True,
    "secret_manager_settings": {"a": "b"}, "model_rpm_limit": {"gpt-4": 5}, "model_tpm_limit": {"gpt-4": 5},
    "default_estimated_output_tokens": 100, "mcp_rpm_limit": {"s": 5}, "team_member_budget": 5.0, "team_member_rpm_limit": 5,
    "team_member_tpm_limit": 5, "team_member_key_duration": "1d", "team_member_budget_duration": "30d",
    "team_member_model_max_budget": OF_MODEL, "allowed_vector_store_indexes": INDEXES, "enforced_batch_output_expires_after": EXPIRY,
    "enforced_file_expires_after": EXPIRY,
}

TEAM_NEW: Dict[str, Any] = {
    **TEAM_UPDATE, "team_id": "chosen", "admins": ["ben"], "members": ["ben"], "members_with_roles": [{"role": "admin", "user_id": "ben"}],
    "rpm_limit_type": "best_effort_throughput", "tpm_limit_type": "best_effort_throughput",
}

USER_UPDATE: Dict[str, Any] = {
    **COMMON, "key_alias": "called", "user_email": "Ann@Example.com", "user_alias": "Ann", "user_role": "internal_user_viewer", "password": "a secret of hers",
}

USER_NEW: Dict[str, Any] = {
    **USER_UPDATE, "teams": ["north"], "auto_create_key": False, "send_invite_email": False, "sso_user_id": "sso-ann", "organizations": ["org"],
}

BUDGET: Dict[str, Any] = {
    "max_budget": 1.0, "soft_budget": 0.5, "max_parallel_requests": 2, "tpm_limit": 5, "rpm_limit": 5, "tpd_limit": 5,
    "budget_duration": "1d", "model_max_budget": OF_MODEL, "budget_reset_at": LATER,
}

MEMBER_ADD: Dict[str, Any] = {"max_budget_in_team": 5.0, "budget_duration": "30d", "allowed_models": ["gpt-4"]}
MEMBER_UPDATE: Dict[str, Any] = {
    **MEMBER_ADD, "role": "admin", "tpm_limit": 5, "rpm_limit": 5, "temp_budget_increase": 5.0, "model_max_budget": OF_MODEL,
}
