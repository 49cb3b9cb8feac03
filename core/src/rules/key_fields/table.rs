//! The table of a key's fields.

use super::looser::{
    is_left, is_loosened, is_more, is_raised, is_raised_in_a_window, is_renamed, is_rerouted, is_widened,
};
use super::{Home, INCREASE, KeyField, Preset, SERVICE_ACCOUNT, exceeds, field, models};
use crate::deviations::Hole;

/// The fields; bounds are judged in this order, as the reference does.
pub(crate) const KEY_FIELDS: &[KeyField] = &[
    field("key", Home::Request),
    field("send_invite_email", Home::Request),
    field("key_alias", Home::Column),
    field("user_id", Home::Column).preset(Preset::WhenNull),
    field("team_id", Home::Column).preset(Preset::WhenNull),
    field("duration", Home::Expiry).bounded().preset(Preset::InStrict).hands_on(exceeds::expiry),
    field("max_budget", Home::Column)
        .amount()
        .bounded()
        .preset(Preset::WhenNull)
        .limit(|old, new, _| is_raised(old.max_budget, new.max_budget))
        .hands_on(exceeds::max_budget),
    field("soft_budget", Home::Request).amount(),
    field("spend", Home::Column).amount(),
    field("max_parallel_requests", Home::Column)
        .amount()
        .bounded()
        .preset(Preset::WhenNull)
        .limit(|old, new, _| is_raised(old.max_parallel_requests, new.max_parallel_requests)),
    field("tpm_limit", Home::Column)
        .amount()
        .bounded()
        .preset(Preset::WhenNull)
        .limit(|old, new, _| is_raised(old.tpm_limit, new.tpm_limit)),
    field("rpm_limit", Home::Column)
        .amount()
        .bounded()
        .preset(Preset::WhenNull)
        .limit(|old, new, _| is_raised(old.rpm_limit, new.rpm_limit)),
    field("budget_id", Home::Column)
        .for_admins(Hole::attached_budgets_are_bounded)
        .limit(|old, new, _| old.budget_id != new.budget_id)
        .hands_on_anything(),
    field("budget_duration", Home::Column)
        .bounded()
        .preset(Preset::WhenNull)
        .limit(exceeds::renews_sooner)
        .hands_on(exceeds::budget_duration),
    field("blocked", Home::Column),
    field("permissions", Home::Column).for_admins(Hole::permissions_need_an_admin),
    // a key with a configuration of its own calls every model
    field("config", Home::Column)
        .for_admins(Hole::configurations_need_an_admin)
        .limit(|old, new, _| old.config.value() != new.config.value())
        .hands_on(exceeds::config),
    field("models", Home::Column)
        .preset(Preset::WhenEmpty)
        .limit(|old, new, _| is_widened(&old.models, &new.models))
        .hands_on(models::exceed),
    field("allowed_cache_controls", Home::Column)
        .limit(|old, new, _| is_widened(&old.allowed_cache_controls, &new.allowed_cache_controls)),
    field("aliases", Home::Column)
        .limit(|old, new, _| is_renamed(&old.aliases.value(), &new.aliases.value()))
        .hands_on(exceeds::aliases),
    field("model_max_budget", Home::Column)
        .limit(|old, new, _| is_loosened(&old.model_max_budget.value(), &new.model_max_budget.value()))
        .hands_on(exceeds::model_max_budget),
    field("metadata", Home::Column).preset(Preset::WhenEmpty),
    field("key_type", Home::Column),
    field("allowed_routes", Home::Column).for_admins(Hole::routes_of_keys_come_from_admins),
    field("organization_id", Home::Column)
        .limit(|old, new, _| is_left(old.organization_id.as_ref(), new.organization_id.as_ref())),
    field("project_id", Home::Column)
        .limit(|old, new, _| is_left(old.project_id.as_ref(), new.project_id.as_ref())),
    field("agent_id", Home::Column),
    field("object_permission", Home::Request).for_admins(Hole::object_permissions_come_from_admins),
    field("object_permission_id", Home::Column)
        .limit(|old, new, _| is_left(old.object_permission_id.as_ref(), new.object_permission_id.as_ref())),
    field("tpd_limit", Home::Column).amount().limit(|old, new, _| is_raised(old.tpd_limit, new.tpd_limit)),
    field("budget_limits", Home::Column)
        .limit(|old, new, _| is_raised_in_a_window(old.budget_limits.as_ref(), new.budget_limits.as_ref())),
    field("budget_fallbacks", Home::Column)
        .limit(|old, new, _| is_renamed(&old.budget_fallbacks.value(), &new.budget_fallbacks.value()))
        .hands_on(exceeds::budget_fallbacks),
    field("access_group_ids", Home::Column)
        .limit(|old, new, _| is_more(&old.access_group_ids, &new.access_group_ids))
        .hands_on(exceeds::access_groups),
    field("router_settings", Home::Column)
        .limit(|old, new, _| is_rerouted(old.router_settings.as_ref(), new.router_settings.as_ref()))
        .hands_on(exceeds::router_settings),
    field("auto_rotate", Home::Column),
    field("rotation_interval", Home::Column),
    field("model_rpm_limit", Home::Metadata).amounts_by_model().names().limits(),
    field("model_tpm_limit", Home::Metadata).amounts_by_model().names().limits(),
    field("tag_rpm_limit", Home::Metadata).limits(),
    field("tag_tpm_limit", Home::Metadata).limits(),
    field("mcp_rpm_limit", Home::Metadata).limits(),
    field("mcp_tpm_limit", Home::Metadata).limits(),
    field("model_itpm_limit", Home::Metadata).limits(),
    field("model_otpm_limit", Home::Metadata).limits(),
    field("max_iterations", Home::Metadata).limits(),
    field("rpm_limit_type", Home::Metadata),
    field("tpm_limit_type", Home::Metadata),
    field("end_user_budget_id", Home::Metadata).for_admins(Hole::reserved_metadata_is_for_admins),
    field("default_estimated_output_tokens", Home::Metadata)
        .for_admins(Hole::reserved_metadata_is_for_admins)
        .amount(),
    field("default_estimated_output_tokens_per_model", Home::Metadata)
        .for_admins(Hole::reserved_metadata_is_for_admins)
        .amounts_by_model(),
    field("disable_global_guardrails", Home::Metadata).for_admins(Hole::reserved_metadata_is_for_admins),
    field("enable_prompt_caching", Home::Metadata),
    field("throttle_on_budget_exceeded", Home::Metadata).for_admins(Hole::reserved_metadata_is_for_admins),
    field("allowed_passthrough_routes", Home::Metadata).for_admins(Hole::reserved_metadata_is_for_admins),
    field("allowed_tools", Home::Metadata).allows(),
    field("allowed_vector_store_indexes", Home::Metadata).allows(),
    field("guardrails", Home::Metadata).names().limits(),
    field("policies", Home::Metadata).names().limits(),
    field("enforced_params", Home::Metadata).names().limits(),
    field("denied_passthrough_routes", Home::Metadata)
        .for_admins(Hole::reserved_metadata_is_for_admins)
        .limits(),
    field("enforced_batch_output_expires_after", Home::Metadata).limits(),
    field("enforced_file_expires_after", Home::Metadata).limits(),
    field("logging", Home::Metadata).limits().private(),
    field("prompts", Home::Metadata).allows(),
    field("require_trace_id", Home::Metadata).limits(),
    field("secret_manager_settings", Home::Metadata).limits().private(),
    field("zguard_policy_id", Home::Metadata).limits(),
    field(SERVICE_ACCOUNT, Home::Metadata).limits(),
    field("tags", Home::Metadata).names().booked(),
    field(INCREASE, Home::Metadata).amount().increases(),
    field("temp_budget_expiry", Home::Metadata).increases(),
];
