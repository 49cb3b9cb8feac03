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
use crate::types::{FieldInfo, Model as _, TeamMemberUpdateRequest};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Team, TeamMembership, fit, storable};

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
        let fields = TeamMemberUpdateRequest::fields().into_iter();
        let recent: Vec<&str> = fields.filter(|field| field.recent).map(|field| field.name).collect();
        let mut data = asked.dump();
        data.retain(|(name, _)| !recent.contains(name));
        let message = dict! { "error" => messages::user_not_in_team_table(&printed(&data)) };
        return Err(Refusal::http(Code::NotTeamMember, 400, message).into());
    };

    let mut limits = member_budget::limits(cx, values(&asked))?;
    if !cx.closes(Hole::null_clears_a_members_budget) {
        limits = member_budget::given(&limits);
    }
    let mut changes = Changes::default();
    if limits.is_truthy() {
        changes = set_budget(cx, caller, &team, user_id, &limits)?;
        changes.rely_on(&team);
    }
    if let Some(role) = role {
        let all: Vec<TeamMember> =
            all.into_iter().map(|member| with_role(member, user_id, user_email, role)).collect();
        let changed = Team { members_with_roles: column(&all), updated_at: cx.now(), ..team.clone() };
        changes.update(&team, &changed);
    }
    changes.event("team_member_updated", &team.team_id);
    let mut reply = dict! {
        "user_id" => user_id.clone(),
        "user_email" => user_email,
        "team_id" => team.team_id.clone(),
    };
    let effective = fields::effective(&asked);
    let is_shown = |field: &FieldInfo| field.name == "max_budget_in_team" || field.recent;
    let shown = TeamMemberUpdateRequest::fields().into_iter();
    for field in shown.filter(|field| is_shown(field) && cx.settings.knows(field)) {
        reply.set(field.name, fields::at(&effective, field.name).clone());
    }
    Ok(changes.answer(reply))
}

/// What the request mentions, with moments as columns have them.
fn values(asked: &TeamMemberUpdateRequest) -> Json {
    let mut values = fields::mentioned(asked);
    if let Some(expiry) = asked.temp_budget_expiry.value() {
        values.set("temp_budget_expiry", expiry.to_millis().0.into());
    }
    values
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
/// limits. What the request takes away is as the members' default has it, and a row that says no more than that goes. The
/// reference finds no budget but that of a user called `None`, and makes a second one that it cannot attach.
fn set_budget(
    cx: &Context<'_>,
    caller: &Caller,
    team: &Team,
    user_id: &str,
    limits: &Json,
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
            let Some(budget) = present else { return Ok(changes) };
            if let Some(amount) = limits.get("max_budget").filter(|amount| !amount.is_null()) {
                storable::float("max_budget_in_team", amount)?;
            }
            let default = member_budget::default_of(cx, team)?;
            let mut columns = member_budget::filled(limits, default.as_ref());
            columns.set("updated_at", cx.now().0.into());
            let changed = fit::amended(&budget, &columns)?;
            if cx.closes(Hole::null_clears_a_members_budget)
                && member_budget::is_needless(&changed, default.as_ref())
            {
                changes = without(Some(stored), default, changes);
                changes.delete::<Budget>("budget_id", budget_id);
            } else {
                changes.update(&budget, &changed);
            }
            return Ok(changes);
        }
    }
    let default = member_budget::default_of(cx, team)?;
    let is_of_one = present.as_ref().is_some_and(|row| default.as_ref() != Some(row));
    let limits = match is_of_one {
        true => member_budget::filled(limits, default.as_ref()),
        false => member_budget::given(limits),
    };
    if !limits.is_truthy() {
        return Ok(match present {
            Some(_) => changes,
            None => without(stored, default, changes),
        });
    }
    let source = present.or_else(|| default.clone());
    let actor = caller.user_id.as_deref().unwrap_or_default();
    let budget = member_budget::own(cx, source.as_ref(), &limits, actor)?;
    if is_of_one && member_budget::is_needless(&budget, default.as_ref()) {
        return Ok(without(stored, default, changes));
    }
    match &source {
        Some(source) => changes.insert_copy(&budget, source),
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

/// The member has no budget but the one that members share by default, if there is one.
fn without(stored: Option<&TeamMembership>, default: Option<Budget>, mut changes: Changes) -> Changes {
    let default = default.map(|budget| budget.budget_id);
    if let Some(stored) = stored {
        changes.update(stored, &TeamMembership { budget_id: default, ..stored.clone() });
    }
    changes
}

fn with_role(member: TeamMember, user_id: &str, user_email: Option<&str>, role: &str) -> TeamMember {
    if member.user_id.as_deref() != Some(user_id) {
        return member;
    }
    let named = user_email.filter(|email| !email.is_empty()).map(str::to_owned);
    TeamMember { user_email: named.or(member.user_email), role: role.to_owned(), ..member }
}
