//! `POST /organization/member_add`: lets users join an organization; who is not a user yet becomes one.

use super::access::{available, find, manager, named};
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::fields;
use crate::operations::lookup;
use crate::operations::record;
use crate::operations::team::join::Joining;
use crate::operations::team::member_budget;
use crate::operations::team::members::{TeamMember, not_too_many};
use crate::operations::user;
use crate::types::{OrgMember, OrganizationMemberAddRequest};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, repr};
use latchkey_contract::tables::{Budget, Organization, OrganizationMembership, Team, User};
use std::collections::BTreeSet;

/// What LiteLLM calls the route in a refusal.
const ROUTE: &str = "/organization/member_add";

/// Adds the members, each with a budget of their own if the request has one.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let own = manager(cx, caller, ROUTE, named(request))?;
    available(cx)?;
    let asked: OrganizationMemberAddRequest = request.model()?;
    let id = asked.organization_id.as_str();
    not_too_many(cx, "member", asked.member.as_slice().len())?;
    fields::judge_amounts(cx, &fields::mentioned(&asked))?;
    if find(cx, id)?.is_none() {
        let message = repr(&dict! { "error" => messages::organization_not_found(id) });
        let kind = Kind::InvalidRequestError;
        return Err(Refusal::error(Code::OrganizationUnknown, 404, kind, Json::Null, message).into());
    }
    let newcomers: Vec<TeamMember> = asked.member.as_slice().iter().map(as_of_team).collect();
    let mut joining = Joining::read(cx, &Team::default(), &newcomers, false)?;
    joining.are_one_user_each(&newcomers)?;
    let mut changes = Changes::default();
    let mut joined: Vec<OrganizationMembership> = Vec::new();
    let mut budgets: Vec<Option<Budget>> = Vec::new();
    let mut ids = BTreeSet::new();
    for newcomer in &newcomers {
        let user_id = joining.find_or_make(cx, newcomer, &[])?;
        if !ids.insert(user_id.clone()) {
            return Err(member_already(&user_id, id).into());
        }
        let budget = budget(cx, caller, asked.max_budget_in_organization.value())?;
        budgets.extend([budget.clone()]);
        joined.push(OrganizationMembership {
            user_id,
            organization_id: id.to_owned(),
            user_role: Some(newcomer.role.clone()),
            spend: Some(0.0),
            budget_id: budget.map(|budget| budget.budget_id),
            created_at: Some(cx.now()),
            updated_at: Some(cx.now()),
            ..OrganizationMembership::default()
        });
    }
    let present: Vec<OrganizationMembership> = lookup::rows(cx, "user_id", ids.iter().cloned().collect())?;
    let present = present.iter().filter(|row| row.organization_id == id);
    let objections = present.map(|row| member_already(&row.user_id, id));
    cx.judge("nobody_joins_twice", Refusal::all(objections).map(|()| crate::verdict::Passed::Allowed))?;
    joining.write(cx, &mut changes);
    let stored: Vec<User> = lookup::brief(cx, "user_id", ids.into_iter().collect())?;
    // whoever goes meanwhile joins nothing
    stored.iter().for_each(|user| changes.require::<User>(&user.user_id));
    changes.require::<Organization>(id);
    own.iter().for_each(|own| changes.rely_on(own));
    budgets.iter().flatten().for_each(|budget| changes.insert(budget));
    joined.iter().for_each(|membership| changes.insert(membership));
    changes.event("organization_members_added", id);

    let is_discreet = !caller.sees_all() && cx.closes(Hole::newcomers_show_their_names_only);
    let users = joined.iter().filter_map(|membership| joining.people.by_id(&membership.user_id));
    let users = users.map(|user| match is_discreet {
        true => user::view::named(user),
        false => {
            let mut shown = user::view::plain(cx, user);
            record::without_relations(&mut shown, &["organization_memberships", "object_permission"]);
            shown
        }
    });
    let users: Vec<Json> = users.collect();
    let memberships = joined.iter().zip(&budgets);
    let memberships = memberships
        .map(|(membership, budget)| view::member(cx.settings, membership, budget.as_ref(), Json::Null));
    Ok(changes.answer(dict! {
        "organization_id" => id,
        "updated_users" => users,
        "updated_organization_memberships" => memberships.collect::<Vec<_>>(),
    }))
}

/// Users join organizations and teams alike.
fn as_of_team(member: &OrgMember) -> TeamMember {
    TeamMember {
        user_id: member.user_id.text().map(str::to_owned),
        user_email: member.user_email.text().map(str::to_owned),
        role: member.role.as_str().to_owned(),
    }
}

/// A member's own budget. LiteLLM passes over it.
fn budget(cx: &Context<'_>, caller: &Caller, most: Option<&f64>) -> Result<Option<Budget>, Refusal> {
    let Some(most) = most.filter(|_| cx.closes(Hole::members_of_organizations_get_their_budget)) else {
        return Ok(None);
    };
    let limits = dict! { "max_budget" => *most };
    member_budget::own(cx, None, &limits, caller.actor()).map(Some)
}

fn member_already(user_id: &str, id: &str) -> Refusal {
    let message = format!("user `{user_id}` is a member of organization `{id}` already");
    Refusal::error(Code::IdTaken, 400, Kind::BadRequestError, "member", message).on("member")
}
