//! `POST /team/member_update`: changes a member's role and budget within a team.

use super::info;
use super::member_budget;
use super::member_delete::{Named, find, printed};
use super::members::{TeamMember, column, manages, members, not_manager, seen_by_managers};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::fields;
use crate::types::{Field, Model as _, TeamMemberUpdateRequest};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Team, TeamMembership, storable};

/// Changes what the request gives.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: TeamMemberUpdateRequest = request.model()?;
    let (user_email, role) = (asked.user_email.text(), asked.role.value().map(|role| role.as_str()));
    fields::judge_amounts(cx, &fields::mentioned(&asked))?;
    let team = seen_by_managers(cx, caller, find(cx, &asked.team_id), "/team/member_delete", &asked.team_id)?;
    may_update(cx, caller, &team, role)?;
    let all = members(&team);
    let named = Named::read(cx, &team, asked.user_id.text(), user_email)?;
    let user_id = asked.user_id.text().map(str::to_owned).or_else(|| {
        let known = all.iter().find(|member| user_email.is_some() && named.is(member));
        known.and_then(|member| member.user_id.clone())
    });
    // the reference keeps budgets for users who are no members
    let is_member = |id: &&String| {
        !cx.closes(Hole::only_members_have_budgets_in_teams)
            || all.iter().any(|member| member.user_id.as_ref() == Some(*id))
    };
    let Some(user_id) = user_id.as_ref().filter(is_member) else {
        let message = dict! { "error" => messages::user_not_in_team_table(&printed(&asked.dump())) };
        return Err(Refusal::http(Code::NotTeamMember, 400, message).into());
    };

    let mut changes = Changes::default();
    let max_budget = fields::effective(&asked);
    let max_budget = fields::at(&max_budget, "max_budget_in_team");
    if !max_budget.is_null() {
        changes = set_budget(cx, caller, &team, user_id, max_budget)?;
        changes.rely_on(&team);
    } else if asked.max_budget_in_team == Field::Null && cx.closes(Hole::null_clears_a_members_budget) {
        take_budget(cx, &team, user_id, &mut changes)?;
        changes.rely_on(&team);
    }
    if let Some(role) = role {
        let all: Vec<TeamMember> =
            all.into_iter().map(|member| with_role(member, user_id, user_email, role)).collect();
        let changed = Team { members_with_roles: column(&all), updated_at: cx.now(), ..team.clone() };
        changes.update(&team, &changed);
    }
    changes.event("team_member_updated", &team.team_id);
    Ok(changes.answer(dict! {
        "user_id" => user_id.clone(),
        "user_email" => user_email,
        "team_id" => team.team_id.clone(),
        "max_budget_in_team" => max_budget.clone(),
    }))
}

/// The team's managers may. In the reference they need a key of the team, too, and no licence to make admins.
fn may_update(cx: &Context<'_>, caller: &Caller, team: &Team, role: Option<&str>) -> Result<(), Refusal> {
    if !manages(cx, caller, team) {
        return Err(not_manager("/team/member_delete", &team.team_id));
    }
    let has_its_key = caller.sees_all() || caller.team_id.as_ref() == Some(&team.team_id);
    if !has_its_key && !cx.closes(Hole::members_see_their_team) {
        return Err(info::foreign(caller, &team.team_id).wrapped(Kind::AuthError, ""));
    }
    if cx.closes(Hole::licences_hold_for_changes) && role == Some("admin") && !cx.settings.premium_user {
        let message = dict! { "error" => messages::team_admin_not_premium() };
        cx.judge("licence", Err(Refusal::http(Code::LicenceRequired, 400, message)))?;
    }
    Ok(())
}

/// Gives the member a budget of their own: a row that others have, too, is not written, and the new one has its other
/// limits. The reference finds no budget but that of a user called `None`, and makes a second one that it cannot attach.
fn set_budget(
    cx: &Context<'_>,
    caller: &Caller,
    team: &Team,
    user_id: &str,
    max_budget: &Json,
) -> Result<Changes, Halt> {
    let mut changes = Changes::default();
    let team_id = team.team_id.as_str();
    let memberships: Vec<TeamMembership> = cx.rows("user_id", vec![user_id.to_owned()])?;
    let stored = memberships.iter().find(|row| row.team_id == team_id);
    let found = stored.filter(|row| cx.closes(Hole::member_budgets_are_found) || row.user_id == "None");
    let mut present = None;
    if let Some((stored, budget_id)) = found.and_then(|row| Some((row, row.budget_id.as_deref()?))) {
        present = cx.row::<Budget>("budget_id", budget_id)?;
        let is_shared = cx.closes(Hole::shared_budgets_stay_shared)
            && member_budget::is_shared(cx, team, stored, budget_id)?;
        if !is_shared && (present.is_some() || !cx.closes(Hole::member_budgets_are_found)) {
            if let Some(budget) = present {
                let max_budget = Some(storable::float("max_budget_in_team", max_budget)?);
                changes.update(&budget, &Budget { max_budget, updated_at: cx.now(), ..budget.clone() });
            }
            return Ok(changes);
        }
    }
    let default = match present {
        Some(shared) => Some(shared),
        None => member_budget::default_of(cx, team)?,
    };
    let actor = caller.user_id.as_deref().unwrap_or_default();
    let budget = member_budget::own(cx, default.as_ref(), max_budget, actor)?;
    match &default {
        Some(default) => changes.insert_copy(&budget, default),
        None => changes.insert(&budget),
    }
    let membership = TeamMembership {
        user_id: user_id.to_owned(),
        team_id: team_id.to_owned(),
        budget_id: Some(budget.budget_id),
        ..TeamMembership::default()
    };
    if let Err(misfit) = storable::plain("user_id", user_id) {
        return Err(changes.refuse(cx, misfit.into()));
    }
    match stored {
        None => changes.insert(&membership),
        Some(stored) if cx.closes(Hole::member_budgets_are_found) => {
            changes.update(stored, &TeamMembership { spend: stored.spend, ..membership });
        }
        Some(_) => {
            let message = format!("user `{user_id}` has a budget in team `{team_id}` already");
            return Err(changes.refuse(cx, Refusal::raised(Code::IdTaken, message)));
        }
    }
    Ok(changes)
}

/// Takes the budget of their own from the member, who has the one that members share by default, if there is one.
fn take_budget(cx: &Context<'_>, team: &Team, user_id: &str, changes: &mut Changes) -> Result<(), Halt> {
    let memberships: Vec<TeamMembership> = cx.rows("user_id", vec![user_id.to_owned()])?;
    let Some(stored) = memberships.iter().find(|row| row.team_id == team.team_id) else { return Ok(()) };
    let default = member_budget::default_of(cx, team)?.map(|budget| budget.budget_id);
    let Some(own) = stored.budget_id.as_deref().filter(|id| Some(*id) != default.as_deref()) else {
        return Ok(());
    };
    changes.update(stored, &TeamMembership { budget_id: default, ..stored.clone() });
    if !member_budget::is_shared(cx, team, stored, own)? {
        changes.delete::<Budget>("budget_id", own);
    }
    Ok(())
}

fn with_role(member: TeamMember, user_id: &str, user_email: Option<&str>, role: &str) -> TeamMember {
    if member.user_id.as_deref() != Some(user_id) {
        return member;
    }
    let named = user_email.filter(|email| !email.is_empty()).map(str::to_owned);
    TeamMember { user_email: named.or(member.user_email), role: role.to_owned(), ..member }
}
