//! `POST /team/block`: takes all keys of a team out of service.

use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::lookup;
use crate::types::BlockTeamRequest;
use latchkey_contract::dict;
use latchkey_contract::tables::Team;

/// Blocks the team.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    set_blocked(cx, caller, request, true)
}

/// Sets or takes away the mark of a blocked team, and shows the team.
pub(crate) fn set_blocked(
    cx: &Context<'_>,
    caller: &Caller,
    request: &Request,
    blocked: bool,
) -> Result<Outcome, Halt> {
    let asked: BlockTeamRequest = request.model()?;
    let team = for_admins(cx, caller, &asked.team_id)?;
    let row = Team { blocked, updated_at: cx.now(), ..team.clone() };
    let mut changes = Changes::default();
    changes.update(&team, &row);
    changes.event(if blocked { "team_blocked" } else { "team_unblocked" }, &team.team_id);
    Ok(changes.answer(view::record(cx.settings, &row, None)))
}

/// The team, for a proxy admin.
pub(crate) fn for_admins(cx: &Context<'_>, caller: &Caller, team_id: &str) -> Result<Team, Halt> {
    if !caller.is_proxy_admin() && cx.closes(Hole::viewers_change_nothing) {
        let message = messages::role_forbidden(caller.role_text(), "/team");
        return Err(Refusal::http(Code::RouteForbidden, 403, message).into());
    }
    lookup::row::<Team>(cx, "team_id", team_id)?.ok_or_else(|| {
        let message = dict! { "error" => messages::team_passed_not_found(team_id) };
        Refusal::http(Code::TeamUnknown, 404, message).into()
    })
}
