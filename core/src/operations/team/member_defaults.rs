//! The limits that all members of a team share: one row, which the team's free data names.

use super::kept::budgets_by_model;
use super::member_budget;
use super::members::members;
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::error::Refusal;
use crate::operations::changes::Changes;
use crate::operations::fields::{self, at, take};
use latchkey_contract::json::Json;
use latchkey_contract::order::Index;
use latchkey_contract::tables::{Budget, Team, TeamMembership, fit};

/// Fields of a team, each with its column of the row.
const FIELDS: [(&str, &str); 5] = [
    ("team_member_budget", "max_budget"),
    ("team_member_rpm_limit", "rpm_limit"),
    ("team_member_tpm_limit", "tpm_limit"),
    (DURATION, "budget_duration"),
    ("team_member_model_max_budget", "model_max_budget"),
];

/// Of a new row it is the team's own where the request does not mention it.
pub(crate) const DURATION: &str = "team_member_budget_duration";

/// Takes the fields out of `values`: the columns that they set.
pub(crate) fn asked(cx: &Context<'_>, values: &mut Json) -> Result<Json, Refusal> {
    budgets_by_model(cx, values, "team_member_model_max_budget")?;
    let mut limits = Json::empty_dict();
    for (field, column) in FIELDS.iter().filter(|(field, _)| values.get(field).is_some()).collect::<Vec<_>>()
    {
        limits.set(*column, take(values, field));
    }
    Ok(limits)
}

/// Whether the columns say anything but that there is no limit.
fn says_something(limits: &Json) -> bool {
    limits.as_dict().unwrap_or_default().iter().any(|(_, value)| !value.is_null())
}

/// The row for a team that has none, if `limits` say something. A window that they do not mention is the team's.
pub(crate) fn new_row(
    cx: &Context<'_>,
    caller: &Caller,
    team: &Json,
    limits: &Json,
) -> Result<Option<Budget>, Refusal> {
    if !says_something(limits) {
        return Ok(None);
    }
    let mut columns = limits.clone();
    if limits.get("budget_duration").is_none() {
        columns.set("budget_duration", at(team, "budget_duration").clone());
    }
    columns.set("budget_reset_at", fields::window_end(cx, at(&columns, "budget_duration"))?);
    let of = at(team, "team_alias").as_str().map(|alias| format!("-{}", alias.replace(' ', "-")));
    let id = format!("team{}-budget-{}", of.unwrap_or_default(), cx.uuid().replace('-', ""));
    columns.set("budget_id", id.into());
    Ok(Some(fit::row(&member_budget::made(cx, caller.actor(), columns))?))
}

/// Changes the row of a team, or makes one, whose id is the answer; then every member without a budget has it.
pub(crate) fn change(
    cx: &Context<'_>,
    caller: &Caller,
    team: &Team,
    wanted: &Json,
    limits: &Json,
    changes: &mut Changes,
) -> Result<Option<String>, Halt> {
    if limits.as_dict().is_none_or(<[_]>::is_empty) {
        return Ok(None);
    }
    let metadata = wanted.get("metadata").cloned().unwrap_or_else(|| team.metadata.value());
    let stored = match member_budget::default_id(&metadata) {
        Some(id) => cx.row::<Budget>("budget_id", id)?,
        None => None,
    };
    let id = match &stored {
        Some(stored) => {
            let mut columns = member_budget::changed(cx, caller.actor(), limits.clone());
            if let Some(duration) = limits.get("budget_duration") {
                columns.set("budget_reset_at", fields::window_end(cx, duration)?);
            }
            changes.update(stored, &fit::amended(stored, &columns)?);
            stored.budget_id.clone()
        }
        None => {
            let mut of_team = wanted.clone();
            for (name, own) in [("budget_duration", &team.budget_duration), ("team_alias", &team.team_alias)]
            {
                if wanted.get(name).is_none() {
                    of_team.set(name, own.clone().into());
                }
            }
            let Some(made) = new_row(cx, caller, &of_team, limits)? else { return Ok(None) };
            changes.insert(&made);
            made.budget_id
        }
    };
    if says_something(limits) {
        give(cx, team, &id, changes)?;
    }
    Ok(Some(id))
}

/// Gives the row to the members without a budget.
fn give(cx: &Context<'_>, team: &Team, budget_id: &str, changes: &mut Changes) -> Result<(), Halt> {
    let stored: Vec<TeamMembership> = cx.rows("team_id", vec![team.team_id.clone()])?;
    let stored = Index::of(stored.iter().map(|row| (row.user_id.as_str(), row)));
    for user_id in members(team).into_iter().filter_map(|member| member.user_id) {
        let budget_id = Some(budget_id.to_owned());
        match stored.get(&user_id) {
            None => {
                let team_id = team.team_id.clone();
                changes.insert(&TeamMembership { user_id, team_id, budget_id, ..TeamMembership::default() });
            }
            Some(row) if row.budget_id.is_none() => {
                changes.update(row, &TeamMembership { budget_id, ..row.clone() });
            }
            Some(_) => {}
        }
    }
    changes.rely_on(team);
    Ok(())
}
