//! `POST /team/delete`: deletes teams and their keys.

use super::changes::Changes;
use super::lookup;
use super::team_members::members;
use super::team_people::People;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::dict;
use crate::error::{Code, Refusal, messages};
use crate::request::Request;
use crate::tables::{Team, TeamMembership, VirtualKey};
use crate::types::DeleteTeamRequest;

/// Deletes all of them, or none if one does not exist.
pub(super) fn run(cx: &Context<'_>, _caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: DeleteTeamRequest = request.model()?;
    let reply = dict! { "deleted_teams" => asked.team_ids.clone() };
    let teams: Vec<Team> = lookup::rows(cx, "team_id", asked.team_ids.clone())?;
    if let Some(id) = asked.team_ids.iter().find(|id| !teams.iter().any(|team| team.team_id == **id)) {
        let message = dict! { "error" => messages::team_id_not_found(id) };
        return Err(Refusal::http(Code::TeamUnknown, 404, message).into());
    }
    let mut changes = Changes::default();
    if cx.strict() {
        changes.forget(&lookup::rows::<VirtualKey>(cx, "team_id", asked.team_ids.clone())?);
        leave(cx, &teams, &mut changes)?;
    }
    for team in &teams {
        changes.rely_on(team);
        changes.delete::<VirtualKey>("team_id", &team.team_id);
        changes.delete::<Team>("team_id", &team.team_id);
        changes.event("team_deleted", &team.team_id);
    }
    Ok(changes.answer(reply))
}

/// The reference leaves the team with its users and their budgets, for the next team of that name.
fn leave(cx: &Context<'_>, teams: &[Team], changes: &mut Changes) -> Result<(), Halt> {
    let mut ids: Vec<String> = Vec::new();
    for member in teams.iter().flat_map(members) {
        ids.extend(member.user_id.filter(|id| !ids.contains(id)));
    }
    let mut people = People::read(cx, ids.clone())?;
    let gone = |id: &String| teams.iter().any(|team| team.team_id == *id);
    for id in ids {
        if people.by_id(&id).is_some_and(|user| user.teams.iter().any(gone)) {
            people.change(&id, cx.now(), |user| user.teams.retain(|team| !gone(team)));
        }
    }
    people.write(changes);
    for team in teams {
        changes.delete::<TeamMembership>("team_id", &team.team_id);
    }
    Ok(())
}
