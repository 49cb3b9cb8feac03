//! `GET /key/list`: lists virtual keys, page by page.

use super::held::INCOMPLETE;
use super::info::{deleted, readable};
use super::listing::Listing;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::{self, Request};
use crate::operations::user;
use crate::types::KeyListQuery;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;
use latchkey_contract::order::Names;
use latchkey_contract::tables::{DeletedKey, Table as _, User, VirtualKey};
use latchkey_contract::wire::{Condition, KeyFilter, KeyOrder, Query};

/// Bytes of the lists and documents of a page.
const BYTES: u64 = 256 << 10;

/// Lists the keys that the request's filters leave. The reference shows all of them to whoever may use the route.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let listing = if cx.closes(Hole::key_list_is_open_to_every_role) {
        Listing::read(cx, caller, &request.query)?
    } else {
        as_the_reference(&request.query)?
    };
    let Listing { filter, order, whole, with_users, .. } = listing;
    let page = Page::of(&listing.page, &listing.size)?;
    let is_archive = filter.archived;
    let query =
        Query::Keys { filter, order, offset: page.offset, limit: page.size, bytes: whole.then_some(BYTES) };
    let (archived, keys, total) = if is_archive {
        let (rows, total) = cx.ask(&query, DeletedKey::read)?;
        let keys = rows.iter().map(|row| row.key.clone()).collect();
        (rows, keys, total)
    } else {
        let (keys, total) = cx.ask(&query, VirtualKey::read)?;
        (Vec::new(), keys, total)
    };
    let is_cut = keys.iter().any(|key| key.told.is_cut);
    let users = if with_users { owners(cx, &keys)? } else { Vec::new() };
    let mut archived = archived.iter();
    let show = |key: VirtualKey| {
        let mut shown = match (whole, archived.next()) {
            (true, Some(row)) => deleted(cx, caller, row),
            (true, None) => readable(cx, &key),
            (false, _) => Json::Str(key.token),
        };
        if with_users {
            let owner = users.iter().find(|user| Some(&user.user_id) == key.user_id.as_ref());
            shown.set("user", owner.map(|owner| seen_by(cx, caller, owner)).into());
        }
        shown
    };
    let mut reply = page.reply("keys", keys.into_iter().map(show).collect(), total);
    if is_cut {
        reply.set(INCOMPLETE, false.into());
    }
    Ok(Outcome::reply(reply))
}

/// The users who own the keys.
fn owners(cx: &Context<'_>, keys: &[VirtualKey]) -> Result<Vec<User>, Halt> {
    let ids = Names::of(keys.iter().filter_map(|key| key.user_id.as_ref())).to_vec();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let page = Query::Page {
        table: User::NAME.into(),
        limit: ids.len() as u64,
        rows: vec![Condition::In { column: "user_id".into(), values: ids }],
        having: None,
        order: KeyOrder { column: "user_id".into(), descending: false },
        offset: 0,
        bytes: BYTES,
    };
    Ok(cx.ask(&page, User::read)?.0)
}

/// A user as the caller sees them: others than admins see of others who they are.
fn seen_by(cx: &Context<'_>, caller: &Caller, user: &User) -> Json {
    match caller.sees_all() || caller.user_id.as_ref() == Some(&user.user_id) {
        true => user::view::record(cx, user),
        false => user::view::named(user),
    }
}

fn as_the_reference(query: &[(String, String)]) -> Result<Listing, Refusal> {
    let asked = KeyListQuery::read(query).map_err(|problems| request::invalid(&problems))?;
    only_known(query, &KeyListQuery::NAMES)?;
    let filter = KeyFilter {
        user_id: filled(asked.user_id),
        team_id: filled(asked.team_id),
        key_alias: filled(asked.key_alias),
        ..KeyFilter::default()
    };
    let order = KeyOrder { column: "token".into(), descending: false };
    Ok(Listing { page: asked.page, size: asked.size, filter, order, whole: false, with_users: false })
}

/// One page of a listing.
#[derive(Debug)]
pub(crate) struct Page {
    number: u64,
    /// Rows to return at the most.
    pub(crate) size: u64,
    /// Rows to pass over.
    pub(crate) offset: u64,
}

impl Page {
    /// The page with this number, from 1 on.
    pub(crate) fn of(number: &Integer, size: &Integer) -> Result<Self, Refusal> {
        let whole = |value: &Integer| value.to_i64().and_then(|value| u64::try_from(value).ok());
        let page = whole(number).zip(whole(size)).and_then(|(number, size)| {
            let offset = number.checked_sub(1)?.checked_mul(size)?;
            i64::try_from(offset).ok().map(|_| Self { number, size, offset })
        });
        page.ok_or_else(|| {
            let message = format!("page `{number}` is beyond any listing");
            Refusal::error(Code::RequestUnsupported, 400, Kind::BadRequestError, "page", message)
        })
    }

    /// What is on the page, under `name`, and where in the listing it stands.
    pub(crate) fn reply(&self, name: &'static str, rows: Vec<Json>, total: u64) -> Json {
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        dict! {
            name => rows,
            "total_count" => number(total),
            "current_page" => number(self.number),
            "total_pages" => number(total.div_ceil(self.size.max(1))),
        }
    }
}

/// An empty filter is none.
fn filled(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.is_empty())
}

/// Refuses parameters that are none, by name.
pub(crate) fn only_known(query: &[(String, String)], known: &[&str]) -> Result<(), Refusal> {
    let mut unknown: Vec<&str> = Vec::new();
    for (name, _) in query {
        if !known.contains(&name.as_str()) && !unknown.contains(&name.as_str()) {
            unknown.push(name);
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let names = unknown.join(", ");
    let message = messages::unsupported_parameters(&names, &known.join(", "));
    Err(Refusal::error(Code::RequestUnsupported, 400, Kind::BadRequestError, names, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_beyond_64_bits_is_refused() {
        let page = |number: &str| Page::of(&Integer::parse(number).expect("a number"), &Integer::from(100));
        assert_eq!(page("3").map(|page| page.offset), Ok(200));
        assert_eq!(page("92233720368547760").map_err(|refusal| refusal.status).map(|_| ()), Err(400));
        assert!(page("99999999999999999999").is_err());
    }

    #[test]
    fn the_last_page_may_be_a_part_of_one() {
        let page = Page { number: 2, size: 5, offset: 5 };
        assert_eq!(page.reply("keys", Vec::new(), 11).get("total_pages"), Some(&Json::Int(3)));
        assert_eq!(page.reply("keys", Vec::new(), 0).get("total_pages"), Some(&Json::Int(0)));
    }

    #[test]
    fn unknown_parameters_are_named_once() {
        let query = request::query("foo=1&page=2&foo=3&Page=1");
        let refusal = only_known(&query, &KeyListQuery::NAMES).expect_err("unknown");
        assert_eq!(refusal.param(), Some(&Json::from("foo, Page")));
    }
}
