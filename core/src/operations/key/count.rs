//! How many keys a user and a team have, where that decides.

use crate::caller::{Caller, Role};
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::http::request::{self, Body, Request};
use crate::rules::{Counts, Known};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Table as _, VirtualKey};
use latchkey_contract::wire::{CallerRows, KeyFilter, KeyOrder, Query};

/// The numbers of keys of `user_id` and of `team_id`; nobody counts what a proxy admin makes.
pub(crate) fn counts(
    cx: &Context<'_>,
    caller: &Caller,
    user_id: Option<&str>,
    team_id: Option<&str>,
) -> Result<Counts, Halt> {
    if !cx.closes(Hole::keys_are_counted) || caller.is_proxy_admin() {
        return Ok(Counts::UNKNOWN);
    }
    let (of_user, of_team) = (of_user(user_id), of_team(team_id));
    cx.foresee([&of_user, &of_team].into_iter().flatten().cloned());
    let count = |query: Option<Query>| match query {
        Some(query) => Ok::<_, Halt>(Known::Present(cx.ask(&query, VirtualKey::read)?.1)),
        None => Ok(Known::Absent),
    };
    Ok(Counts { user: count(of_user)?, team: count(of_team)? })
}

/// Asks how many keys the caller has, for whom a new key is made, and what else the texts of the body tell to ask.
pub(crate) fn ask_of(
    cx: &Context<'_>,
    request: &mut Request,
    rows: &CallerRows,
    role: Role,
) -> Result<(), Halt> {
    let is_counted = cx.closes(Hole::keys_are_counted) && role != Role::ProxyAdmin;
    let owner = rows.key.user_id.as_deref().filter(|id| is_counted && !id.is_empty());
    let Some(query) = of_user(owner) else { return Ok(()) };
    if cx.facts().answer(&query).is_some() {
        return Ok(());
    }
    request.body = request::glimpse(cx);
    let team_id = match &request.body {
        Body::Json(texts) => texts.get("team_id").and_then(Json::as_str),
        _ => None,
    };
    let team_id = team_id.or_else(|| cx.settings.default_team());
    cx.foresee([Some(query), of_team(team_id)].into_iter().flatten());
    Err(Halt::Missing)
}

fn of_user(user_id: Option<&str>) -> Option<Query> {
    named(user_id).map(|id| query(KeyFilter { user_id: Some(id), ..KeyFilter::default() }))
}

fn of_team(team_id: Option<&str>) -> Option<Query> {
    named(team_id).map(|id| query(KeyFilter { team_id: Some(id), ..KeyFilter::default() }))
}

/// The id, unless no key has such an owner: not every store takes the question.
fn named(id: Option<&str>) -> Option<String> {
    id.filter(|id| !id.contains('\0')).map(str::to_owned)
}

/// How many keys have each of these owners (`user_id`), or are of each of these teams.
pub(crate) fn each(
    cx: &Context<'_>,
    column: &str,
    ids: impl Iterator<Item = String>,
) -> Result<Vec<Json>, Halt> {
    let of = |id: String| match column {
        "user_id" => query(KeyFilter { user_id: Some(id), ..KeyFilter::default() }),
        _ => query(KeyFilter { team_id: Some(id), ..KeyFilter::default() }),
    };
    let queries: Vec<Query> = ids.map(of).collect();
    cx.foresee(queries.iter().cloned());
    let count = |query: &Query| {
        let (_, total) = cx.ask(query, VirtualKey::read)?;
        Ok(i64::try_from(total).unwrap_or(i64::MAX).into())
    };
    queries.iter().map(count).collect()
}

/// The number of keys, and none of their rows.
fn query(filter: KeyFilter) -> Query {
    let order = KeyOrder { column: "created_at".into(), descending: false };
    Query::Keys { filter, order, offset: 0, limit: 0, bytes: None }
}
