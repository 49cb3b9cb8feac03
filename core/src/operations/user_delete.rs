//! `POST /user/delete`: deletes users and their keys.

use super::changes::Changes;
use super::lookup;
use super::team_members::{column, members};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::contract::Query;
use crate::dict;
use crate::error::{Code, Refusal, messages};
use crate::json::Json;
use crate::request::Request;
use crate::tables::{Table, Team, TeamMembership, User, VirtualKey};
use crate::types::DeleteUserRequest;

/// Deletes all of them, or none if one does not exist; answers how many.
pub(super) fn run(cx: &Context<'_>, _caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: DeleteUserRequest = request.model()?;
    let users: Vec<User> = lookup::rows(cx, "user_id", asked.user_ids.clone())?;
    if let Some(id) = asked.user_ids.iter().find(|id| !users.iter().any(|user| user.user_id == **id)) {
        let message = dict! { "error" => messages::user_not_found(id) };
        return Err(Refusal::http(Code::UserUnknown, 404, message).into());
    }
    let mut changes = Changes::default();
    if cx.strict() {
        changes.forget(&lookup::rows::<VirtualKey>(cx, "user_id", asked.user_ids.clone())?);
        leave_teams(cx, &users, &mut changes)?;
    }
    for user in &users {
        changes.rely_on(user);
        changes.delete::<VirtualKey>("user_id", &user.user_id);
        changes.delete::<User>("user_id", &user.user_id);
        changes.event("user_deleted", &user.user_id);
    }
    Ok(changes.answer(Json::Int(i64::try_from(users.len()).unwrap_or(i64::MAX))))
}

/// The reference leaves deleted users in their teams, where the next user of that name finds their rights.
fn leave_teams(cx: &Context<'_>, users: &[User], changes: &mut Changes) -> Result<(), Halt> {
    // not only in those noted with the users: `/user/update` changes that list alone
    let (teams, _) = cx.ask(&Query::All { table: Team::NAME.into() }, Team::read)?;
    let gone = |id: &Option<String>| users.iter().any(|user| Some(&user.user_id) == id.as_ref());
    for team in &teams {
        let mut left = members(team);
        let before = left.len();
        left.retain(|member| !gone(&member.user_id));
        if left.len() < before {
            let changed = Team { members_with_roles: column(&left), updated_at: cx.now(), ..team.clone() };
            changes.update(team, &changed);
        }
    }
    for user in users {
        changes.delete::<TeamMembership>("user_id", &user.user_id);
    }
    Ok(())
}
