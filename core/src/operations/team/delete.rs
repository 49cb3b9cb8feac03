//! `POST /team/delete`: deletes teams and their keys.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::lookup;
use crate::types::DeleteTeamRequest;
use latchkey_contract::dict;
use latchkey_contract::tables::{Team, TeamMembership};

/// Deletes all of them, or none if one does not exist.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: DeleteTeamRequest = request.model()?;
    let reply = dict! { "deleted_teams" => asked.team_ids.clone() };
    let teams: Vec<Team> = lookup::brief(cx, "team_id", asked.team_ids.clone())?;
    if let Some(id) = asked.team_ids.iter().find(|id| !teams.iter().any(|team| team.team_id == **id)) {
        let message = dict! { "error" => messages::team_id_not_found(id) };
        return Err(Refusal::http(Code::TeamUnknown, 404, message).into());
    }
    let mut changes = Changes::default();
    let ids: Vec<String> = teams.iter().map(|team| team.team_id.clone()).collect();
    changes.archive_teams(cx, caller, &ids);
    changes.delete_keys(cx, caller, &[("team_id", &ids)]);
    if cx.closes(Hole::deleted_users_and_teams_leave_nothing) {
        // the reference leaves the team with its users and their budgets, for the next team of that name
        changes.forget_teams(&ids, cx.now());
        changes.delete_all::<TeamMembership>(&[("team_id", &ids)]);
    }
    for id in &ids {
        changes.require::<Team>(id);
        changes.delete::<Team>("team_id", id);
        changes.event("team_deleted", id);
    }
    Ok(changes.answer(reply))
}
