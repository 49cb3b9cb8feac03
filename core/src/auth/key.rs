//! Whether a stored key may be used now: blocked, expired, over budget, or asking for what it may not.

use super::body::no_members;
use super::routes::unauthorized;
use super::{fallbacks, models, moment};
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText, Name, float_repr, write};
use latchkey_contract::mint;
use latchkey_contract::number::parse_float;
use latchkey_contract::order::Names;
use latchkey_contract::tables::{Budget, Team, User, VirtualKey};
use latchkey_contract::wire::CallerRows;

/// Runs the reference's checks in its order; as long as the body has not been read, only those that do not need it.
///
/// Where `is_free` no spent budget counts.
pub(super) fn usable(
    cx: &Context<'_>,
    rows: &CallerRows,
    sent: Option<&Json>,
    is_free: bool,
) -> Result<(), Halt> {
    let CallerRows { key, user, team, project, .. } = rows;
    let body = sent.unwrap_or(&Json::Null);
    let max_budget = max_budget(cx, rows)?;
    if key.blocked == Some(true) {
        let is_of_today = cx.closes(Hole::words_are_those_of_today);
        let message = if is_of_today { messages::BLOCKED_KEY } else { messages::KEY_BLOCKED };
        return Err(unauthorized(Code::KeyBlocked, message).into());
    }
    let deactivated = user.as_ref().filter(|user| is_deactivated(user));
    if let Some(user) = deactivated.filter(|_| cx.closes(Hole::deactivated_users_are_shut_out)) {
        let message = messages::user_deactivated(&user.user_id);
        return Err(unauthorized(Code::UserDeactivated, message).into());
    }
    let aliases = aliases(rows);
    key_models(cx, key, body, &aliases)?;
    if !is_free {
        member_budget(cx, rows)?;
    }
    not_expired(cx, key)?;
    if let Some(max_budget) = max_budget.filter(|max| key.spend >= *max && !is_free) {
        return Err(over(messages::budget_exceeded(&float_repr(key.spend), &float_repr(max_budget))).into());
    }
    if sent.is_some() {
        service_account(cx, key, body)?;
    }
    let model = body.get("model").unwrap_or(&Json::Null);
    if key.team_id.is_some() {
        team_usable(cx, team.as_ref(), model, is_free)?;
    } else if let Some(user) = user {
        if !cx.closes(Hole::wildcard_users_come_in) || !model.is_null() {
            models::Allowed::of(&user.models).judge(cx, model, &aliases)?;
        }
        if let Some(max_budget) = user.max_budget.filter(|max| *max < user.spend && !is_free) {
            let (spend, max_budget) = (float_repr(user.spend), float_repr(max_budget));
            return Err(over(messages::user_budget_exceeded(&user.user_id, &spend, &max_budget)).into());
        }
    }
    let blocked = project.as_ref().filter(|project| project.blocked);
    if let Some(project) = blocked.filter(|_| cx.closes(Hole::keys_of_blocked_projects_are_shut_out)) {
        let message = messages::project_blocked(&project.project_id);
        return Err(unauthorized(Code::ProjectBlocked, message).into());
    }
    Ok(guardrails(cx, team.as_ref(), body)?)
}

/// Whether the identity provider has deactivated the user.
fn is_deactivated(user: &User) -> bool {
    user.metadata.as_str().contains("scim_active")
        && user.metadata.value().get("scim_active") == Some(&Json::Bool(false))
}

fn over(message: String) -> Refusal {
    Refusal::error(Code::BudgetExceeded, 400, Kind::BudgetExceeded, Json::Null, message)
}

fn members(text: &JsonText) -> Vec<(Name, Json)> {
    match text.as_str() {
        "{}" => Vec::new(),
        _ => match text.value() {
            Json::Dict(members) => members,
            _ => Vec::new(),
        },
    }
}

