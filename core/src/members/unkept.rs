//! What LiteLLM 1.109 stores and this server does not: a caller who sent it would believe in limits that were never stored.

/// The operations on teams.
const TEAMS: &[&str] = &["team_new", "team_update"];

/// The operations on users.
const USERS: &[&str] = &["user_new", "user_update"];

/// The operations on members of teams.
const MEMBERS: &[&str] = &["team_member_add", "team_member_update"];

/// The operations on budgets.
const BUDGETS: &[&str] = &["budget_new", "budget_update"];

macro_rules! unkept {
    ($($name:literal: $($operations:expr),+;)+) => {
        /// Each field with the operations that would drop it, by name.
        const UNKEPT: &[(&str, &[&[&str]])] = &[$(($name, &[$($operations),+])),+];

        /// The fields alone.
        pub(super) const NAMES: &[&str] = &[$($name),+];
    };
}

unkept! {
    "access_group_ids": TEAMS;
    "agent_id": USERS;
    "allowed_models": MEMBERS;
    "allowed_passthrough_routes": TEAMS;
    "allowed_vector_store_indexes": TEAMS;
    "budget_duration": MEMBERS;
    "budget_fallbacks": USERS;
    "budget_limits": USERS, TEAMS;
    "budget_reset_at": BUDGETS;
    "default_estimated_output_tokens": TEAMS;
    "default_estimated_output_tokens_per_model": TEAMS;
    "default_team_member_models": TEAMS;
    "denied_passthrough_routes": TEAMS;
    "disable_global_guardrails": TEAMS;
    "enforced_batch_output_expires_after": TEAMS;
    "enforced_file_expires_after": TEAMS;
    "mcp_rpm_limit": USERS, TEAMS;
    "model_max_budget": TEAMS, &["team_member_update"];
    "model_rpm_limit": TEAMS;
    "model_tpm_limit": TEAMS;
    "new_key": &["key_regenerate"];
    "new_master_key": &["key_regenerate"];
    "object_permission": USERS, TEAMS;
    "organizations": &["user_new"];
    "password": &["user_new"];
    "policies": USERS, TEAMS;
    "prompts": USERS, TEAMS;
    "require_trace_id": TEAMS;
    "router_settings": TEAMS;
    "rpm_limit": &["team_member_update"];
    "rpm_limit_type": TEAMS;
    "secret_manager_settings": TEAMS;
    "soft_budget": TEAMS;
    "sso_user_id": &["user_new"];
    "tag_rpm_limit": USERS;
    "team_member_budget": TEAMS;
    "team_member_budget_duration": TEAMS;
    "team_member_key_duration": TEAMS;
    "team_member_model_max_budget": TEAMS;
    "team_member_permissions": TEAMS;
    "team_member_rpm_limit": TEAMS;
    "team_member_tpm_limit": TEAMS;
    "temp_budget_expiry": &["team_member_update"];
    "temp_budget_increase": &["team_member_update"];
    "tpd_limit": USERS, TEAMS, BUDGETS;
    "tpm_limit": &["team_member_update"];
    "tpm_limit_type": TEAMS;
    "user_alias": &["user_update"];
}

/// Whether `operation` would drop the field called `name`.
pub(super) fn is_unkept(operation: &str, name: &str) -> bool {
    let found = UNKEPT.binary_search_by(|(field, _)| (*field).cmp(name)).ok();
    found.and_then(|at| UNKEPT.get(at)).is_some_and(|(_, groups)| is_in(groups, operation))
}

/// What `operation` would drop.
pub(super) fn of(operation: &str) -> impl Iterator<Item = &'static str> {
    UNKEPT.iter().filter(move |(_, groups)| is_in(groups, operation)).map(|(field, _)| *field)
}

fn is_in(groups: &[&[&str]], operation: &str) -> bool {
    groups.iter().any(|operations| operations.contains(&operation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::ROUTES;
    use crate::types::Kind;

    #[test]
    fn every_field_is_found() {
        assert!(NAMES.is_sorted());
        for (field, groups) in UNKEPT {
            assert!(
                groups.iter().flat_map(|operations| *operations).all(|operation| is_unkept(operation, field))
            );
        }
        assert!(!is_unkept("key_generate", "nothing") && !is_unkept("key_info", "key_type"));
    }

    /// A line that names no operation, or a field that is stored, refuses nothing or too much.
    #[test]
    fn every_line_names_operations_that_do_not_know_the_field() {
        for (field, groups) in UNKEPT {
            for operation in groups.iter().copied().flatten() {
                let mut routes = ROUTES.iter().filter(|route| route.operation == *operation);
                let body = routes.next().and_then(|route| route.body).expect("an operation with a body");
                let Kind::Model(name, fields) = body.kind else { panic!("{operation} reads no model") };
                assert!(fields().iter().all(|known| known.name != *field), "{name} has `{field}`");
            }
        }
    }
}
