//! `POST /team/member_delete`: takes a user out of a team.

use super::members::{TeamMember, column, manages, members, not_manager, seen_by_managers};
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::{Among, Changes};
use crate::operations::lookup;
use crate::operations::user;
use crate::time::iso_z;
use crate::types::TeamMemberDeleteRequest;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::order::Names;
use latchkey_contract::tables::{Team, TeamMembership, User};
use latchkey_contract::wire::Items;

/// Takes out every member with this id or this e-mail address.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: TeamMemberDeleteRequest = request.model()?;
    let (user_id, user_email) = (asked.user_id.text(), asked.user_email.text());
    let team = seen_by_managers(cx, caller, find(cx, &asked.team_id), "/team/member_delete", &asked.team_id)?;
    if !manages(cx, caller, &team) {
        return Err(not_manager("/team/member_delete", &asked.team_id).into());
    }
    let named = Named::read(cx, &team, user_id, user_email)?;
    let is_meant = |member: &TeamMember| named.is(member);
    let (left, stay): (Vec<TeamMember>, Vec<TeamMember>) = members(&team).into_iter().partition(is_meant);
    if left.is_empty() {
        let message = dict! { "error" => messages::NOT_IN_TEAM };
        return Err(Refusal::http(Code::NotTeamMember, 400, message).into());
    }

    let mut changes = Changes::default();
    let smaller = if cx.closes(Hole::leaving_a_team_removes_its_keys) {
        forget(cx, caller, &team, &left, &mut changes)
    } else {
        let smaller = Team { members_with_roles: column(&stay), updated_at: cx.now(), ..team.clone() };
        changes.update(&team, &smaller);
        forget_as_the_reference(cx, &team.team_id, user_id, user_email, &mut changes)?;
        smaller
    };
    changes.event("team_member_deleted", &team.team_id);
    Ok(changes.answer(view::table(cx.settings, &smaller, None, iso_z)))
}

/// Whom a request names.
pub(crate) struct Named<'r> {
    cx: &'r Context<'r>,
    user_id: Option<&'r str>,
    user_email: Option<&'r str>,
    /// In strict, the ids of the users with this address.
    holders: Vec<String>,
}

impl<'r> Named<'r> {
    /// In strict an id and an address that are not one user's are refused.
    pub(crate) fn read(
        cx: &'r Context<'r>,
        team: &Team,
        user_id: Option<&'r str>,
        user_email: Option<&'r str>,
    ) -> Result<Self, Halt> {
        let by_address = cx.closes(Hole::members_are_found_by_address);
        let users = match user_email.filter(|_| by_address) {
            Some(address) => user::addresses::holders(cx, address)?,
            None => Vec::new(),
        };
        let holders: Vec<String> = users.into_iter().map(|user| user.user_id).collect();
        // an address that is nobody's may be that of a member whose user has none, or has another by now
        let has_another = match user_id.zip(user_email).filter(|_| by_address && holders.is_empty()) {
            Some((id, address)) if !is_listed(cx, team, id, address) => {
                lookup::row::<User>(cx, "user_id", id)?.is_some_and(|user| user.user_email.is_some())
            }
            _ => false,
        };
        let is_one =
            |id: &str| !has_another && (holders.is_empty() || holders.iter().any(|holder| holder == id));
        if let Some((id, address)) = user_id.zip(user_email).filter(|(id, _)| !is_one(id)) {
            let message = dict! { "error" => messages::not_one_user(address, id) };
            return Err(Refusal::http(Code::UserUnknown, 400, message).on("user_email").into());
        }
        Ok(Self { cx, user_id, user_email, holders })
    }

    /// Whether the member is meant. With an id, in strict it is by that alone.
    pub(crate) fn is(&self, member: &TeamMember) -> bool {
        let (id, address) = (member.user_id.as_deref(), member.user_email.as_deref());
        let is_same = |named: &str, own: &str| user::addresses::same(self.cx, named, own);
        let has_address = self.user_email.zip(address).is_some_and(|(named, own)| is_same(named, own));
        let by_id = self.user_id.is_some() && id.is_some();
        if by_id && self.cx.closes(Hole::members_are_found_by_address) {
            return self.user_id == id;
        }
        let has_id = self.user_id.is_some() && self.user_id == id;
        let holds = id.is_some_and(|id| self.holders.iter().any(|holder| holder == id));
        has_id || has_address || holds
    }
}

