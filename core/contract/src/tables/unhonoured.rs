//! Columns of LiteLLM's that limit what a key, a team, a budget or a user may do and that no rule here knows.

/// Each with what it says. LiteLLM goes on by them where it serves models; here they are neither shown nor handed on to what is
/// made with a key.
pub const UNHONOURED: &[(&str, &str)] = &[
    ("LiteLLM_TeamTable.object_permission_id", "servers, agents and stores that a team may use"),
    ("LiteLLM_TeamTable.budget_limits", "budgets of a team with windows of their own"),
    ("LiteLLM_TeamTable.soft_budget", "dollars of a team from which on alerts are sent"),
    ("LiteLLM_TeamTable.default_team_member_models", "models of newcomers to a team"),
    ("LiteLLM_TeamTable.access_group_ids", "groups of models that a team may call"),
    ("LiteLLM_TeamTable.policies", "guardrails of a team"),
    ("LiteLLM_TeamTable.tpd_limit", "tokens a day"),
    ("LiteLLM_BudgetTable.allowed_models", "models of a budget"),
    ("LiteLLM_BudgetTable.temp_budget_increase", "dollars that are granted for a time"),
    ("LiteLLM_BudgetTable.tpd_limit", "tokens a day"),
    ("LiteLLM_UserTable.object_permission_id", "servers, agents and stores that a user may use"),
    ("LiteLLM_UserTable.password_reset_required", "users who must choose another password"),
    ("LiteLLM_UserTable.policies", "guardrails of a user"),
    ("LiteLLM_ProjectTable.object_permission_id", "servers, agents and stores that a project may use"),
];
