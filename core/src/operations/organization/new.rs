//! `POST /organization/new`: makes an organization, and its budget unless it gets one that is there.

use super::access::{available, forbidden};
use super::limits;
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::fields::{self, at};
use crate::operations::lookup;
use crate::operations::team::member_budget;
use crate::rules::unknown_budget;
use crate::types::NewOrganizationRequest;
use crate::verdict::Passed;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Organization, fit, storable};

/// Stores the organization.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    if !caller.is_proxy_admin() {
        return Err(
            forbidden("user_role", messages::only_admins_make_organizations(caller.role_text())).into()
        );
    }
    available(cx)?;
    let asked: NewOrganizationRequest = request.model()?;
    let mut values = fields::without_null(fields::effective(&asked));
    let mut changes = Changes::default();
    fields::judge_amounts(cx, &values)?;
    models(cx, caller, asked.models.value().map(Vec::as_slice).unwrap_or_default())?;
    let id = asked.organization_id.text().map_or_else(|| cx.uuid(), str::to_owned);
    storable::plain("organization_id", &id)?;
    if lookup::row::<Organization>(cx, "organization_id", &id)?.is_some() {
        let message = format!("organization id `{id}` exists already");
        let refusal = Refusal::error(Code::IdTaken, 400, Kind::BadRequestError, "organization_id", message);
        cx.judge("organization_id_new", Err(refusal.on("organization_id")))?;
    }
    let limits = limits::columns(cx, &mut values, &asked.limits)?;
    let budget = budget(cx, caller, asked.budget_id.text(), &limits, &mut changes)?;
    let metadata = limits::metadata(&mut values).unwrap_or_else(Json::empty_dict);
    let columns = dict! {
        "organization_id" => id.clone(),
        "organization_alias" => at(&values, "organization_alias").clone(),
        "budget_id" => budget.budget_id.clone(),
        "metadata" => metadata,
        "models" => at(&values, "models").clone(),
        "model_spend" => Json::empty_dict(),
    };
    let organization: Organization = fit::row(&member_budget::made(cx, caller.actor(), columns))?;
    changes.insert(&organization);
    changes.event("organization_created", &id);
    let shown = view::limits(cx.settings, &budget);
    Ok(changes.answer(view::table(cx.settings, &organization, Some(shown))))
}

/// The budget that is named, which limits all that have it, or a new one with these limits.
fn budget(
    cx: &Context<'_>,
    caller: &Caller,
    named: Option<&str>,
    limits: &Json,
    changes: &mut Changes,
) -> Result<Budget, Halt> {
    let Some(budget_id) = named else {
        let budget = member_budget::own(cx, None, limits, caller.actor())?;
        changes.insert(&budget);
        return Ok(budget);
    };
    if cx.closes(Hole::limits_of_other_requests_are_refused) {
        // LiteLLM drops them
        let objections = limits.as_dict().unwrap_or_default().iter().map(|(name, _)| {
            let message = format!("`{name}` has no effect beside `budget_id`: leave one of them out");
            Refusal::error(Code::RequestUnsupported, 400, Kind::BadRequestError, &**name, message).on(name)
        });
        cx.judge("one_budget", Refusal::all(objections).map(|()| Passed::Allowed))?;
    }
    let Some(budget) = lookup::row::<Budget>(cx, "budget_id", budget_id)? else {
        return Err(unknown_budget(budget_id).into());
    };
    changes.rely_on(&budget);
    Ok(budget)
}

/// A caller whose key has a list of models gives an organization no others.
fn models(cx: &Context<'_>, caller: &Caller, asked: &[String]) -> Result<(), Refusal> {
    let own = caller.key.as_ref().map(|key| key.models.as_slice()).unwrap_or_default();
    if own.is_empty() {
        return Ok(());
    }
    let message = match asked.iter().find(|model| !own.contains(model)) {
        _ if asked.is_empty() => messages::ORGANIZATION_GETS_ALL_MODELS.to_owned(),
        Some(model) => messages::model_not_available(model),
        None => return Ok(()),
    };
    let refusal = Refusal::http(Code::ModelForbidden, 400, dict! { "error" => message });
    cx.judge("models_of_caller", Err(refusal.on("models")))
}
