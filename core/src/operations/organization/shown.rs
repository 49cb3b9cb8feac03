//! Organizations as lists, looks and changes show them: with their members and teams, as far as those are the caller's to see.
//! Members who do not administer an organization find themselves in it, and their teams.

use super::access;
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::operations::key;
use crate::operations::listing::is;
use crate::operations::lookup;
use crate::operations::record;
use crate::operations::team;
use crate::operations::user;
use crate::time::iso_z;
use crate::types::OrganizationRole;
use latchkey_contract::json::Json;
use latchkey_contract::order::Names;
use latchkey_contract::tables::{Budget, Organization, OrganizationMembership, Table, Team, User};
use latchkey_contract::wire::{Items, KeyOrder, Query};

/// Members, and teams, in one answer.
const MOST: u64 = 1_000;

/// Bytes of the teams' lists and documents, and of the users'.
const BYTES: u64 = 1 << 20;

/// Say in an answer that it does not have all members, or not all teams.
const COMPLETE: [&str; 2] = ["members_complete", "teams_complete"];

/// Members and teams of some organizations, and whether there are no others.
#[derive(Debug, Default)]
struct Parts {
    members: Vec<OrganizationMembership>,
    teams: Vec<Team>,
    complete: [bool; 2],
    /// A budget as it is about to be.
    budget: Option<Budget>,
}

/// The organizations, each with its budget, its members and its teams.
pub(crate) fn all(
    cx: &Context<'_>,
    caller: &Caller,
    organizations: &[Organization],
) -> Result<Vec<Json>, Halt> {
    let parts = Parts::read(cx, caller, organizations)?;
    print(cx, organizations, &parts, &|_| Json::Null)
}

/// One organization as it will be, with its budget as it will be.
pub(crate) fn changed(
    cx: &Context<'_>,
    caller: &Caller,
    organization: &Organization,
    budget: Option<Budget>,
) -> Result<Json, Halt> {
    let organizations = std::slice::from_ref(organization);
    let parts = Parts { budget, ..Parts::read(cx, caller, organizations)? };
    Ok(print(cx, organizations, &parts, &|_| Json::Null)?.pop().unwrap_or(Json::Null))
}

/// One organization, with the users who are its members.
pub(crate) fn with_users(
    cx: &Context<'_>,
    caller: &Caller,
    organization: &Organization,
) -> Result<Json, Halt> {
    let organizations = std::slice::from_ref(organization);
    let parts = Parts::read(cx, caller, organizations)?;
    let ids: Vec<&str> = parts.members.iter().map(|member| member.user_id.as_str()).collect();
    let users = match ids.is_empty() {
        true => Vec::new(),
        false => cx.ask(&page::<User>("user_id", ids, None), User::read)?.0,
    };
    let whole = caller.sees_all() || !cx.closes(Hole::newcomers_show_their_names_only);
    let user = |id: &str| match users.iter().find(|user| user.user_id == id) {
        Some(user) if whole => {
            let mut shown = user::view::record(cx, user);
            record::without_relations(&mut shown, &["object_permission"]);
            shown
        }
        Some(user) => user::view::named(user),
        None => Json::Null,
    };
    let mut shown = print(cx, organizations, &parts, &user)?;
    Ok(shown.pop().unwrap_or(Json::Null))
}

/// The organizations, each with its budget alone, as rows print.
pub(crate) fn rows(cx: &Context<'_>, organizations: &[Organization]) -> Result<Vec<Json>, Halt> {
    let budgets = budgets(cx, organizations)?;
    let budgets = key::view::by_id(&budgets);
    let shown = organizations.iter().map(|organization| {
        let budget = budgets.get(&organization.budget_id);
        let budget = budget.map(|budget| key::issue::budget_table(cx.settings, budget, iso_z));
        let mut shown = view::table(cx.settings, organization, budget);
        for relation in ["teams", "keys", "members"] {
            shown.set(relation, Json::Null);
        }
        shown
    });
    Ok(shown.collect())
}

/// The organizations, of which nothing else is left.
pub(crate) fn empty(cx: &Context<'_>, organizations: &[Organization]) -> Result<Vec<Json>, Halt> {
    print(cx, organizations, &Parts { complete: [true; 2], ..Parts::default() }, &|_| Json::Null)
}

