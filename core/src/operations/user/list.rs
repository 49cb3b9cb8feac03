//! `GET /user/list`: lists users, page by page.

use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::key::count;
use crate::operations::listing::{Asked, contains, is};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::User;
use latchkey_contract::wire::{Condition, Items};

/// The columns by which users can be sorted, in the order in which LiteLLM names them.
pub(crate) const SORTABLE: &[&str] = &[
    "user_id",
    "user_email",
    "created_at",
    "spend",
    "user_alias",
    "user_role",
    "max_budget",
    "updated_at",
    "sso_user_id",
];

/// Lists the users that the request's filters leave, with the number of their keys; only those who may see everything may
/// ask.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let page = Asked::read(&request.query, "page_size", 25)?;
    if !caller.sees_all() {
        return Err(refusal(403, Code::RouteForbidden, messages::USERS_ARE_FOR_ADMINS.to_owned()).into());
    }
    let order = order(request)?;
    let named = |name: &str| request.param(name).filter(|text| !text.is_empty());
    let ids = |name: &str| named(name).map(|all| all.split(',').map(str::trim).filter(|id| !id.is_empty()));
    let mut rows: Vec<Condition> = Vec::new();
    rows.extend(named("role").map(|role| is("user_role", [role])));
    if let Some(ids) = ids("user_ids") {
        let ids: Vec<&str> = ids.collect();
        match ids.as_slice() {
            [] => {}
            [id] => rows.push(contains(&["user_id"], id)),
            _ => rows.push(is("user_id", ids)),
        }
    }
    rows.extend(ids("sso_user_ids").map(|ids| is("sso_user_id", ids)));
    rows.extend(ids("organization_ids").map(|ids| is("organization_id", ids)));
    rows.extend(named("user_email").map(|part| contains(&["user_email"], part)));
    rows.extend(named("search").map(|part| contains(&["user_id", "user_email"], part)));
    let of_team =
        named("team").map(|id| Items { column: "teams".into(), member: None, values: vec![id.to_owned()] });
    let (users, total) = page.rows::<User>(cx, rows, of_team, order)?;
    let counts = count::each(cx, "user_id", users.iter().map(|user| user.user_id.clone()))?;
    let shown = users.iter().zip(counts).map(|(user, count)| {
        let mut row = view::plain(cx, user);
        row.set("key_count", count);
        row
    });
    Ok(Outcome::reply(page.reply("users", shown.collect::<Vec<Json>>(), total)))
}

/// The newest first unless asked otherwise; another column is sorted upwards.
fn order(request: &Request) -> Result<(&'static str, bool), Refusal> {
    let Some(asked) = request.param("sort_by").filter(|text| !text.is_empty()) else {
        return Ok(("created_at", true));
    };
    let Some(column) = SORTABLE.iter().find(|name| **name == asked) else {
        let message = messages::invalid_sort_column(SORTABLE);
        return Err(refusal(400, Code::RequestUnsupported, message).on("sort_by"));
    };
    match request.param("sort_order").unwrap_or("asc").to_ascii_lowercase().as_str() {
        "desc" => Ok((column, true)),
        "asc" | "" => Ok((column, false)),
        _ => {
            let message = messages::INVALID_SORT_ORDER.to_owned();
            Err(refusal(400, Code::RequestUnsupported, message).on("sort_order"))
        }
    }
}

fn refusal(status: u16, code: Code, message: String) -> Refusal {
    Refusal::http(code, status, dict! { "error" => message })
}