/// Whether the team lists a member with this id and this address.
fn is_listed(cx: &Context<'_>, team: &Team, user_id: &str, address: &str) -> bool {
    let has_address = |member: &TeamMember| {
        member.user_email.as_deref().is_some_and(|own| user::addresses::same(cx, own, address))
    };
    members(team).iter().any(|member| member.user_id.as_deref() == Some(user_id) && has_address(member))
}

/// The team, or the refusal of an unknown one.
pub(crate) fn find(cx: &Context<'_>, team_id: &str) -> Result<Team, Halt> {
    lookup::row(cx, "team_id", team_id)?.ok_or_else(|| {
        let message = dict! { "error" => messages::no_such_team(team_id) };
        Refusal::http(Code::TeamUnknown, 400, message).into()
    })
}

/// Takes the members out of the team, and the team off their users, with their keys of it and their budgets within it.
/// Gives the team as it is then.
fn forget(
    cx: &Context<'_>,
    caller: &Caller,
    team: &Team,
    left: &[TeamMember],
    changes: &mut Changes,
) -> Team {
    let ids = Names::of(left.iter().filter_map(|member| member.user_id.as_ref())).to_vec();
    let nameless = left.iter().filter(|member| member.user_id.is_none());
    let emails = Names::of(nameless.filter_map(|member| member.user_email.as_ref())).to_vec();
    let of_team = std::slice::from_ref(&team.team_id);
    if caller.is_proxy_admin() {
        // whatever others change of the team meanwhile, who is to leave leaves
        changes.require::<Team>(&team.team_id);
    } else {
        changes.rely_on(team);
    }
    for (member, values) in [("user_id", &ids), ("user_email", &emails)] {
        if !values.is_empty() {
            let (column, member) = ("members_with_roles".into(), Some(member.into()));
            let items = Items { column, member, values: values.clone() };
            changes.take::<Team>(&[("team_id", of_team)], items, cx.now());
        }
    }
    if !ids.is_empty() {
        let within: [Among<'_>; 2] = [("user_id", &ids), ("team_id", of_team)];
        let noted = Items { column: "teams".into(), member: None, values: of_team.to_vec() };
        changes.delete_keys(cx, caller, &within);
        changes.take::<User>(&[("user_id", &ids)], noted, cx.now());
        changes.clear::<TeamMembership>("budget_id", &within);
    }
    let among =
        |names: &[String], name: &Option<String>| name.as_ref().is_some_and(|name| names.contains(name));
    let mut stay = members(team);
    stay.retain(|member| !among(&ids, &member.user_id) && !among(&emails, &member.user_email));
    Team { members_with_roles: column(&stay), updated_at: cx.now(), ..team.clone() }
}

/// The reference takes the team off whoever has the id or address of the request, once.
fn forget_as_the_reference(
    cx: &Context<'_>,
    team_id: &str,
    user_id: Option<&str>,
    user_email: Option<&str>,
    changes: &mut Changes,
) -> Result<(), Halt> {
    let users: Vec<User> = match (user_id, user_email) {
        (Some(id), _) => lookup::rows(cx, "user_id", vec![id.to_owned()])?,
        (None, email) => lookup::rows(cx, "user_email", vec![email.unwrap_or_default().to_owned()])?,
    };
    for user in users {
        let Some(at) = user.teams.iter().position(|team| team == team_id) else { continue };
        let mut changed = user.clone();
        changed.teams.remove(at);
        changed.updated_at = Some(cx.now());
        changes.update(&user, &changed);
    }
    Ok(())
}

/// Python's `str()` of a request for a member.
pub(crate) fn printed(fields: &[(&str, Json)]) -> String {
    let parts: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", latchkey_contract::json::repr(value)))
        .collect();
    parts.join(" ")
}
