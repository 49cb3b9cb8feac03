//! `POST /team/new`: makes a team, and those of its members who are not users yet.

use super::find::not_reserved;
use super::join::Joining;
use super::kept;
use super::member_budget;
use super::member_defaults;
use super::members::{TeamMember, not_too_many};
use super::models;
use super::organization;
use super::people::{People, blank};
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::{Changes, wrapped};
use crate::operations::fields::{self, at};
use crate::operations::permission;
use crate::operations::user;
use crate::rules::{Entity, OrganizationBounds, compare, judge_reserved, judge_reserved_fields};
use crate::time::iso_z;
use crate::types::NewTeamRequest;
use crate::verdict::Passed;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, repr};
use latchkey_contract::order::Names;
use latchkey_contract::tables::{Budget, Team, TeamMembership, VirtualKey, fit, storable};
use std::cmp::Ordering;

/// Stores the team.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: NewTeamRequest = request.model()?;
    make(cx, caller, &asked).map_err(|halt| {
        let reference =
            |refusal: Refusal| refusal.wrapped(Kind::InternalServerError, messages::INTERNAL_ERROR_PREFIX);
        wrapped(halt, cx.wrapping(reference))
    })
}

fn make(cx: &Context<'_>, caller: &Caller, request: &NewTeamRequest) -> Result<Outcome, Halt> {
    let mut asked = fields::effective(request);
    let limits = member_defaults::asked(cx, &mut asked)?;
    let members = at(&asked, "members_with_roles").as_list().unwrap_or_default();
    not_too_many(cx, "members_with_roles", members.len())?;
    let team_id = at(&asked, "team_id").as_str().map_or_else(|| cx.uuid(), str::to_owned);
    storable::plain("team_id", &team_id)?;
    for name in ["team_id", "team_alias"] {
        not_reserved(cx, name, at(&asked, name))?;
    }
    let taken: Option<Team> = cx.row("team_id", &team_id)?;
    if taken.is_some() {
        let message = messages::team_id_exists(&team_id);
        let refusal = Refusal::http(Code::IdTaken, 400, dict! { "error" => message });
        cx.judge("team_id_new", Err(refusal.on("team_id")))?;
    }
    if let Some(key) = caller.key.as_ref().filter(|_| !caller.is_proxy_admin()) {
        cx.judge("own_limits", within_own_limits(caller, key, &asked).map(|()| Passed::Allowed))?;
    }
    fields::judge_amounts(cx, &fields::effective(request))?;

    let bounds = organization::named(cx, at(&asked, "organization_id"))?;
    let mut members = with_creator(cx, &asked, caller);
    let joining = join(cx, caller, &team_id, &mut members)?;
    let mut changes = Changes::default();
    let models = models::for_new_team(cx, caller, at(&asked, "model_aliases"))?;
    if let Some(models) = &models {
        changes.insert(models);
    }
    let model_id = models.as_ref().map(|models| models.id);
    let shared = member_defaults::new_row(cx, caller, &asked, &limits)?;
    if let Some(shared) = &shared {
        changes.insert(shared);
        let given = at(&asked, "metadata");
        let mut metadata = if given.is_null() { Json::empty_dict() } else { given.clone() };
        metadata.set(member_budget::DEFAULT, shared.budget_id.clone().into());
        asked.set("metadata", metadata);
    }
    let permission = permission::settle(cx, caller, None, &mut asked, &mut changes)?;
    let columns = columns(cx, caller, &asked, &team_id, &members, model_id, bounds.as_ref());
    let team = match columns.and_then(|columns| Ok(fit::row::<Team>(&columns)?)) {
        Ok(team) => team,
        Err(refusal) => return Err(changes.refuse(cx, refusal)),
    };
    changes.insert(&team);
    bounds.iter().for_each(|bounds| organization::rely_on(bounds, &mut changes));
    joining.write(cx, &mut changes);
    let stored = match &shared {
        Some(_) => None,
        None => member_budget::default_in(cx, &team.metadata.value())?,
    };
    stored.iter().for_each(|budget| changes.rely_on(budget));
    let ids = members.iter().filter_map(|member| member.get("user_id").and_then(Json::as_str)).collect();
    let is_shared = stored.is_some() || shared.is_some();
    if is_shared || !team.default_team_member_models.is_empty() {
        share(cx, caller, &team, &ids, stored.or(shared).as_ref(), &mut changes)?;
    }
    changes.event("team_created", &team_id);
    let mut shown = view::table(cx.settings, &team, models.as_ref(), iso_z);
    if permission.is_some() {
        shown.set("object_permission", permission::shown(cx, permission.as_ref()));
    }
    Ok(changes.answer(shown))
}

/// A caller with limits of their own makes no team with higher ones.
fn within_own_limits(caller: &Caller, key: &VirtualKey, asked: &Json) -> Result<(), Refusal> {
    let role = caller.role_text();
    let refuse = |name: &str, message: String| {
        Err(Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on(name))
    };
    let limits: [(&str, &str, Json); 3] = [
        ("tpm_limit", "tpm limit", key.tpm_limit.into()),
        ("rpm_limit", "rpm limit", key.rpm_limit.into()),
        ("max_budget", "max budget", key.max_budget.into()),
    ];
    for (name, words, own) in limits {
        if compare(at(asked, name), &own) == Some(Ordering::Greater) {
            return refuse(name, messages::team_limit_above_own(words, &repr(&own), role));
        }
    }
    let allowed =
        |model: &Json| model.as_str().is_some_and(|model| key.models.iter().any(|own| own == model));
    if !key.models.is_empty() && !at(asked, "models").as_list().unwrap_or_default().iter().all(allowed) {
        return refuse("models", messages::team_model_not_own(&key.models, caller.user_id.as_deref()));
    }
    Ok(())
}

