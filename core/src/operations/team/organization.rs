//! The organization of a team: that it exists, and what it binds its teams to. Profile `litellm-1.60` knows none.

use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::operations::changes::Changes;
use crate::operations::fields::at;
use crate::operations::lookup;
use crate::rules::OrganizationBounds;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Organization, Team};

/// The organization with this id, with its budget.
pub(crate) fn with_id(cx: &Context<'_>, id: &str) -> Result<Option<OrganizationBounds>, Halt> {
    let found = lookup::row::<Organization>(cx, "organization_id", id)?;
    let Some(organization) = found.filter(|_| cx.closes(Hole::organizations_that_exist_are_taken)) else {
        return Ok(None);
    };
    let budget = lookup::row(cx, "budget_id", &organization.budget_id)?;
    Ok(Some(OrganizationBounds { organization, budget }))
}

/// The organization that a new row names.
pub(crate) fn named(cx: &Context<'_>, id: &Json) -> Result<Option<OrganizationBounds>, Halt> {
    match id.as_str() {
        Some(id) if cx.closes(Hole::organizations_that_exist_are_taken) => with_id(cx, id),
        _ => Ok(None),
    }
}

/// A named organization exists.
pub(crate) fn known(cx: &Context<'_>, id: &Json, found: Option<&OrganizationBounds>) -> Result<(), Refusal> {
    match (id.as_str(), found) {
        (Some(id), None) if cx.closes(Hole::organizations_that_exist_are_taken) => {
            let message = messages::organization_not_found(id);
            Err(Refusal::http(Code::OrganizationUnknown, 400, message).on("organization_id"))
        }
        (Some(id), None) => {
            let message = format!("organization `{id}` does not exist");
            Err(Refusal::raised(Code::RequestUnsupported, message).on("organization_id"))
        }
        _ => Ok(()),
    }
}

/// Judges the columns of a new team of the organization, and gives it the models of the organization where it lists none.
pub(crate) fn bind_new(bounds: Option<&OrganizationBounds>, columns: &mut Json) -> Result<(), Refusal> {
    let Some(bounds) = bounds else { return Ok(()) };
    bounds.judge_asked(columns)?;
    bounds.judge_aliases(at(columns, "model_aliases"))?;
    let is_open = at(columns, "models").as_list().is_none_or(<[Json]>::is_empty);
    if let Some(models) = bounds.models_of_all().filter(|_| is_open) {
        columns.set("models", models.to_vec().into());
    }
    Ok(())
}

/// Judges changed columns of a team: by the organization it moves to, or else by the one it is in.
pub(crate) fn bind_changed(
    cx: &Context<'_>,
    team: &Team,
    values: &mut Json,
    aliases: &Json,
    changes: &mut Changes,
) -> Result<(), Halt> {
    let current = team.organization_id.as_deref();
    let wanted = at(values, "organization_id").as_str();
    let moves_to = wanted.filter(|id| Some(*id) != current);
    let Some(id) = moves_to.or(current) else { return Ok(()) };
    let bounds = with_id(cx, id)?;
    if let Some(id) = moves_to {
        let Some(bounds) = &bounds else {
            let message = latchkey_contract::dict! { "error" => messages::organization_passed_not_found(id) };
            let refusal = Refusal::http(Code::OrganizationUnknown, 404, message);
            return Err(refusal.on("organization_id").into());
        };
        bounds.judge_moved(team)?;
    }
    let Some(bounds) = bounds else { return Ok(()) };
    bounds.judge_asked(values)?;
    bounds.judge_aliases(aliases)?;
    let empties = values.get("models").and_then(Json::as_list).is_some_and(<[Json]>::is_empty);
    if let Some(models) = bounds.models_of_all().filter(|_| empties) {
        values.set("models", models.to_vec().into());
    }
    rely_on(&bounds, changes);
    Ok(())
}

/// The decision holds as long as the organization and its budget are as they were read.
pub(crate) fn rely_on(bounds: &OrganizationBounds, changes: &mut Changes) {
    changes.rely_on(&bounds.organization);
    if let Some(budget) = &bounds.budget {
        changes.rely_on(budget);
    }
}
