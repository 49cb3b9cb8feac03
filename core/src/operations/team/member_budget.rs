//! The budgets of members: one of their own, or the row that the members of a team share by default.

use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::Refusal;
use crate::rules::unknown_budget;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Team, TeamMembership, Told, VirtualKey, fit, storable};
use latchkey_contract::wire::Query;

/// The member of a team's free data that names the budget its members share.
const DEFAULT: &str = "team_member_budget_id";

/// The id of the budget that the members of a team share by default.
pub(crate) fn default_id(metadata: &Json) -> Option<&str> {
    metadata.get(DEFAULT).and_then(Json::as_str).filter(|id| !id.is_empty() && !id.contains('\0'))
}

/// The budget that the members of the team share by default; the reference knows none.
pub(crate) fn default_of(cx: &Context<'_>, team: &Team) -> Result<Option<Budget>, Halt> {
    if !cx.closes(Hole::shared_budgets_stay_shared) || !team.metadata.as_str().contains(DEFAULT) {
        return Ok(None);
    }
    default_id(&team.metadata.value()).map_or(Ok(None), |id| cx.row("budget_id", id))
}

/// The same for free data that a team is about to get: the budget exists.
pub(crate) fn default_in(cx: &Context<'_>, metadata: &Json) -> Result<Option<Budget>, Halt> {
    let Some(id) = default_id(metadata).filter(|_| cx.closes(Hole::shared_budgets_stay_shared)) else {
        return Ok(None);
    };
    match cx.row("budget_id", id)? {
        Some(budget) => Ok(Some(budget)),
        None => Err(unknown_budget(id).on("metadata").into()),
    }
}

/// A budget for one member, with the limits of the default that it takes the place of.
pub(crate) fn own(
    cx: &Context<'_>,
    default: Option<&Budget>,
    max_budget: &Json,
    actor: &str,
) -> Result<Budget, Refusal> {
    let Some(default) = default else {
        return Ok(fit::row(&dict! {
            "budget_id" => cx.uuid(),
            "max_budget" => max_budget.clone(),
            "created_at" => cx.now().0,
            "created_by" => actor,
            "updated_at" => cx.now().0,
            "updated_by" => actor,
        })?);
    };
    Ok(Budget {
        budget_id: cx.uuid(),
        max_budget: Some(storable::float("max_budget_in_team", max_budget)?),
        created_at: cx.now(),
        created_by: actor.to_owned(),
        updated_at: cx.now(),
        updated_by: actor.to_owned(),
        told: Told::default(),
        ..default.clone()
    })
}

/// Whether others have the budget of `membership`, too: the members of the team by default, other members, keys.
pub(crate) fn is_shared(
    cx: &Context<'_>,
    team: &Team,
    membership: &TeamMembership,
    budget_id: &str,
) -> Result<bool, Halt> {
    if default_id(&team.metadata.value()) == Some(budget_id) {
        return Ok(true);
    }
    cx.foresee([Query::one::<VirtualKey>("budget_id", budget_id)]);
    let members: Vec<TeamMembership> = cx.rows("budget_id", vec![budget_id.to_owned()])?;
    let is_other = |other: &TeamMembership| {
        (&other.user_id, &other.team_id) != (&membership.user_id, &membership.team_id)
    };
    let keys: Vec<VirtualKey> = cx.rows("budget_id", vec![budget_id.to_owned()])?;
    Ok(members.iter().any(is_other) || !keys.is_empty())
}
