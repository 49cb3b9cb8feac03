//! `PATCH /organization/update`: changes an organization and its budget.

use super::access::{available, find, unknown};
use super::member_update::is_there;
use super::{limits, shown};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::budget;
use crate::operations::changes::Changes;
use crate::operations::fields::{self, at, take};
use crate::operations::lookup;
use crate::operations::team::member_budget;
use crate::rules::unknown_budget;
use crate::types::{Field, UpdateOrganizationRequest};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Organization, VirtualKey, fit};

/// Changes what the request mentions: `null` takes a limit away and changes nothing else.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    if !caller.is_proxy_admin() {
        let message = messages::role_forbidden(caller.role_text(), "/organization/update");
        return Err(Refusal::http(Code::RouteForbidden, 403, message).into());
    }
    available(cx)?;
    let asked: UpdateOrganizationRequest = request.model()?;
    let mut values = fields::mentioned(&asked);
    let of_form = take(&mut values, "litellm_budget_table");
    for (name, value) in of_form.as_dict().unwrap_or_default() {
        values.set(name.clone(), value.clone());
    }
    fields::judge_amounts(cx, &values)?;
    let Some(id) = asked.organization_id.text() else {
        let message = dict! { "error" => messages::ORGANIZATION_ID_REQUIRED };
        return Err(Refusal::http(Code::RequestInvalid, 400, message).on("organization_id").into());
    };
    let Some(organization) = find(cx, id)? else {
        return Err(unknown(404, messages::organization_not_found(id)).into());
    };
    keeps_its_budget(cx, &organization, asked.budget_id.text())?;
    let of_form = asked.litellm_budget_table.value();
    let expires_in_form = of_form.filter(|limits| limits.temp_budget_expiry != Field::Absent);
    let limits = limits::columns(cx, &mut values, expires_in_form.unwrap_or(&asked.limits))?;
    let mut changes = Changes::default();
    let mut changed_budget = None;
    if limits.is_truthy() {
        let Some(budget) = lookup::row::<Budget>(cx, "budget_id", &organization.budget_id)? else {
            return Err(unknown_budget(&organization.budget_id).into());
        };
        // the bounds are those of keys
        let changed = match is_there::<VirtualKey>(cx, &budget.budget_id)? {
            true => budget::update::amended(cx, caller, &budget, limits)?,
            false => fit::amended(&budget, &member_budget::changed(cx, caller.actor(), limits))?,
        };
        changes.update(&budget, &changed);
        changed_budget = Some(changed);
    }
    let mut columns = Json::empty_dict();
    if let Some(added) = limits::metadata(&mut values) {
        columns.set("metadata", limits::merged(&organization.metadata.value(), &added));
    }
    for name in ["organization_alias", "models", "spend"] {
        if !at(&values, name).is_null() {
            columns.set(name, take(&mut values, name));
        }
    }
    let columns = member_budget::changed(cx, caller.actor(), columns);
    let changed: Organization = fit::amended(&organization, &columns)?;
    changes.update(&organization, &changed);
    changes.event("organization_updated", id);
    let shown = shown::changed(cx, caller, &changed, changed_budget)?;
    Ok(changes.answer(shown))
}

/// The budget of an organization stays; LiteLLM passes over another one.
fn keeps_its_budget(
    cx: &Context<'_>,
    organization: &Organization,
    asked: Option<&str>,
) -> Result<(), Refusal> {
    if asked.is_none_or(|id| id == organization.budget_id) {
        return Ok(());
    }
    let message = "`budget_id` cannot be changed: change the limits of the budget that there is";
    let refusal = Refusal::error(Code::RequestUnsupported, 400, Kind::BadRequestError, "budget_id", message);
    cx.judge("budget_stays", Err(refusal.on("budget_id")))
}