/// The model aliases of the key, then those of its team.
fn aliases(rows: &CallerRows) -> Vec<(Name, Json)> {
    let mut aliases = members(&rows.key.aliases);
    let team = rows.team_models.as_ref().and_then(|models| models.aliases.as_ref());
    let of_team = team.map(members).unwrap_or_default();
    if !of_team.is_empty() {
        let names: Names<'_> = of_team.iter().map(|(alias, _)| &**alias).collect();
        aliases.retain(|(alias, _)| !names.contains(alias));
        aliases.extend(of_team);
    }
    aliases
}

/// What the key may spend: its budget row's amount before its own, and what was granted for a time on top.
fn max_budget(cx: &Context<'_>, rows: &CallerRows) -> Result<Option<f64>, Refusal> {
    let from_row = rows.budget.as_ref().and_then(|budget| budget.max_budget);
    let Some(max_budget) = from_row.or(rows.key.max_budget) else { return Ok(None) };
    match temporary_increase(cx, &rows.key) {
        Ok(increase) => {
            let bound = cx.settings.upper_bounds.as_ref().and_then(|bounds| bounds.max_budget);
            // a budget that has changed since does not carry the increase above the bound
            let bound = bound.filter(|_| cx.closes(Hole::temporary_budgets_are_bounded));
            let most = bound.map_or(f64::INFINITY, |bound| bound.max(max_budget));
            Ok(Some((max_budget + increase).min(most)))
        }
        Err(Unreadable) if cx.closes(Hole::temporary_budgets_have_zones) => Ok(Some(max_budget)),
        // the reference fails while it reads the key and reports that there is none
        Err(Unreadable) => Err(unauthorized(Code::KeyUnknown, messages::UNKNOWN_KEY)),
    }
}

/// The metadata of a temporary increase cannot be understood.
struct Unreadable;

fn temporary_increase(cx: &Context<'_>, key: &VirtualKey) -> Result<f64, Unreadable> {
    if !key.metadata.as_str().contains("temp_budget_increase") {
        return Ok(0.0);
    }
    let metadata = key.metadata.value();
    let (Some(increase), Some(expiry)) =
        (metadata.get("temp_budget_increase"), metadata.get("temp_budget_expiry"))
    else {
        return Ok(0.0);
    };
    let expiry = expiry.as_str().and_then(moment::read).ok_or(Unreadable)?;
    if expiry.has_zone() && !cx.closes(Hole::temporary_budgets_have_zones) {
        // Python compares no moment with a zone to one without
        return Err(Unreadable);
    }
    if !expiry.is_after(cx.now()) || !increase.is_truthy() {
        return Ok(0.0);
    }
    match increase {
        Json::Bool(_) => Ok(1.0),
        Json::Float(amount) => Ok(*amount),
        Json::Int(_) | Json::Big(_) => parse_float(&write(increase)).ok_or(Unreadable),
        _ => Err(Unreadable),
    }
}

/// Refuses models of the body that the key may not call, unless it has a configuration of its own or leaves the choice
/// to its team.
fn key_models(
    cx: &Context<'_>,
    key: &VirtualKey,
    body: &Json,
    aliases: &[(Name, Json)],
) -> Result<(), Refusal> {
    if !members(&key.config).is_empty() || key.models.iter().any(|name| name == "all-team-models") {
        return Ok(());
    }
    let named = |name: &str| body.get(name).filter(|value| !value.is_null());
    let (model, fallbacks) = (named("model"), named("fallbacks"));
    if model.is_none() && fallbacks.is_none() {
        return Ok(());
    }
    let allowed = models::Allowed::of(&key.models);
    if let Some(model) = model {
        allowed.judge(cx, model, aliases)?;
    }
    fallbacks.map_or(Ok(()), |fallbacks| fallbacks::may_call(cx, &allowed, fallbacks, aliases))
}