/// The members asked for, and the caller as an admin unless they are among them.
fn with_creator(cx: &Context<'_>, asked: &Json, caller: &Caller) -> Vec<Json> {
    let asked_for = at(asked, "members_with_roles").as_list().unwrap_or_default();
    let mut members: Vec<Json> = asked_for.iter().cloned().map(fields::without_null).collect();
    if let Some(user_id) = &caller.user_id {
        let own = caller.user.as_ref().and_then(|user| user.user_email.as_deref());
        let is_member = |member: &Json| {
            let text = |name| member.get(name).and_then(Json::as_str);
            let address = text("user_email").filter(|_| cx.closes(Hole::members_are_found_by_address));
            let by_address = own.zip(address).is_some_and(|(a, b)| user::addresses::same(cx, a, b));
            text("user_id") == Some(user_id) || (text("user_id").is_none() && by_address)
        };
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
    bounds: Option<&OrganizationBounds>,
) -> Result<Json, Refusal> {
    let mut columns = asked.clone();
    let mut metadata = match at(asked, "metadata") {
        Json::Null => Json::empty_dict(),
        given => given.clone(),
    };
    let noted = kept::noted(cx, &mut columns)?;
    kept::note(&mut metadata, noted.into_iter().filter(|(_, value)| !value.is_null()).collect());
    kept::settle(cx, None, &mut columns)?;
    if cx.closes(Hole::reserved_metadata_is_for_admins) {
        let fields = judge_reserved_fields(caller, Entity::Team, &Json::Null, asked);
        cx.judge("reserved_metadata", fields)?;
        cx.judge("reserved_metadata", judge_reserved(caller, Entity::Team, &Json::Null, &metadata))?;
    }
    columns.set("metadata", metadata);
    columns.set("budget_reset_at", fields::window_end(cx, at(asked, "budget_duration"))?);
    let known = organization::known(cx, at(asked, "organization_id"), bounds);
    cx.judge("organization_known", known.map(|()| Passed::Allowed))?;
    cx.judge("organization_bounds", organization::bind_new(bounds, &mut columns).map(|()| Passed::Allowed))?;
    if cx.settings.keeps::<Team>("router_settings") && at(&columns, "router_settings").is_null() {
        columns.set("router_settings", Json::empty_dict());
    }
    columns.set("team_id", team_id.into());
    columns.set("members_with_roles", Json::List(members.to_vec()));
    columns.set("model_id", model_id.into());
    columns.set("created_at", cx.now().0.into());
    columns.set("updated_at", cx.now().0.into());
    Ok(columns)
}

/// Notes the team with each member; who is not a user yet becomes one. The reference passes over members without an id, in
/// strict they are found by their address.
fn join(cx: &Context<'_>, caller: &Caller, team_id: &str, members: &mut [Json]) -> Result<Joining, Halt> {
    if !cx.closes(Hole::members_are_found_by_address) {
        return join_by_id(cx, team_id, members).map(Joining::of);
    }
    let team = Team { team_id: team_id.to_owned(), ..Team::default() };
    let newcomers: Vec<TeamMember> = members.iter().filter_map(TeamMember::read).collect();
    let mut joining = Joining::read(cx, &team, &newcomers, false)?;
    if cx.closes(Hole::nobody_joins_twice) {
        joining.judge(&[], &newcomers)?;
    }
    for (member, newcomer) in members.iter_mut().zip(&newcomers) {
        joining.add(cx, caller, team_id, newcomer, &Json::empty_dict())?;
        if let Some(user) = joining.joined.last().filter(|_| newcomer.user_id.is_none()) {
            member.set("user_id", user.user_id.clone().into());
        }
    }
    Ok(joining)
}

fn join_by_id(cx: &Context<'_>, team_id: &str, members: &[Json]) -> Result<People, Halt> {
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

/// Gives every member the budget that they share, or one like it with the models that members may call.
fn share(
    cx: &Context<'_>,
    caller: &Caller,
    team: &Team,
    ids: &Names<'_>,
    budget: Option<&Budget>,
    changes: &mut Changes,
) -> Result<(), Refusal> {
    let models = &team.default_team_member_models;
    for user_id in ids.iter() {
        let budget_id = match budget {
            Some(budget) if models.is_empty() => budget.budget_id.clone(),
            _ => {
                let limits = dict! { "allowed_models" => models.clone() };
                let own = member_budget::own(cx, budget, &limits, caller.actor())?;
                changes.insert(&own);
                own.budget_id
            }
        };
        changes.insert(&TeamMembership {
            user_id: user_id.to_owned(),
            team_id: team.team_id.clone(),
            budget_id: Some(budget_id),
            ..TeamMembership::default()
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use latchkey_contract::wire::Call;

    #[test]
    fn the_creator_becomes_an_admin_unless_they_are_a_member_already() {
        let (call, settings) = (Call::default(), Settings::default());
        let cx = Context::new(&call, b"", &settings);
        let master = Caller::master(String::new());
        let asked =
            |id: &str| dict! { "members_with_roles" => vec![dict! { "user_id" => id, "role" => "user" }] };
        assert_eq!(with_creator(&cx, &asked("u"), &master).len(), 2);
        assert_eq!(with_creator(&cx, &asked(crate::caller::MASTER_USER_ID), &master).len(), 1);
    }
}
