//! `POST /team/new`: makes a team, and those of its members who are not users yet.

use super::changes::{Changes, wrapped};
use super::fields::{self, at};
use super::member_budget;
use super::team_models;
use super::team_people::{People, blank};
use super::team_view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::dict;
use crate::error::{Code, Kind, Refusal, messages};
use crate::json::{Json, repr};
use crate::order::Names;
use crate::request::Request;
use crate::rules::{Entity, compare, judge_reserved};
use crate::tables::{Budget, Team, TeamMembership, VirtualKey, fit, storable};
use crate::time::iso_z;
use crate::types::NewTeamRequest;
use std::cmp::Ordering;

/// Stores the team.
pub(super) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: NewTeamRequest = request.model()?;
    make(cx, caller, &asked).map_err(|halt| {
        wrapped(halt, |refusal| refusal.wrapped(Kind::InternalServerError, messages::INTERNAL_ERROR_PREFIX))
    })
}

fn make(cx: &Context<'_>, caller: &Caller, asked: &NewTeamRequest) -> Result<Outcome, Halt> {
    let asked = fields::effective(asked);
    let team_id = at(&asked, "team_id").as_str().map_or_else(|| cx.uuid(), str::to_owned);
    storable::plain("team_id", &team_id)?;
    let taken: Option<Team> = cx.row("team_id", &team_id)?;
    if taken.is_some() {
        let message = messages::team_id_exists(&team_id);
        return Err(Refusal::http(Code::IdTaken, 400, dict! { "error" => message }).into());
    }
    if let Some(key) = caller.key.as_ref().filter(|_| !caller.is_proxy_admin()) {
        within_own_limits(caller, key, &asked)?;
    }
    fields::judge_amounts(cx, &asked)?;

    let members = with_creator(&asked, caller);
    let mut changes = Changes::default();
    let models = team_models::for_new_team(cx, caller, at(&asked, "model_aliases"))?;
    if let Some(models) = &models {
        changes.insert(models);
    }
    let team = match columns(cx, caller, &asked, &team_id, &members, models.as_ref().map(|models| models.id))
    {
        Ok(columns) => fit::row::<Team>(&columns),
        Err(refusal) => Err(refusal),
    };
    let team = match team {
        Ok(team) => team,
        Err(refusal) => return Err(changes.refuse(cx, refusal)),
    };
    changes.insert(&team);
    join(cx, &team_id, &members)?.write(&mut changes);
    if let Some(budget) = member_budget::default_in(cx, &team.metadata.value())? {
        changes.rely_on(&budget);
        share(&team_id, &members, &budget, &mut changes);
    }
    changes.event("team_created", &team_id);
    Ok(changes.answer(team_view::table(&team, models.as_ref(), iso_z)))
}

/// A caller with limits of their own makes no team with higher ones.
fn within_own_limits(caller: &Caller, key: &VirtualKey, asked: &Json) -> Result<(), Refusal> {
    let role = caller.role_text();
    let refuse =
        |message: String| Err(Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }));
    let limits: [(&str, &str, Json); 3] = [
        ("tpm_limit", "tpm limit", key.tpm_limit.into()),
        ("rpm_limit", "rpm limit", key.rpm_limit.into()),
        ("max_budget", "max budget", key.max_budget.into()),
    ];
    for (name, words, own) in limits {
        if compare(at(asked, name), &own) == Some(Ordering::Greater) {
            return refuse(messages::team_limit_above_own(words, &repr(&own), role));
        }
    }
    let allowed =
        |model: &Json| model.as_str().is_some_and(|model| key.models.iter().any(|own| own == model));
    if !key.models.is_empty() && !at(asked, "models").as_list().unwrap_or_default().iter().all(allowed) {
        return refuse(messages::team_model_not_own(&key.models, caller.user_id.as_deref()));
    }
    Ok(())
}

