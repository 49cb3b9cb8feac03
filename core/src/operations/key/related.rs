//! Looks up what a request for a key names beside its owner, its team and its budget.

use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::operations::lookup;
use crate::rules::guaranteed_limits::{self, Siblings};
use crate::rules::{Related, end_user_budget};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Organization, OrganizationMembership, Project, Table, VirtualKey};
use latchkey_contract::wire::{KeyFilter, KeyOrder, Query};

/// Fields that a project bounds.
const BOUND_BY_PROJECTS: [&str; 3] = ["team_id", "models", "max_budget"];

/// Bytes of the lists and documents of a team's keys.
const BYTES: u64 = 1 << 20;

/// What `asked` names, a request for a new key or for a change of the key `before`.
pub(crate) fn read(
    cx: &Context<'_>,
    caller: &Caller,
    asked: &Json,
    before: Option<&VirtualKey>,
) -> Result<Related, Halt> {
    if !cx.closes(Hole::fields_of_today_are_kept) {
        return Ok(Related::default());
    }
    let named = |name: &str| asked.get(name).and_then(Json::as_str);
    let organization = named("organization_id");
    let is_bound = BOUND_BY_PROJECTS.iter().any(|name| asked.get(name).is_some());
    let kept = before.and_then(|key| key.project_id.as_deref()).filter(|_| is_bound);
    let project = if asked.get("project_id").is_some() { named("project_id") } else { kept };
    let end_user_budget = end_user_budget(asked).filter(|_| caller.is_proxy_admin());
    let askable = |id: &&str| !id.contains('\0');
    cx.foresee(organization.filter(askable).map(|id| Query::one::<Organization>("organization_id", id)));
    cx.foresee(project.filter(askable).map(|id| Query::one::<Project>("project_id", id)));
    let membership = match (organization, caller.user_id.as_deref()) {
        (Some(id), Some(user_id)) if !caller.is_proxy_admin() => {
            let own = lookup::rows::<OrganizationMembership>(cx, "user_id", vec![user_id.to_owned()])?;
            own.into_iter().find(|membership| membership.organization_id == id)
        }
        _ => None,
    };
    let permission = before.and_then(|key| key.object_permission_id.as_deref());
    let permission = permission.filter(|_| asked.get("object_permission").is_some_and(Json::is_truthy));
    let project = row::<Project>(cx, "project_id", project)?;
    let project_budget = project.as_ref().and_then(|project| project.budget_id.as_deref());
    Ok(Related {
        organization: row(cx, "organization_id", organization)?,
        membership,
        project_budget: row(cx, "budget_id", project_budget)?,
        project,
        object_permission: row(cx, "object_permission_id", permission)?,
        end_user_budget: row(cx, "budget_id", end_user_budget)?,
        siblings: siblings(cx, asked, before)?,
    })
}

/// The keys of the team, where a guaranteed limit is judged.
pub(crate) fn siblings(
    cx: &Context<'_>,
    asked: &Json,
    before: Option<&VirtualKey>,
) -> Result<Option<Siblings>, Halt> {
    let team_id = match (asked.get("team_id"), before) {
        (Some(id), _) => id.as_str(),
        (None, Some(key)) => key.team_id.as_deref(),
        (None, None) => cx.settings.default_team(),
    };
    let is_judged = guaranteed_limits::is_about(asked, before)
        || (before.is_none() && guaranteed_limits::is_preset(cx.settings));
    let team_id = team_id.filter(|id| !id.contains('\0') && is_judged);
    let Some(team_id) = team_id else { return Ok(None) };
    let filter = KeyFilter { team_id: Some(team_id.to_owned()), ..KeyFilter::default() };
    let order = KeyOrder { column: "token".into(), descending: false };
    let (limit, bytes) = (guaranteed_limits::MOST, Some(BYTES));
    let (keys, total) = cx.ask(&Query::Keys { filter, order, offset: 0, limit, bytes }, VirtualKey::read)?;
    Ok(Some(Siblings { keys, total }))
}

fn row<T: Table>(cx: &Context<'_>, column: &'static str, value: Option<&str>) -> Result<Option<T>, Halt> {
    value.map_or(Ok(None), |value| lookup::row(cx, column, value))
}
