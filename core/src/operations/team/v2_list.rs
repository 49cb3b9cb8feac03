//! `GET /v2/team/list`: lists teams, page by page.

use super::list::{having, may_list};
use super::members::members;
use super::{models, view};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::archive;
use crate::operations::key::count;
use crate::operations::listing::{Asked, contains, is};
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::tables::{DeletedTeam, Team};
use latchkey_contract::wire::Condition;

/// The columns by which teams can be sorted; any other word counts for nothing.
pub(crate) const SORTABLE: &[&str] = &["team_id", "team_alias", "created_at"];

/// Lists the teams of the user that `user_id` names, or all.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let named = |name: &str| request.param(name).filter(|text| !text.is_empty());
    let page = Asked::read(&request.query, "page_size", 10)?;
    may_list(caller, request.param("user_id"))?;
    let status = named("status");
    if status.is_some_and(|status| status != "deleted") {
        let message = dict! { "error" => messages::INVALID_TEAM_STATUS };
        return Err(Refusal::http(Code::RequestUnsupported, 400, message).on("status").into());
    }
    let mut rows = Vec::new();
    rows.extend(named("team_id").map(|id| is("team_id", [id])));
    rows.extend(named("organization_id").map(|id| is("organization_id", [id])));
    rows.extend(named("team_alias").map(|part| contains(&["team_alias"], part)));
    rows.extend(named("search").map(|part| contains(&["team_alias", "team_id"], part)));
    let sort_by = named("sort_by").and_then(|word| SORTABLE.iter().copied().find(|name| *name == word));
    let descending =
        sort_by.is_none() || named("sort_order").is_some_and(|word| word.eq_ignore_ascii_case("desc"));
    let order = (sort_by.unwrap_or("created_at"), descending);
    if status.is_some() {
        return deleted(cx, caller, &page, rows, named("user_id"), order);
    }
    let (teams, total) = page.rows::<Team>(cx, rows, named("user_id").map(having), order)?;
    let counts = count::each(cx, "team_id", teams.iter().map(|team| team.team_id.clone()));
    let models: Vec<_> = teams.iter().map(|team| models::of(cx, team)).collect();
    let mut shown = Vec::with_capacity(teams.len());
    for ((team, count), models) in teams.iter().zip(counts?).zip(models) {
        let mut row = view::table(cx.settings, team, models?.as_ref(), iso_z);
        row.set("members_count", i64::try_from(members(team).len()).unwrap_or(i64::MAX).into());
        row.set("keys_count", count);
        shown.push(row);
    }
    Ok(Outcome::reply(page.reply("teams", shown, total)))
}

/// Lists deleted teams, for those who see all: a member's name may be another user's by now.
fn deleted(
    cx: &Context<'_>,
    caller: &Caller,
    page: &Asked,
    mut rows: Vec<Condition>,
    user_id: Option<&str>,
    order: (&'static str, bool),
) -> Result<Outcome, Halt> {
    if archive::is_limited(cx, caller) {
        rows.push(is("team_id", []));
    }
    let (found, total) = page.rows::<DeletedTeam>(cx, rows, user_id.map(having), order)?;
    let shown = found.iter().map(|row| {
        let mut shown = view::table(cx.settings, &row.team, None, iso_z);
        for (name, value) in archive::about(caller, row, iso_z) {
            shown.set(name, value);
        }
        shown
    });
    Ok(Outcome::reply(page.reply("teams", shown.collect(), total)))
}
