//! `GET /user/filter/ui`: finds users by a part of their id or address, for forms.

use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::http::request::Request;
use crate::operations::listing::{Asked, contains, is};
use crate::operations::team;
use latchkey_contract::json::Json;
use latchkey_contract::tables::User;

/// Finds all users for who may see everything; for others themselves and the members of the teams they administer.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let page = Asked::read(&request.query, "page_size", 50)?;
    let named = |name: &str| request.param(name).filter(|text| !text.is_empty());
    let mut rows = Vec::new();
    if !caller.sees_all() && cx.closes(Hole::users_are_found_by_their_admins) {
        let ids = team::members::known_to(cx, caller)?;
        rows.push(is("user_id", ids.iter().map(String::as_str)));
    }
    rows.extend(named("user_id").map(|part| contains(&["user_id"], part)));
    rows.extend(named("user_email").map(|part| contains(&["user_email"], part)));
    rows.extend(named("search").map(|part| contains(&["user_id", "user_email"], part)));
    let (users, _) = page.rows::<User>(cx, rows, None, ("created_at", true))?;
    Ok(Outcome::reply(users.iter().map(view::named).collect::<Vec<Json>>()))
}
