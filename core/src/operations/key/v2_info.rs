//! `POST /v2/key/info`: shows several virtual keys.

use super::delete::{found_by_former, teams_of};
use super::held::HeldKeys;
use super::info::readable;
use super::issue::budget_table;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::lookup::{by_id, team_of};
use crate::rules::may_see_key;
use crate::types::KeyRequest;
use latchkey_contract::json::Json;
use latchkey_contract::order::{Names, sorted};
use latchkey_contract::tables::{Budget, Table, VirtualKey};
use latchkey_contract::wire::Query;
use latchkey_contract::{dict, mint};

/// Shows the keys that the request names. The reference shows every key to everyone, and all keys to who names none by
/// its hash.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let Some(asked) = request.optional_model::<KeyRequest>()? else { return Err(malformed().into()) };
    let names = asked.keys.into_value();
    if cx.closes(Hole::infos_are_for_their_owners) {
        return visible(cx, caller, names, asked.key_aliases.into_value().unwrap_or_default());
    }
    let keys: Vec<VirtualKey> = match &names {
        Some(names) => cx.rows("token", names.iter().map(|name| mint::token_if_key(name)).collect())?,
        None => cx.ask(&Query::All { table: VirtualKey::NAME.into() }, VirtualKey::read)?.0,
    };
    let keys = sorted(keys, |a, b| b.spend.total_cmp(&a.spend));
    let budgets = budgets(cx, &keys)?;
    let shown: Vec<Json> = keys.iter().map(|key| show(cx, key, &budgets)).collect();
    Ok(Outcome::reply(dict! { "key" => names.map(Json::from), "info" => shown }))
}

/// Shows those of the named keys that the caller may see, as if there were no others.
fn visible(
    cx: &Context<'_>,
    caller: &Caller,
    names: Option<Vec<String>>,
    aliases: Vec<String>,
) -> Result<Outcome, Halt> {
    let mut tokens: Vec<String> = names.iter().flatten().map(|name| mint::token_if_key(name)).collect();
    cx.foresee([
        Query::many::<VirtualKey>("token", tokens.clone()),
        Query::many::<VirtualKey>("key_alias", aliases.clone()),
    ]);
    let mut found = cx.brief::<VirtualKey>("token", tokens.clone())?;
    found_by_former(cx, &mut tokens, &mut found, |column, values| cx.brief(column, values))?;
    found.extend(cx.brief::<VirtualKey>("key_alias", aliases)?);
    let teams = teams_of(cx, &found)?;
    let teams = by_id(&teams);
    found.retain(|key| may_see_key(cx.settings, caller, &key.token, key, team_of(key, &teams)).is_ok());
    let held = HeldKeys::named(cx, &Names::of(found.iter().map(|key| &key.token)).to_vec())?;
    let budgets = budgets(cx, &held.keys)?;
    let shown: Vec<Json> = held.keys.iter().map(|key| show(cx, key, &budgets)).collect();
    let mut answer = dict! { "key" => names.map(Json::from), "info" => shown };
    held.mark(&mut answer);
    Ok(Outcome::reply(answer))
}

/// The budgets of the keys.
fn budgets(cx: &Context<'_>, keys: &[VirtualKey]) -> Result<Vec<Budget>, Halt> {
    let ids = Names::of(keys.iter().filter_map(|key| key.budget_id.as_ref()));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    cx.rows("budget_id", ids.to_vec())
}

fn show(cx: &Context<'_>, key: &VirtualKey, budgets: &[Budget]) -> Json {
    let budget = budgets.iter().find(|budget| Some(&budget.budget_id) == key.budget_id.as_ref());
    let mut info = readable(cx, key);
    let budget =
        budget.map_or(Json::Null, |budget| budget_table(cx.settings, budget, crate::time::isoformat));
    info.set("litellm_budget_table", budget);
    info
}

fn malformed() -> Refusal {
    let message = dict! { "message" => messages::NO_KEYS_PASSED };
    Refusal::http(Code::RequestInvalid, 422, message).wrapped(Kind::InternalServerError, "")
}
