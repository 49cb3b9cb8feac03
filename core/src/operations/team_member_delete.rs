//! `POST /team/member_delete`: takes a user out of a team.

use super::addresses;
use super::changes::Changes;
use super::team_members::{TeamMember, column, manages, members, not_manager, seen_by_managers};
use super::team_people::People;
use super::{lookup, team_view};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::contract::Query;
use crate::dict;
use crate::error::{Code, Refusal, messages};
use crate::json::Json;
use crate::request::Request;
use crate::tables::{Team, TeamMembership, User, VirtualKey};
use crate::time::iso_z;
use crate::types::TeamMemberDeleteRequest;

/// Takes out every member with this id or this e-mail address.
pub(super) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: TeamMemberDeleteRequest = request.model()?;
    let (user_id, user_email) = (asked.user_id.text(), asked.user_email.text());
    let team = seen_by_managers(cx, caller, find(cx, &asked.team_id), "/team/member_delete", &asked.team_id)?;
    if !manages(cx, caller, &team) {
        return Err(not_manager("/team/member_delete", &asked.team_id).into());
    }
    let named = Named::read(cx, user_id, user_email)?;
    let is_meant = |member: &TeamMember| named.is(member);
    let (left, stay): (Vec<TeamMember>, Vec<TeamMember>) = members(&team).into_iter().partition(is_meant);
    if left.is_empty() {
        let message = dict! { "error" => messages::NOT_IN_TEAM };
        return Err(Refusal::http(Code::NotTeamMember, 400, message).into());
    }

    let mut changes = Changes::default();
    let smaller = Team { members_with_roles: column(&stay), updated_at: cx.now(), ..team.clone() };
    changes.update(&team, &smaller);
    if cx.strict() {
        forget(cx, &team.team_id, left, &mut changes)?;
    } else {
        forget_as_the_reference(cx, &team.team_id, user_id, user_email, &mut changes)?;
    }
    changes.event("team_member_deleted", &team.team_id);
    Ok(changes.answer(team_view::table(&smaller, None, iso_z)))
}

/// Whom a request names.
pub(super) struct Named<'r> {
    strict: bool,
    user_id: Option<&'r str>,
    user_email: Option<&'r str>,
    /// In strict, the ids of the users with this address.
    holders: Vec<String>,
}

impl<'r> Named<'r> {
    /// In strict an id and an address that are not one user's are refused.
    pub(super) fn read(
        cx: &Context<'_>,
        user_id: Option<&'r str>,
        user_email: Option<&'r str>,
    ) -> Result<Self, Halt> {
        let strict = cx.strict();
        let users = match user_email.filter(|_| strict) {
            Some(address) => addresses::holders(cx, address)?,
            None => Vec::new(),
        };
        let holders: Vec<String> = users.into_iter().map(|user| user.user_id).collect();
        if let (Some(id), Some(address), false) = (user_id, user_email, holders.is_empty()) {
            if !holders.iter().any(|holder| holder == id) {
                let message = dict! { "error" => messages::not_one_user(address, id) };
                return Err(Refusal::http(Code::UserUnknown, 400, message).on("user_email").into());
            }
        }
        Ok(Self { strict, user_id, user_email, holders })
    }

    /// Whether the member is meant. With an id, in strict it is by that alone.
    pub(super) fn is(&self, member: &TeamMember) -> bool {
        let (id, address) = (member.user_id.as_deref(), member.user_email.as_deref());
        let is_same = |named: &str, own: &str| addresses::same(self.strict, named, own);
        let has_address = self.user_email.zip(address).is_some_and(|(named, own)| is_same(named, own));
        if self.strict && self.user_id.is_some() && id.is_some() {
            return self.user_id == id;
        }
        let has_id = self.user_id.is_some() && self.user_id == id;
        let holds = id.is_some_and(|id| self.holders.iter().any(|holder| holder == id));
        has_id || has_address || holds
    }
}

/// The team, or the refusal of an unknown one.
pub(super) fn find(cx: &Context<'_>, team_id: &str) -> Result<Team, Halt> {
    lookup::row(cx, "team_id", team_id)?.ok_or_else(|| {
        let message = dict! { "error" => messages::no_such_team(team_id) };
        Refusal::http(Code::TeamUnknown, 400, message).into()
    })
}

/// Takes the team off the users who left, with their keys of it and their budget within it.
fn forget(cx: &Context<'_>, team_id: &str, left: Vec<TeamMember>, changes: &mut Changes) -> Result<(), Halt> {
    let mut ids: Vec<String> = Vec::new();
    for member in left {
        ids.extend(member.user_id.filter(|id| !ids.contains(id)));
    }
    cx.foresee([Query::many::<VirtualKey>("user_id", ids.clone())]);
    let mut people = People::read(cx, ids.clone())?;
    let memberships: Vec<TeamMembership> = cx.rows("team_id", vec![team_id.to_owned()])?;
    let keys: Vec<VirtualKey> = lookup::rows(cx, "user_id", ids.clone())?;
    let keys: Vec<VirtualKey> =
        keys.into_iter().filter(|key| key.team_id.as_deref() == Some(team_id)).collect();
    changes.forget(&keys);
    for key in &keys {
        changes.rely_on(key);
        changes.delete::<VirtualKey>("token", &key.token);
        changes.event("key_deleted", &key.token);
    }
    for id in &ids {
        people.change(id, cx.now(), |user| user.teams.retain(|team| team != team_id));
    }
    people.write(changes);
    for row in memberships.iter().filter(|row| ids.contains(&row.user_id)) {
        changes.update(row, &TeamMembership { budget_id: None, ..row.clone() });
    }
    Ok(())
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
pub(super) fn printed(fields: &[(&str, Json)]) -> String {
    let parts: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", crate::json::repr(value))).collect();
    parts.join(" ")
}
