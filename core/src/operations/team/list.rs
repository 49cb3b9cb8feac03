//! `GET /team/list`: shows the teams with their keys, all of them or those of one user.

use super::memberships::Memberships;
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::key;
use crate::operations::key::held::HeldKeys;
use crate::operations::lookup::{distinct_ids, oldest};
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::order::sorted;
use latchkey_contract::tables::{Table, Team, TeamMembership, VirtualKey};
use latchkey_contract::wire::{Items, Query};

/// Shows the teams of the user that `user_id` names, or all.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let user_id = request.param("user_id");
    let teams = select(cx, caller, user_id)?;
    Ok(Outcome::reply(shown(cx, caller, &teams, user_id)?))
}

/// The teams, by name. A user who is a member twice gets the team twice.
pub(crate) fn select(cx: &Context<'_>, caller: &Caller, user_id: Option<&str>) -> Result<Vec<Team>, Halt> {
    may_list(caller, user_id)?;
    let member = user_id.filter(|id| !id.is_empty());
    let all = all(cx, member)?;
    let teams = match member {
        None => all,
        Some(id) => {
            let times = |team: &Team| {
                if team.told.is_cut {
                    return 1;
                }
                let members = super::members::members(team);
                members.iter().filter(|member| member.user_id.as_deref() == Some(id)).count()
            };
            all.into_iter().flat_map(|team| std::iter::repeat_n(team.clone(), times(&team))).collect()
        }
    };
    Ok(sorted_by_alias(teams, |team| team.team_alias.as_deref()))
}

/// Who may not see everything lists the own teams, and says so.
pub(crate) fn may_list(caller: &Caller, user_id: Option<&str>) -> Result<(), Refusal> {
    if caller.sees_all() || (user_id.is_some() && user_id == caller.user_id.as_deref()) {
        return Ok(());
    }
    let message = dict! { "error" => messages::other_teams(caller.role_text()) };
    Err(Refusal::http(Code::OtherTeam, 401, message))
}

/// Teams in one answer; `/v2/team/list` shows all of them page by page.
const MOST: u64 = 1_000;

/// Bytes of the teams' lists and documents.
const BYTES: u64 = 1 << 20;

/// The teams of `member`, or all, so many at the most; the reference looks through all of them in any case.
pub(crate) fn all(cx: &Context<'_>, member: Option<&str>) -> Result<Vec<Team>, Halt> {
    let query = match member {
        _ if !cx.closes(Hole::large_documents_are_left_out_of_lists) => {
            Query::All { table: Team::NAME.into() }
        }
        Some(id) if id.contains('\0') => return Ok(Vec::new()),
        member => oldest::<Team>(member.map(having), MOST, BYTES),
    };
    Ok(cx.ask(&query, Team::read)?.0)
}

/// That this user is among the members of a team.
pub(crate) fn having(member: &str) -> Items {
    Items {
        column: "members_with_roles".into(),
        member: Some("user_id".into()),
        values: vec![member.to_owned()],
    }
}

/// Sorts by a name that may be missing.
pub(crate) fn sorted_by_alias<T>(list: Vec<T>, alias: impl Fn(&T) -> Option<&str>) -> Vec<T> {
    sorted(list, |a, b| alias(a).unwrap_or_default().cmp(alias(b).unwrap_or_default()))
}

/// The teams with the keys and memberships that the caller may see.
pub(crate) fn shown(
    cx: &Context<'_>,
    caller: &Caller,
    teams: &[Team],
    user_id: Option<&str>,
) -> Result<Vec<Json>, Halt> {
    let ids = distinct_ids(teams.iter());
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    if !cx.closes(Hole::keys_of_teams_and_users_are_bounded) {
        cx.foresee([Query::many::<VirtualKey>("team_id", ids.clone())]);
    }
    let memberships = match user_id {
        Some(user_id) if cx.closes(Hole::member_budgets_are_found) => {
            Memberships::of_user(cx, user_id, &ids)?
        }
        _ => Memberships::of_teams(cx, ids)?,
    };
    // the reference looks for a user called `None` where none is named
    let is_meant = |row: &TeamMembership| {
        cx.closes(Hole::member_budgets_are_found) || row.user_id == user_id.unwrap_or("None")
    };
    let memberships = memberships.only(is_meant);
    let printed = memberships.shown(cx)?;
    let held = HeldKeys::of_teams(cx, caller, teams)?;
    let rows = by_team(memberships.rows.iter().map(|row| row.team_id.as_str()).zip(printed));
    let team_id = |key: &VirtualKey| key.team_id.clone().unwrap_or_default();
    let ids: Vec<String> = held.keys.iter().map(team_id).collect();
    let keys = by_team(
        ids.iter().map(String::as_str).zip(held.keys.iter().map(|key| key::view::alone(cx.settings, key))),
    );
    Ok(teams
        .iter()
        .map(|team| {
            let mut shown = view::table(cx.settings, team, None, iso_z);
            shown.set("team_memberships", of_team(&rows, &team.team_id));
            shown.set("keys", of_team(&keys, &team.team_id));
            held.mark(&mut shown);
            memberships.mark(&mut shown);
            shown
        })
        .collect())
}

/// What belongs to teams, in the order of their ids; of one team in the order it came.
fn by_team<'i>(all: impl Iterator<Item = (&'i str, Json)>) -> Vec<(&'i str, Json)> {
    sorted(all.collect(), |(one, _), (other, _)| one.cmp(other))
}

fn of_team(all: &[(&str, Json)], team_id: &str) -> Json {
    let from = all.partition_point(|(id, _)| *id < team_id);
    let own = all.get(from..).unwrap_or_default().iter().take_while(|(id, _)| *id == team_id);
    Json::List(own.map(|(_, json)| json.clone()).collect())
}
