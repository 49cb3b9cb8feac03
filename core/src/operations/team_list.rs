//! `GET /team/list`: shows the teams with their keys, all of them or those of one user.

use super::held_keys::HeldKeys;
use super::{key_view, team_info, team_view};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::contract::Query;
use crate::dict;
use crate::error::{Code, Refusal, messages};
use crate::json::Json;
use crate::order::sorted;
use crate::request::Request;
use crate::tables::{Table, Team, TeamMembership, VirtualKey};
use crate::time::iso_z;

/// Shows the teams of the user that `user_id` names, or all.
pub(super) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let user_id = request.param("user_id");
    let teams = select(cx, caller, user_id)?;
    Ok(Outcome::reply(shown(cx, caller, &teams, user_id)?))
}

/// The teams, by name. A user who is a member twice gets the team twice.
pub(super) fn select(cx: &Context<'_>, caller: &Caller, user_id: Option<&str>) -> Result<Vec<Team>, Halt> {
    let own = user_id.is_some() && user_id == caller.user_id.as_deref();
    if !caller.sees_all() && !own {
        let message = dict! { "error" => messages::other_teams(caller.role_text()) };
        return Err(Refusal::http(Code::OtherTeam, 401, message).into());
    }
    let (all, _) = cx.ask(&Query::All { table: Team::NAME.into() }, Team::read)?;
    let teams = match user_id.filter(|id| !id.is_empty()) {
        None => all,
        Some(id) => {
            let times = |team: &Team| {
                let members = super::team_members::members(team);
                members.iter().filter(|member| member.user_id.as_deref() == Some(id)).count()
            };
            all.into_iter().flat_map(|team| std::iter::repeat_n(team.clone(), times(&team))).collect()
        }
    };
    Ok(sorted_by_alias(teams, |team| team.team_alias.as_deref()))
}

/// Sorts by a name that may be missing.
pub(super) fn sorted_by_alias<T>(list: Vec<T>, alias: impl Fn(&T) -> Option<&str>) -> Vec<T> {
    sorted(list, |a, b| alias(a).unwrap_or_default().cmp(alias(b).unwrap_or_default()))
}

/// The teams with the keys and memberships that the caller may see.
pub(super) fn shown(
    cx: &Context<'_>,
    caller: &Caller,
    teams: &[Team],
    user_id: Option<&str>,
) -> Result<Vec<Json>, Halt> {
    let mut ids: Vec<String> = Vec::new();
    for team in teams {
        if !ids.contains(&team.team_id) {
            ids.push(team.team_id.clone());
        }
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    if !cx.strict() {
        cx.foresee([Query::many::<VirtualKey>("team_id", ids.clone())]);
    }
    let mut memberships: Vec<TeamMembership> = cx.rows("team_id", ids)?;
    // the reference looks for a user called `None` where none is named
    if user_id.is_some() || !cx.strict() {
        memberships.retain(|row| row.user_id == user_id.unwrap_or("None"));
    }
    let printed = team_info::shown(cx, &memberships)?;
    let held = HeldKeys::of_teams(cx, caller, teams)?;
    Ok(teams
        .iter()
        .map(|team| {
            let of_team = |row: &&TeamMembership| row.team_id == team.team_id;
            let keys = held.keys.iter().filter(|key| key.team_id.as_ref() == Some(&team.team_id));
            let rows = memberships.iter().zip(&printed).filter(|(row, _)| of_team(row));
            let mut shown = team_view::table(team, None, iso_z);
            shown.set("team_memberships", rows.map(|(_, json)| json.clone()).collect::<Vec<_>>().into());
            shown.set("keys", keys.map(key_view::alone).collect::<Vec<_>>().into());
            held.mark(&mut shown);
            shown
        })
        .collect())
}
