//! What LiteLLM 1.109 stores and this server does not: a caller who sent it would believe in limits that were never stored.

/// The operation that changes a user, of which LiteLLM stores no fields of keys.
const USER: &[&str] = &["user_update"];

/// The operations that change a team.
const TEAM: &[&str] = &["team_update", "team_patch"];

/// The operations that make and change an organization.
const ORGANIZATION: &[&str] = &["organization_new", "organization_update"];

macro_rules! unkept {
    ($($name:literal: $($operations:expr),+;)+) => {
        /// Each field with the operations that would drop it, by name.
        const UNKEPT: &[(&str, &[&[&str]])] = &[$(($name, &[$($operations),+])),+];

        /// The fields alone.
        pub(super) const NAMES: &[&str] = &[$($name),+];
    };
}

unkept! {
    "agent_id": USER;
    "budget_fallbacks": USER;
    "budget_limits": USER;
    "new_master_key": &["key_regenerate"];
    "object_permission": ORGANIZATION;
    "prompts": USER;
    "rpm_limit_type": TEAM;
    "sso_user_id": USER;
    "team_member_permissions": TEAM;
    "tpd_limit": USER, &["user_new"];
    "tpm_limit_type": TEAM;
    "updated_by": &["organization_update"];
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
