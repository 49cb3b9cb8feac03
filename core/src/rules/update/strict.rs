//! What profile strict judges on a change, in its order.

use super::{ChangeRule, KeyChange, bounds, litellm, owner, owner_limits, ownership, required, team_move};
use crate::error::{Code, Kind, Refusal, messages};
use crate::rules::{
    Known, Passed, Verdict, amounts, budget_bounds, budget_known, caller_limits, key_count,
    member_permissions, model_access_groups, reserved_metadata, service_account, sizes,
};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, write};

/// The rules on a change in profile `strict`.
pub const UPDATE_STRICT: &[ChangeRule] = rules![
    ChangeRule:
    ownership::manage as "manage_key" closes keys_are_changed_by_their_own,
    member_permissions::change as "member_permissions" closes members_need_their_teams_permission,
    sizes::asked_of_change as "sizes_asked" closes columns_are_bounded,
    finite as "amounts" closes changed_amounts_are_judged,
    team_move::team_exists as "team_known" closes changed_keys_have_known_teams,
    team_move::own_team as "own_team" closes keys_leave_teams_as_new_ones,
    ownership::own_user as "own_user" closes keys_keep_an_owner,
    ownership::assigned_user as "assigned_user" closes changed_keys_have_known_teams,
    groups as "model_access_groups",
    permissions as "permissions" closes permissions_need_an_admin,
    config as "config" closes configurations_need_an_admin,
    budget_admin as "budget_admin" closes attached_budgets_are_bounded,
    spend_routes as "spend_routes" closes licences_hold_for_changes,
    tags as "tags" closes licences_hold_for_changes,
    unsupported as "unsupported" closes limits_of_other_requests_are_refused,
    bounds::apply as "upper_bounds" closes bounds_hold_for_changes,
    litellm::columns as "changes",
    reserved_metadata::change as "reserved_metadata" closes reserved_metadata_is_for_admins,
    service_account::change as "service_account" closes service_accounts_are_of_teams,
    bounds::temporary_budget as "temporary_budget" closes bounds_hold_for_changes,
    sizes::change as "sizes" closes columns_are_bounded,
    litellm::stored as "storable",
    member_permissions::moved_duration as "member_key_duration" closes keys_of_members_end_in_time,
    required::kept as "required_params" closes required_params_hold_for_changes,
    owner::not_moved as "owner_moves_nothing" closes owners_loosen_nothing,
    owner::not_unblocked as "owner_unblocks_nothing" closes owners_loosen_nothing,
    owner::not_revived as "owner_revives_nothing" closes owners_loosen_nothing,
    owner::spend_kept as "owner_keeps_spend" closes owners_loosen_nothing,
    owner_limits::apply as "owner_keeps_limits" closes owners_loosen_nothing,
    caller_limits::change as "caller_limits" closes keys_hand_on_their_limits,
    key_count::change as "key_count" closes keys_are_counted,
    litellm::alias as "alias_unique",
    budget as "budget_known",
    budget_bounds as "budget_bounds" closes attached_budgets_are_bounded,
];

/// Amounts and limits are finite and not negative, those of one model not zero either.
fn finite(change: &mut KeyChange<'_>) -> Verdict {
    amounts::judge_all(|name| change.get(name))
}

fn groups(change: &mut KeyChange<'_>) -> Verdict {
    let Some(models) = change.get("models").and_then(Json::as_list) else {
        return Ok(Passed::NotApplicable);
    };
    model_access_groups::may_grant(change.settings, models).map(|()| Passed::Allowed)
}

/// Only a proxy admin hands out permissions.
fn permissions(change: &mut KeyChange<'_>) -> Verdict {
    for_admins(change, "permissions", &change.key.permissions.value())
}

/// Only a proxy admin gives a key a configuration of its own.
fn config(change: &mut KeyChange<'_>) -> Verdict {
    for_admins(change, "config", &change.key.config.value())
}

fn for_admins(change: &KeyChange<'_>, field: &str, stored: &Json) -> Verdict {
    let Some(asked) = change.get(field) else { return Ok(Passed::NotApplicable) };
    if change.caller.is_proxy_admin() || asked == stored {
        return Ok(Passed::Allowed);
    }
    let message = format!("only a proxy admin can set `{field}`");
    Err(Refusal::error(Code::AdminField, 403, Kind::AuthError, field, message).on(field))
}

/// Only a proxy admin gives a key to another budget.
fn budget_admin(change: &mut KeyChange<'_>) -> Verdict {
    match change.request.get("budget_id") {
        Some(asked) if change.key.budget_id.as_deref() != asked.as_str() => {
            // no other rule mentions it then
            budget_bounds::may_attach(change.caller).inspect_err(|_| change.budget = Known::Unknown)
        }
        _ => Ok(Passed::NotApplicable),
    }
}

/// The permission that opens the spending reports needs a licence.
fn spend_routes(change: &mut KeyChange<'_>) -> Verdict {
    let Some(asked) = change.get("permissions") else { return Ok(Passed::NotApplicable) };
    if change.settings.premium_user || !write(asked).contains("get_spend_routes") {
        return Ok(Passed::Allowed);
    }
    let message = dict! { "error" => messages::SPEND_ROUTES_NOT_PREMIUM };
    Err(Refusal::http(Code::LicenceRequired, 400, message).on("permissions"))
}

/// Tags need a licence.
fn tags(change: &mut KeyChange<'_>) -> Verdict {
    if change.get("tags").is_none() {
        return Ok(Passed::NotApplicable);
    }
    if change.settings.premium_user {
        return Ok(Passed::Allowed);
    }
    Err(Refusal::raised(Code::LicenceRequired, messages::tags_not_premium()).on("tags"))
}

/// A soft budget is a budget of its own: it comes with a new key and changes with `/budget/update`.
fn unsupported(change: &mut KeyChange<'_>) -> Verdict {
    if change.get("soft_budget").is_none() {
        return Ok(Passed::NotApplicable);
    }
    let message = "`soft_budget` cannot be changed here, use `/budget/update`";
    Err(Refusal::raised(Code::RequestUnsupported, message).on("soft_budget"))
}

fn budget(change: &mut KeyChange<'_>) -> Verdict {
    let budget_id = change.text("budget_id").unwrap_or_default().to_owned();
    litellm::budget(change).map_err(|_| budget_known::unknown(&budget_id))
}

fn budget_bounds(change: &mut KeyChange<'_>) -> Verdict {
    match change.budget {
        Known::Present(budget) if change.text("budget_id").is_some() => {
            budget_bounds::judge(change.settings, change.now, budget)
        }
        _ => Ok(Passed::NotApplicable),
    }
}
