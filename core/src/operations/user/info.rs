//! `GET /user/info`: shows a user, their keys and their teams; to a proxy admin without `user_id` everything.

use super::view;
use crate::caller::{Caller, DASHBOARD_TEAM_ID};
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::wrapped;
use crate::operations::key;
use crate::operations::key::held::HeldKeys;
use crate::operations::lookup;
use crate::operations::lookup::{Teams, by_id};
use crate::operations::team;
use crate::operations::team::view::naive;
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::order::{Names, distinct, sorted};
use latchkey_contract::tables::{Table, Team, User, VirtualKey};
use latchkey_contract::wire::Query;
use std::cmp::Ordering;

/// Shows the user that `user_id` names.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let user_id = match request.param("user_id") {
        // nobody is called so, and who sees no others means themselves
        None | Some("") if cx.closes(Hole::requests_without_a_user_mean_the_caller) => {
            caller.user_id.as_deref().filter(|_| !caller.is_proxy_admin())
        }
        user_id => user_id,
    };
    let reply =
        if user_id.is_none() && caller.is_proxy_admin() { everything(cx) } else { one(cx, caller, user_id) };
    reply.map(Outcome::reply).map_err(|halt| {
        let reference =
            |refusal: Refusal| refusal.wrapped(Kind::InternalServerError, messages::INTERNAL_ERROR_PREFIX);
        wrapped(halt, cx.wrapping(reference))
    })
}

fn one(cx: &Context<'_>, caller: &Caller, user_id: Option<&str>) -> Result<Json, Halt> {
    cx.foresee(user_id.map(|id| Query::one::<User>("user_id", id)));
    if !cx.closes(Hole::keys_of_teams_and_users_are_bounded) {
        cx.foresee(user_id.map(|id| Query::one::<VirtualKey>("user_id", id)));
    }
    let teams = team::list::select(cx, caller, user_id)?;
    let mut teams_shown: Vec<(Option<String>, Json)> = teams
        .iter()
        .map(|team| team.team_alias.clone())
        .zip(team::list::shown(cx, caller, &teams, user_id)?)
        .collect();
    let user: Option<User> = user_id.map_or(Ok(None), |id| lookup::row(cx, "user_id", id))?;
    let noted = match (&user, user_id, &caller.user_id) {
        (Some(user), _, _) => user.teams.clone(),
        (None, None, Some(own)) => cx.row::<User>("user_id", own)?.map(|own| own.teams).unwrap_or_default(),
        _ => Vec::new(),
    };
    let more = more_teams(cx, &teams, noted)?;
    teams_shown.extend(
        more.iter().map(|team| (team.team_alias.clone(), team::view::record(cx.settings, team, None))),
    );
    let teams_shown = team::list::sorted_by_alias(teams_shown, |(alias, _)| alias.as_deref());

    let held = keys(cx, user_id)?;
    let keys = &held.keys;
    let budgets = key::view::budgets(cx, keys)?;
    let budgets = key::view::by_id(&budgets);
    let spend: f64 = keys.iter().map(|key| key.spend).sum();
    let named: Vec<Team> = teams.into_iter().chain(more).collect();
    let named = by_id(&named);
    let printed = keys.iter().map(|key| {
        let mut json = key::view::with_budget(cx.settings, key, &budgets);
        if user_id.is_none() {
            json.set("expires", key.expires.map(iso_z).into());
        }
        (key, json)
    });
    let mut shown = dict! {
        "user_id" => user_id,
        "user_info" => user.map_or_else(|| dict! { "spend" => spend }, |user| view::record(cx, &user)),
        "keys" => printed.map(|(key, json)| with_team_alias(key, json, &named)).collect::<Vec<_>>(),
        "teams" => teams_shown.into_iter().map(|(_, team)| team).collect::<Vec<_>>(),
    };
    held.mark(&mut shown);
    Ok(shown)
}

/// The teams noted with the user that are not among `teams`.
fn more_teams(cx: &Context<'_>, teams: &[Team], noted: Vec<String>) -> Result<Vec<Team>, Halt> {
    let shown = Names::of(teams.iter().map(|team| &team.team_id));
    let ids: Vec<String> = distinct(noted).into_iter().filter(|id| !shown.contains(id)).collect();
    if ids.is_empty() { Ok(Vec::new()) } else { cx.rows("team_id", ids) }
}

/// The user's keys; without a user all, those that spent most first.
fn keys(cx: &Context<'_>, user_id: Option<&str>) -> Result<HeldKeys, Halt> {
    if let Some(id) = user_id {
        return HeldKeys::of_user(cx, id);
    }
    let mut held = HeldKeys::of_everybody(cx, true)?;
    held.keys = sorted(held.keys, |a, b| b.spend.partial_cmp(&a.spend).unwrap_or(Ordering::Equal));
    Ok(held)
}

/// A key with the name of its team. The reference prints the text `None` for a key without team.
fn with_team_alias(key: &VirtualKey, mut shown: Json, teams: &Teams<'_>) -> Json {
    let alias = match key.team_id.as_deref() {
        None | Some(DASHBOARD_TEAM_ID) => Some("None".to_owned()),
        Some(id) => teams.get(id).and_then(|team| team.team_alias.clone()),
    };
    shown.set("team_alias", alias.into());
    shown
}

/// All teams and all keys but those of the dashboard, as the reference's one SQL statement gives them.
fn everything(cx: &Context<'_>) -> Result<Json, Halt> {
    if !cx.closes(Hole::keys_of_teams_and_users_are_bounded) {
        cx.foresee([Query::All { table: VirtualKey::NAME.into() }]);
    }
    let teams = team::list::all(cx, None)?;
    let held = HeldKeys::of_everybody(cx, false)?;
    let teams = team::list::sorted_by_alias(teams, |team| team.team_alias.as_deref());
    let named = by_id(&teams);
    let shown = held
        .keys
        .iter()
        .filter(|key| key.team_id.as_deref() != Some(DASHBOARD_TEAM_ID))
        .map(|key| with_team_alias(key, key::view::aggregated(cx.settings, key), &named));
    let mut all = dict! {
        "user_id" => Json::Null,
        "user_info" => Json::Null,
        "keys" => shown.collect::<Vec<_>>(),
        "teams" => teams.iter().map(|team| team::view::table(cx.settings, team, None, naive)).collect::<Vec<_>>(),
    };
    held.mark(&mut all);
    Ok(all)
}