impl Parts {
    fn read(cx: &Context<'_>, caller: &Caller, organizations: &[Organization]) -> Result<Self, Halt> {
        let ids = || organizations.iter().map(|organization| organization.organization_id.as_str());
        if ids().next().is_none() {
            return Ok(Self { complete: [true; 2], ..Self::default() });
        }
        let own = if caller.sees_all() { Vec::new() } else { access::memberships(cx, caller)? };
        let is_admin = |row: &&OrganizationMembership| {
            row.user_role.as_deref() == Some(OrganizationRole::Admin.as_str())
        };
        let administered = Names::of(own.iter().filter(is_admin).map(|row| &row.organization_id));
        let sees_whole = |id: &str| {
            caller.sees_all()
                || administered.contains(id)
                || !cx.closes(Hole::members_of_organizations_see_themselves)
        };
        let (whole, part): (Vec<&str>, Vec<&str>) = ids().partition(|id| sees_whole(id));
        let members =
            Query::brief::<OrganizationMembership>("organization_id", texts(&whole)).up_to(MOST + 1);
        let teams = page::<Team>("organization_id", whole.clone(), None);
        let own_teams = own
            .first()
            .map(|row| page::<Team>("organization_id", part.clone(), Some(team::list::having(&row.user_id))));
        let own_teams = own_teams.filter(|_| !part.is_empty());
        let asked = [Some(&members), Some(&teams)].into_iter().filter(|_| !whole.is_empty());
        cx.foresee(asked.chain([own_teams.as_ref()]).flatten().cloned());
        let mut parts = Self { complete: [true; 2], ..Self::default() };
        if !whole.is_empty() {
            parts.members = cx.ask(&members, OrganizationMembership::read)?.0;
            parts.complete[0] = parts.members.len() as u64 <= MOST;
            parts.members.truncate(MOST as usize);
            parts.add(cx.ask(&teams, Team::read)?);
        }
        if let Some(query) = own_teams {
            parts.add(cx.ask(&query, Team::read)?);
        }
        let is_part = |row: &&OrganizationMembership| part.contains(&row.organization_id.as_str());
        parts.members.extend(own.iter().filter(is_part).cloned());
        Ok(parts)
    }

    fn add(&mut self, (teams, total): (Vec<Team>, u64)) {
        self.complete[1] &= teams.len() as u64 >= total;
        self.teams.extend(teams);
    }
}

/// The oldest rows in which the column has one of these values.
fn page<T: Table>(column: &'static str, values: Vec<&str>, having: Option<Items>) -> Query {
    let order = KeyOrder { column: "created_at".into(), descending: false };
    let rows = vec![is(column, values)];
    Query::Page { table: T::NAME.into(), rows, having, order, offset: 0, limit: MOST, bytes: BYTES }
}

fn texts(ids: &[&str]) -> Vec<String> {
    ids.iter().filter(|id| !id.contains('\0')).map(|id| (*id).to_owned()).collect()
}

fn budgets(cx: &Context<'_>, organizations: &[Organization]) -> Result<Vec<Budget>, Halt> {
    let ids = organizations.iter().map(|organization| organization.budget_id.clone()).collect();
    lookup::rows(cx, "budget_id", ids)
}

fn print(
    cx: &Context<'_>,
    organizations: &[Organization],
    parts: &Parts,
    user: &dyn Fn(&str) -> Json,
) -> Result<Vec<Json>, Halt> {
    let mut budgets = budgets(cx, organizations)?;
    if let Some(changed) = &parts.budget {
        budgets.retain(|budget| budget.budget_id != changed.budget_id);
        budgets.push(changed.clone());
    }
    let budgets = key::view::by_id(&budgets);
    let shown = organizations.iter().map(|organization| {
        let id = &organization.organization_id;
        let budget = budgets.get(&organization.budget_id);
        let budget = budget.map(|budget| view::with_reset(cx.settings, budget));
        let mut shown = view::table(cx.settings, organization, budget);
        let members = parts.members.iter().filter(|member| member.organization_id == *id);
        let members = members.map(|member| view::member(cx.settings, member, None, user(&member.user_id)));
        shown.set("members", Json::List(members.collect()));
        let teams = parts.teams.iter().filter(|team| team.organization_id.as_ref() == Some(id));
        let teams = teams.map(|team| whole_team(cx, team));
        shown.set("teams", Json::List(teams.collect()));
        for (name, complete) in COMPLETE.iter().zip(parts.complete) {
            if !complete {
                shown.set(*name, false.into());
            }
        }
        shown
    });
    Ok(shown.collect())
}

/// A team with what its own routes leave out.
fn whole_team(cx: &Context<'_>, team: &Team) -> Json {
    let mut shown = team::view::table(cx.settings, team, None, iso_z);
    shown.set("updated_at", iso_z(team.updated_at).into());
    // what was too large for the answer is `null` and told
    let spent = if team.told.is_cut { Json::Null } else { team.model_spend.value() };
    shown.set("model_spend", spent);
    record::without_relations(&mut shown, &["object_permission"]);
    shown
}
