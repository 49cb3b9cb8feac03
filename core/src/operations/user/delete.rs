//! `POST /user/delete`: deletes users and their keys.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::lookup;
use crate::types::DeleteUserRequest;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{OrganizationMembership, Team, TeamMembership, User};
use latchkey_contract::wire::Items;

/// Deletes all of them, or none if one does not exist; answers how many.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: DeleteUserRequest = request.model()?;
    let users: Vec<User> = lookup::brief(cx, "user_id", asked.user_ids.clone())?;
    if let Some(id) = asked.user_ids.iter().find(|id| !users.iter().any(|user| user.user_id == **id)) {
        let message = dict! { "error" => messages::user_not_found(id) };
        return Err(Refusal::http(Code::UserUnknown, 404, message).into());
    }
    let mut changes = Changes::default();
    let ids: Vec<String> = users.iter().map(|user| user.user_id.clone()).collect();
    changes.delete_keys(cx, caller, &[("user_id", &ids)]);
    if cx.closes(Hole::deleted_users_and_teams_leave_nothing) {
        leave_teams(cx, &ids, &mut changes);
    }
    for id in &ids {
        changes.require::<User>(id);
        changes.delete::<User>("user_id", id);
        changes.event("user_deleted", id);
    }
    Ok(changes.answer(Json::Int(i64::try_from(ids.len()).unwrap_or(i64::MAX))))
}

/// The reference leaves deleted users in their teams and organizations, where the next user of that name finds their rights.
/// They are looked for in all teams, not only in those noted with the users: `/user/update` changes that list alone.
fn leave_teams(cx: &Context<'_>, ids: &[String], changes: &mut Changes) {
    let members =
        Items { column: "members_with_roles".into(), member: Some("user_id".into()), values: ids.to_vec() };
    changes.take::<Team>(&[], members, cx.now());
    changes.delete_all::<TeamMembership>(&[("user_id", ids)]);
    if cx.settings.lacking.has_table::<OrganizationMembership>() {
        changes.delete_all::<OrganizationMembership>(&[("user_id", ids)]);
    }
}
