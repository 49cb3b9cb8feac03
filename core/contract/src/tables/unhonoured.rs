//! Columns of LiteLLM's that limit what a key, a team, a budget or a user may do and that no rule here knows.

/// Each with what it says. LiteLLM goes on by them where it serves models; here they are neither shown nor handed on to what is
/// made with a key.
pub const UNHONOURED: &[(&str, &str)] = &[
    ("LiteLLM_UserTable.password_reset_required", "users who must choose another password"),
    ("LiteLLM_ProjectTable.object_permission_id", "servers, agents and stores that a project may use"),
];
