//! Names that clients send although no operation reads them, or only others do: forms send back the rows they were given.

use latchkey_contract::tables::SCHEMAS;

/// Columns and members of forms of LiteLLM 1.109 that are near to a member of some request.
const NAMES: &[&str] = &[
    "access_group_id",
    "access_groups",
    "agent_ids",
    "budget_limit",
    "budget_reset",
    "guardrail_id",
    "key",
    "keys",
    "model_ids",
    "model_itpm_limit",
    "model_otpm_limit",
    "object_permission_id",
    "organization_ids",
    "permission_id",
    "project_ids",
    "prompt_id",
    "sso_user_ids",
    "team_member_budget_id",
    "time_period",
];

/// Whether clients send the name as it is.
pub(super) fn by_clients(name: &str) -> bool {
    NAMES.contains(&name) || SCHEMAS.iter().any(|table| table.column(name).is_some())
}
