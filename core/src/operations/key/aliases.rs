//! `GET /key/aliases`: lists the aliases of keys, page by page.

use super::list::Page;
use super::listing::{member_teams, noted};
use crate::caller::{Caller, DASHBOARD_TEAM_ID};
use crate::context::{Context, Halt, Outcome};
use crate::http::request::{self, Request};
use crate::types::query;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Table as _, VirtualKey};
use latchkey_contract::wire::{KeyFilter, KeyOrder, Query, Visibility};

/// Lists the aliases of the caller's keys and of those of the teams they are a member of; to admins all.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let params = &request.query;
    let mut problems = Vec::new();
    let number = noted(query::integer(params, "page", 1, 1, None), &mut problems);
    let size = noted(query::integer(params, "size", 50, 1, Some(100)), &mut problems);
    let (Some(number), Some(size)) = (number, size) else {
        return Err(request::invalid(&problems).into());
    };
    let page = Page::of(&number, &size)?;
    let named = |name: &str| request.param(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let visible_to = match caller.sees_all() {
        true => None,
        false => Some(Visibility {
            user_id: caller.user_id.clone(),
            team_ids: member_teams(cx, caller)?,
            tokens: caller.token.iter().cloned().collect(),
        }),
    };
    let filter = KeyFilter {
        visible_to,
        team_id: named("team_id"),
        alias_part: Some(named("search").unwrap_or_default()),
        without_team: Some(DASHBOARD_TEAM_ID.to_owned()),
        ..KeyFilter::default()
    };
    let order = KeyOrder { column: "key_alias".into(), descending: false };
    let query = Query::Keys { filter, order, offset: page.offset, limit: page.size, bytes: Some(0) };
    let (keys, total) = cx.ask(&query, VirtualKey::read)?;
    let aliases = keys.into_iter().filter_map(|key| key.key_alias).map(Json::Str).collect();
    let mut reply = page.reply("aliases", aliases, total);
    reply.set("size", (&size).into());
    Ok(Outcome::reply(reply))
}
