//! What profile strict judges on a change, in its order.

use super::{ChangeRule, KeyChange, bounds, litellm, owner, owner_limits, ownership, required, team_move};
use crate::dict;
use crate::error::{Code, Kind, Refusal, messages};
use crate::json::{Json, write};
use crate::rules::{
    Known, Passed, Verdict, amounts, budget_bounds, budget_known, caller_limits, key_count,
    member_permissions, model_access_groups, reserved_metadata, service_account, sizes,
};

/// The rules on a change in profile `strict`.
pub const UPDATE_STRICT: &[ChangeRule] = &[
    ChangeRule { name: "manage_key", apply: ownership::manage },
    ChangeRule { name: "member_permissions", apply: member_permissions::change },
    ChangeRule { name: "sizes_asked", apply: sizes::asked_of_change },
    ChangeRule { name: "amounts", apply: finite },
    ChangeRule { name: "team_known", apply: team_move::team_exists },
    ChangeRule { name: "own_team", apply: team_move::own_team },
    ChangeRule { name: "own_user", apply: ownership::own_user },
    ChangeRule { name: "assigned_user", apply: ownership::assigned_user },
    ChangeRule { name: "model_access_groups", apply: groups },
    ChangeRule { name: "permissions", apply: permissions },
    ChangeRule { name: "config", apply: config },
    ChangeRule { name: "budget_admin", apply: budget_admin },
    ChangeRule { name: "spend_routes", apply: spend_routes },
    ChangeRule { name: "tags", apply: tags },
    ChangeRule { name: "unsupported", apply: unsupported },
    ChangeRule { name: "upper_bounds", apply: bounds::apply },
    ChangeRule { name: "changes", apply: litellm::columns },
    ChangeRule { name: "reserved_metadata", apply: reserved_metadata::change },
    ChangeRule { name: "service_account", apply: service_account::change },
    ChangeRule { name: "temporary_budget", apply: bounds::temporary_budget },
    ChangeRule { name: "sizes", apply: sizes::change },
    ChangeRule { name: "storable", apply: litellm::stored },
    ChangeRule { name: "member_key_duration", apply: member_permissions::moved_duration },
    ChangeRule { name: "required_params", apply: required::kept },
    ChangeRule { name: "owner_moves_nothing", apply: owner::not_moved },
    ChangeRule { name: "owner_unblocks_nothing", apply: owner::not_unblocked },
    ChangeRule { name: "owner_revives_nothing", apply: owner::not_revived },
    ChangeRule { name: "owner_keeps_spend", apply: owner::spend_kept },
    ChangeRule { name: "owner_keeps_limits", apply: owner_limits::apply },
    ChangeRule { name: "caller_limits", apply: caller_limits::change },
    ChangeRule { name: "key_count", apply: key_count::change },
    ChangeRule { name: "alias_unique", apply: litellm::alias },
    ChangeRule { name: "budget_known", apply: budget },
    ChangeRule { name: "budget_bounds", apply: budget_bounds },
];

/// Amounts and limits are finite and not negative, those of one model not zero either.
fn finite(change: &mut KeyChange<'_>) -> Verdict {
    const FIELDS: &[&str] = &[
        "max_budget",
        "soft_budget",
        "spend",
        "max_parallel_requests",
        "tpm_limit",
        "rpm_limit",
        "temp_budget_increase",
    ];
    let plain = FIELDS.iter().filter_map(|name| amounts::judge(name, change.get(name)?).err());
    let by_model =
        amounts::BY_MODEL.into_iter().flat_map(|name| amounts::judge_models(name, change.get(name)));
    let noted = amounts::judge_metadata(change.get("metadata"));
    Refusal::all(plain.chain(by_model).chain(noted)).map(|()| Passed::Allowed)
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
            // no other rule tells of it then
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