/// Refuses a member who has spent the own budget within the team.
fn member_budget(cx: &Context<'_>, rows: &CallerRows) -> Result<(), Halt> {
    let Some(membership) = &rows.membership else { return Ok(()) };
    let Some(budget_id) = membership.budget_id.as_deref().filter(|_| membership.spend > 0.0) else {
        return Ok(());
    };
    let budget = cx.row::<Budget>("budget_id", budget_id)?.and_then(|budget| budget.max_budget);
    match budget.filter(|max| *max > 0.0 && membership.spend > *max) {
        Some(max) => {
            Err(over(messages::budget_exceeded(&float_repr(membership.spend), &float_repr(max))).into())
        }
        None => Ok(()),
    }
}

/// Moments are kept to the millisecond and the reference counts microseconds: an equal one has passed.
fn not_expired(cx: &Context<'_>, key: &VirtualKey) -> Result<(), Refusal> {
    // whoever asks for the moment decides for that moment only
    let Some((expiry, now)) = key.expires.map(|expiry| (expiry, cx.now())) else { return Ok(()) };
    if expiry > now {
        return Ok(());
    }
    let message = messages::expired_key(&moment::printed(expiry), &moment::printed(now));
    if cx.closes(Hole::expired_keys_are_401) {
        return Err(Refusal::error(
            Code::KeyExpired,
            401,
            Kind::ExpiredKey,
            mint::key_name(&key.token),
            message,
        ));
    }
    Err(Refusal::error(Code::KeyExpired, 400, Kind::ExpiredKey, key.token.clone(), message))
}

/// Refuses a service account's request without the parameters that the operator wants of service accounts.
fn service_account(cx: &Context<'_>, key: &VirtualKey, body: &Json) -> Result<(), Refusal> {
    let wanted = &cx.settings.service_account_params;
    if wanted.is_empty() || !key.metadata.as_str().contains("service_account_id") {
        return Ok(());
    }
    let missing = wanted.iter().find(|param| body.get(param).is_none());
    match missing.filter(|_| key.metadata.value().get("service_account_id").is_some()) {
        Some(param) => Err(Refusal::error(
            Code::ParamRequired,
            400,
            Kind::BadRequestError,
            param.as_str(),
            messages::service_account_param(param),
        )),
        None => Ok(()),
    }
}

fn team_usable(cx: &Context<'_>, team: Option<&Team>, model: &Json, is_free: bool) -> Result<(), Refusal> {
    let Some(team) = team else { return Ok(()) };
    if team.blocked {
        let message =
            if cx.closes(Hole::refusals_fit) { messages::team_is_blocked } else { messages::team_blocked };
        return Err(unauthorized(Code::TeamBlocked, message(&team.team_id)));
    }
    models::team_may_call(cx, team, model)?;
    match team.max_budget.filter(|max| team.spend > *max && !is_free) {
        Some(max) => {
            let (spend, max) = (float_repr(team.spend), float_repr(max));
            Err(over(messages::team_budget_exceeded(&team.team_id, &spend, &max)))
        }
        None => Ok(()),
    }
}

/// Refuses a choice of guardrails where the team may not choose.
fn guardrails(cx: &Context<'_>, team: Option<&Team>, body: &Json) -> Result<(), Refusal> {
    let Some(metadata) = body.get("metadata").filter(|metadata| metadata.is_truthy()) else { return Ok(()) };
    if metadata.as_dict().is_none() && !cx.closes(Hole::bodies_are_judged_by_operations) {
        return Err(no_members(metadata));
    }
    let chosen = metadata.get("guardrails").is_some_and(Json::is_truthy);
    let fixed = |team: &Team| {
        let metadata = team.metadata.value();
        metadata.get("guardrails").and_then(|rails| rails.get("modify_guardrails"))
            == Some(&Json::Bool(false))
    };
    if chosen && team.is_some_and(fixed) {
        let message = dict! { "error" => messages::GUARDRAILS_FIXED };
        return Err(Refusal::http(Code::GuardrailsFixed, 403, message));
    }
    Ok(())
}
