//! How many keys a user and a team have, where that decides.

use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::rules::{Counts, Known};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Table as _, VirtualKey};
use latchkey_contract::wire::{KeyFilter, KeyOrder, Query};

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
    // no key has such an owner, and not every store takes the question
    let named = |id: Option<&str>| id.filter(|id| !id.contains('\0')).map(str::to_owned);
    let of_user = named(user_id).map(|id| query(KeyFilter { user_id: Some(id), ..KeyFilter::default() }));
    let of_team = named(team_id).map(|id| query(KeyFilter { team_id: Some(id), ..KeyFilter::default() }));
    cx.foresee([&of_user, &of_team].into_iter().flatten().cloned());
    let count = |query: Option<Query>| match query {
        Some(query) => Ok::<_, Halt>(Known::Present(cx.ask(&query, VirtualKey::read)?.1)),
        None => Ok(Known::Absent),
    };
    Ok(Counts { user: count(of_user)?, team: count(of_team)? })
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
