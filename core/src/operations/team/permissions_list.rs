//! `GET /team/permissions_list`: shows what members of a team may do with its keys.

use super::find::find_today;
use super::members::{manages, not_manager, seen_by_managers};
use super::permissions::PERMISSIONS;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::http::request::Request;
use latchkey_contract::dict;
use latchkey_contract::tables::Team;

/// What LiteLLM names in the refusal, whichever of its routes is meant.
const ROUTE: &str = "/team/member_add";

/// Shows it to admins of the team.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let team_id = request.param("team_id").unwrap_or("None");
    let team: Team = seen_by_managers(cx, caller, find_today(cx, team_id), ROUTE, team_id)?;
    if !caller.sees_all() && !manages(cx, caller, &team) {
        return Err(not_manager(ROUTE, team_id).into());
    }
    Ok(Outcome::reply(dict! {
        "team_id" => team.team_id,
        "team_member_permissions" => team.team_member_permissions.unwrap_or_default(),
        "all_available_permissions" => PERMISSIONS.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(),
    }))
}
