//! The budgets of members: one of their own, or the row that the members of a team share by default.

use super::kept::budgets_by_model;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::Refusal;
use crate::operations::fields;
use crate::rules::unknown_budget;
use latchkey_contract::json::{Json, Name};
use latchkey_contract::tables::{Budget, Millis, Row, Team, TeamMembership, Told, VirtualKey, fit};
use latchkey_contract::wire::Query;

/// The member of a team's free data that names the budget its members share.
pub(crate) const DEFAULT: &str = "team_member_budget_id";

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

/// The limits of a member, as requests name them, each with its column.
const LIMITS: [(&str, &str); 8] = [
    ("max_budget_in_team", "max_budget"),
    ("tpm_limit", "tpm_limit"),
    ("rpm_limit", "rpm_limit"),
    ("budget_duration", "budget_duration"),
    ("allowed_models", "allowed_models"),
    ("temp_budget_increase", "temp_budget_increase"),
    ("temp_budget_expiry", "temp_budget_expiry"),
    ("model_max_budget", "model_max_budget"),
];

/// The columns that a request for members sets, by what it mentions.
pub(crate) fn limits(cx: &Context<'_>, mut asked: Json) -> Result<Json, Refusal> {
    budgets_by_model(cx, &mut asked, "model_max_budget")?;
    let mut limits = Json::empty_dict();
    for (field, column) in LIMITS {
        if let Some(value) = asked.get(field) {
            limits.set(column, value.clone());
        }
    }
    if let Some(duration) = asked.get("budget_duration") {
        limits.set("budget_reset_at", fields::window_end(cx, duration)?);
    }
    Ok(limits)
}

/// Those of them that say something: of a new row, nothing else counts.
pub(crate) fn given(limits: &Json) -> Json {
    let is_given = |member: &&(Name, Json)| !member.1.is_null() && !is_default(&member.0, &member.1);
    let members = limits.as_dict().unwrap_or_default();
    Json::Dict(members.iter().filter(is_given).cloned().collect())
}

/// Without budgets by model of their own a member has those of all members.
fn is_default(name: &str, value: &Json) -> bool {
    name == "model_max_budget" && !value.is_truthy()
}

/// `limits` of a member who has a row of their own: what says nothing is as the default has it.
pub(crate) fn filled(limits: &Json, default: Option<&Budget>) -> Json {
    let default = default.map(|budget| {
        let budget: &dyn Row = budget;
        budget.cells()
    });
    let own = |name: &str| match default.as_ref().and_then(|cells| cells.get(name)) {
        Some(cell) => cell.value(),
        None if name == "allowed_models" => Json::List(Vec::new()),
        None => Json::Null,
    };
    let members = limits.as_dict().unwrap_or_default().iter().map(|(name, value)| {
        let is_kept = !value.is_null() && !is_default(name, value);
        // the end of a window goes with the window
        (name.clone(), if is_kept { value.clone() } else { own(name) })
    });
    Json::Dict(members.collect())
}

/// Whether a row limits a member no more than `default` does, so that the member needs none of their own.
pub(crate) fn is_needless(budget: &Budget, default: Option<&Budget>) -> bool {
    let limits = |budget: &Budget| {
        let mut limits = budget.clone();
        if limits.model_max_budget.as_ref().is_some_and(|budgets| !budgets.value().is_truthy()) {
            limits.model_max_budget = None;
        }
        Budget {
            budget_id: String::new(),
            created_at: Millis(0),
            created_by: String::new(),
            updated_at: Millis(0),
            updated_by: String::new(),
            budget_reset_at: None,
            ..limits
        }
    };
    limits(budget) == default.map(limits).unwrap_or_default()
}

/// A row for one member with these limits; the others are those of the default that it takes the place of.
pub(crate) fn own(
    cx: &Context<'_>,
    default: Option<&Budget>,
    limits: &Json,
    actor: &str,
) -> Result<Budget, Refusal> {
    let mut columns = limits.clone();
    columns.set("budget_id", cx.uuid().into());
    let columns = made(cx, actor, columns);
    let default = default.cloned().map(|default| Budget { told: Told::default(), ..default });
    Ok(fit::amended(&default.unwrap_or_default(), &columns)?)
}

/// The columns of a row that is made now.
pub(crate) fn made(cx: &Context<'_>, actor: &str, mut columns: Json) -> Json {
    columns.set("created_at", cx.now().0.into());
    columns.set("created_by", actor.into());
    changed(cx, actor, columns)
}

/// The columns of a row that is changed now.
pub(crate) fn changed(cx: &Context<'_>, actor: &str, mut columns: Json) -> Json {
    columns.set("updated_at", cx.now().0.into());
    columns.set("updated_by", actor.into());
    columns
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
