//! How a user prints in answers.

use crate::context::Context;
use crate::deviations::Hole;
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::User;

/// A user as Prisma's rows print, relations included. In strict it never has the password's hash.
pub(super) fn record(cx: &Context<'_>, user: &User) -> Json {
    dict! {
        "user_id" => user.user_id.clone(),
        "user_alias" => user.user_alias.clone(),
        "team_id" => user.team_id.clone(),
        "sso_user_id" => user.sso_user_id.clone(),
        "organization_id" => user.organization_id.clone(),
        "password" => user.password.clone().filter(|_| !cx.closes(Hole::passwords_are_hashed)),
        "teams" => user.teams.clone(),
        "user_role" => user.user_role.clone(),
        "max_budget" => user.max_budget,
        "spend" => user.spend,
        "user_email" => user.user_email.clone(),
        "models" => user.models.clone(),
        "metadata" => user.metadata.value(),
        "max_parallel_requests" => user.max_parallel_requests,
        "tpm_limit" => user.tpm_limit,
        "rpm_limit" => user.rpm_limit,
        "budget_duration" => user.budget_duration.clone(),
        "budget_reset_at" => user.budget_reset_at.map(iso_z),
        "allowed_cache_controls" => user.allowed_cache_controls.clone(),
        "model_spend" => user.model_spend.value(),
        "model_max_budget" => user.model_max_budget.value(),
        "created_at" => user.created_at.map(iso_z),
        "updated_at" => user.updated_at.map(iso_z),
        "litellm_organization_table" => Json::Null,
        "organization_memberships" => Json::Null,
        "invitations_created" => Json::Null,
        "invitations_updated" => Json::Null,
        "invitations_user" => Json::Null,
    }
}

/// A user by what names them.
pub(super) fn named(user: &User) -> Json {
    dict! { "user_id" => user.user_id.clone(), "user_email" => user.user_email.clone() }
}

/// A user as `/team/member_add` prints those who joined.
pub(super) fn joined(user: &User) -> Json {
    dict! {
        "user_id" => user.user_id.clone(),
        "max_budget" => user.max_budget,
        "spend" => user.spend,
        "model_max_budget" => user.model_max_budget.value(),
        "model_spend" => user.model_spend.value(),
        "user_email" => user.user_email.clone(),
        "models" => user.models.clone(),
        "tpm_limit" => user.tpm_limit,
        "rpm_limit" => user.rpm_limit,
        "user_role" => user.user_role.clone(),
        "organization_memberships" => Json::Null,
        "teams" => user.teams.clone(),
        "sso_user_id" => user.sso_user_id.clone(),
    }
}