/// The members asked for, and the caller as an admin unless they are among them.
fn with_creator(asked: &Json, caller: &Caller) -> Vec<Json> {
    let asked_for = at(asked, "members_with_roles").as_list().unwrap_or_default();
    let mut members: Vec<Json> = asked_for.iter().cloned().map(fields::without_null).collect();
    if let Some(user_id) = &caller.user_id {
        let is_member = |member: &Json| member.get("user_id").and_then(Json::as_str) == Some(user_id);
        if !members.iter().any(is_member) {
            members.push(dict! { "user_id" => user_id.clone(), "role" => "admin" });
        }
    }
    members
}

fn columns(
    cx: &Context<'_>,
    caller: &Caller,
    asked: &Json,
    team_id: &str,
    members: &[Json],
    model_id: Option<i32>,
) -> Result<Json, Refusal> {
    let mut columns = asked.clone();
    let mut metadata = match at(asked, "metadata") {
        Json::Null => Json::empty_dict(),
        given => given.clone(),
    };
    for name in ["guardrails", "tags"] {
        let value = at(asked, name);
        if !value.is_null() {
            premium(cx)?;
            metadata.set(name, value.clone());
        }
    }
    if cx.strict() {
        judge_reserved(caller, Entity::Team, &Json::Null, &metadata)?;
    }
    columns.set("metadata", metadata);
    columns.set("budget_reset_at", fields::window_end(cx, at(asked, "budget_duration"))?);
    no_organization(at(asked, "organization_id"))?;
    columns.set("team_id", team_id.into());
    columns.set("members_with_roles", Json::List(members.to_vec()));
    columns.set("model_id", model_id.into());
    columns.set("created_at", cx.now().0.into());
    columns.set("updated_at", cx.now().0.into());
    Ok(columns)
}

/// Features that LiteLLM sells.
pub(super) fn premium(cx: &Context<'_>) -> Result<(), Refusal> {
    if cx.settings.premium_user {
        return Ok(());
    }
    let message = messages::feature_not_premium();
    Err(Refusal::http(Code::LicenceRequired, 403, dict! { "error" => message }))
}

/// There are no organizations.
pub(super) fn no_organization(organization_id: &Json) -> Result<(), Refusal> {
    match organization_id.as_str() {
        None => Ok(()),
        Some(id) => {
            Err(Refusal::raised(Code::RequestUnsupported, format!("organization `{id}` does not exist")))
        }
    }
}

/// Notes the team with each member that has an id; who is not a user yet becomes one.
fn join(cx: &Context<'_>, team_id: &str, members: &[Json]) -> Result<People, Halt> {
    let ids = || members.iter().filter_map(|member| member.get("user_id").and_then(Json::as_str));
    let mut people = People::read(cx, ids().map(str::to_owned).collect())?;
    for id in ids() {
        if people.by_id(id).is_none() {
            people.create(blank(id, cx.now()));
        }
        people.change(id, cx.now(), |user| user.teams.push(team_id.to_owned()));
    }
    Ok(people)
}

/// Gives every member the budget that they share.
fn share(team_id: &str, members: &[Json], budget: &Budget, changes: &mut Changes) {
    let ids: Names<'_> =
        members.iter().filter_map(|member| member.get("user_id").and_then(Json::as_str)).collect();
    for user_id in ids.iter() {
        changes.insert(&TeamMembership {
            user_id: user_id.to_owned(),
            team_id: team_id.to_owned(),
            budget_id: Some(budget.budget_id.clone()),
            ..TeamMembership::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_creator_becomes_an_admin_unless_they_are_a_member_already() {
        let master = Caller::master(String::new());
        let asked =
            |id: &str| dict! { "members_with_roles" => vec![dict! { "user_id" => id, "role" => "user" }] };
        assert_eq!(with_creator(&asked("u"), &master).len(), 2);
        assert_eq!(with_creator(&asked(crate::caller::MASTER_USER_ID), &master).len(), 1);
    }
}
