//! How a team and its memberships print in answers.

use super::members::members;
use crate::deviations::Hole;
use crate::operations::cut;
use crate::operations::record;
use crate::settings::Settings;
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{Budget, Millis, Team, TeamMembership, TeamModels};

/// A moment without a zone, as PostgreSQL's `json_agg` prints it.
pub(crate) fn naive(moment: Millis) -> String {
    iso_z(moment).trim_end_matches('Z').to_owned()
}

/// A team as LiteLLM's own model prints; `zone` is how the endpoint writes UTC.
pub(crate) fn table(
    settings: &Settings,
    team: &Team,
    models: Option<&TeamModels>,
    zone: fn(Millis) -> String,
) -> Json {
    let mut shown = dict! {
        "team_alias" => team.team_alias.clone(),
        "team_id" => team.team_id.clone(),
        "organization_id" => team.organization_id.clone(),
        "admins" => team.admins.clone(),
        "members" => team.members.clone(),
        "members_with_roles" => members(team).iter().map(super::members::TeamMember::to_json).collect::<Vec<_>>(),
        "metadata" => team.metadata.value(),
        "tpm_limit" => team.tpm_limit,
        "rpm_limit" => team.rpm_limit,
        "max_budget" => team.max_budget,
        "budget_duration" => team.budget_duration.clone(),
        "models" => team.models.clone(),
        "blocked" => team.blocked,
        "spend" => team.spend,
        "max_parallel_requests" => team.max_parallel_requests,
        "budget_reset_at" => team.budget_reset_at.map(zone),
        "model_id" => team.model_id,
        "litellm_model_table" => models.map(|models| dict! {
            "model_aliases" => models.aliases.as_ref().map(JsonText::value),
            "created_by" => models.created_by.clone(),
            "updated_by" => models.updated_by.clone(),
        }),
        "created_at" => zone(team.created_at),
    };
    if settings.closes(Hole::fields_of_today_are_kept) {
        shown.set("model_max_budget", (&team.model_max_budget).into());
        shown.set("model_spend", (&team.model_spend).into());
        shown.set("updated_at", zone(team.updated_at).into());
        shown.set("object_permission", Json::Null);
        record::add_recent(settings, &mut shown, team, zone);
    }
    cut::mark(&mut shown, team);
    shown
}

/// A team as Prisma's rows print, with the model aliases where the endpoint fetches them.
pub(crate) fn record(settings: &Settings, team: &Team, models: Option<&TeamModels>) -> Json {
    let mut shown = record::record(settings, team, iso_z);
    record::without_relations(&mut shown, &["litellm_organization_table"]);
    if settings.closes(Hole::fields_of_today_are_kept) {
        record::without_relations(&mut shown, &["object_permission", "projects"]);
    }
    let models = models.map(|models| {
        dict! {
            "id" => models.id,
            "model_aliases" => models.aliases.as_ref().map(JsonText::value),
            "created_at" => iso_z(models.created_at),
            "created_by" => models.created_by.clone(),
            "updated_at" => iso_z(models.updated_at),
            "updated_by" => models.updated_by.clone(),
            "team" => Json::Null,
        }
    });
    shown.set("litellm_model_table", models.into());
    shown
}

/// A membership with its budget.
pub(crate) fn membership(settings: &Settings, membership: &TeamMembership, budget: Option<&Budget>) -> Json {
    let mut shown = dict! {
        "user_id" => membership.user_id.clone(),
        "team_id" => membership.team_id.clone(),
        "budget_id" => membership.budget_id.clone(),
        "litellm_budget_table" => budget.map(|budget| limits(settings, budget)),
    };
    if settings.closes(Hole::fields_of_today_are_kept) {
        shown.set("spend", membership.spend.into());
    }
    shown
}

/// The limits of a budget.
fn limits(settings: &Settings, budget: &Budget) -> Json {
    let mut shown = dict! {
        "soft_budget" => budget.soft_budget,
        "max_budget" => budget.max_budget,
        "max_parallel_requests" => budget.max_parallel_requests,
        "tpm_limit" => budget.tpm_limit,
        "rpm_limit" => budget.rpm_limit,
        "model_max_budget" => budget.model_max_budget.as_ref().map(JsonText::value),
        "budget_duration" => budget.budget_duration.clone(),
    };
    if settings.closes(Hole::fields_of_today_are_kept) {
        shown.set("budget_id", budget.budget_id.clone().into());
        shown.set("budget_reset_at", budget.budget_reset_at.map(iso_z).into());
        shown.set("created_at", iso_z(budget.created_at).into());
    }
    record::add_recent(settings, &mut shown, budget, iso_z);
    shown
}
