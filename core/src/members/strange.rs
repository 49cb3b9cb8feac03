//! Members that say something to somebody else: limits that only other requests set, and names that no row should get.

use crate::rules::is_invisible;
use latchkey_contract::json::Json;

/// Requests that make something, or a secret: the row that a form was given is sent back on changes alone.
const MAKERS: &[&str] = &[
    "budget_new",
    "key_generate",
    "key_regenerate",
    "organization_member_add",
    "organization_member_update",
    "organization_new",
    "team_member_add",
    "team_member_update",
    "team_new",
    "user_new",
];

/// What bounds something in one request or another, or in LiteLLM's documentation.
const LIMITS: &[&str] = &[
    "access_groups",
    "allowed_routes",
    "blocked",
    "budget_duration",
    "budget_id",
    "budget_limit",
    "budget_limits",
    "budget_reset_at",
    "duration",
    "expires",
    "grace_period",
    "max_budget",
    "max_budget_in_team",
    "max_parallel_requests",
    "model_itpm_limit",
    "model_max_budget",
    "model_otpm_limit",
    "model_rpm_limit",
    "model_tpm_limit",
    "models",
    "object_permission_id",
    "rpm_limit",
    "soft_budget",
    "temp_budget_expiry",
    "temp_budget_increase",
    "tpm_limit",
];

/// Whether the member, which `operation` does not read, is a limit that its sender would believe in.
pub(super) fn is_limit(operation: &str, name: &str) -> bool {
    MAKERS.contains(&operation) && LIMITS.contains(&name)
}

/// The names that a request gives to new rows. Changes may send back a name that LiteLLM gave.
const NEW_NAMES: &[(&str, &[&str])] = &[
    ("budget_new", &["budget_id"]),
    ("key_generate", &["key_alias"]),
    ("organization_member_add", &["user_email"]),
    ("organization_new", &["organization_id", "organization_alias"]),
    ("team_member_add", &["user_email"]),
    ("team_new", &["team_id", "team_alias", "user_id", "user_email"]),
    ("user_new", &["user_id", "user_email", "user_alias", "key_alias"]),
];

/// Why a row cannot get this name, if it cannot: two names that look the same would be two rows.
pub(super) fn objection(operation: &str, name: &str, value: &Json) -> Option<&'static str> {
    let is_new = NEW_NAMES.iter().any(|(of, names)| *of == operation && names.contains(&name));
    let text = value.as_str().filter(|_| is_new)?;
    if name == "user_email" && text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some("must have no white space in it");
    }
    if text.chars().any(is_invisible) {
        return Some("must have no character in it that shows nothing");
    }
    (text.trim() != text).then_some("must not begin or end with white space")
}
