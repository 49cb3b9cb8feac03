//! The team that a request names.

use crate::caller::DASHBOARD_TEAM_ID;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::operations::lookup;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Team, storable};

/// The team, or the refusal of an unknown one.
pub(crate) fn find(cx: &Context<'_>, team_id: &str) -> Result<Team, Halt> {
    storable::plain("team_id", team_id)?;
    cx.row("team_id", team_id)?
        .ok_or_else(|| Refusal::raised(Code::TeamUnknown, messages::team_not_in_db(team_id)).into())
}

/// The same in the words of LiteLLM 1.109.
pub(crate) fn find_today(cx: &Context<'_>, team_id: &str) -> Result<Team, Halt> {
    lookup::row(cx, "team_id", team_id)?.ok_or_else(|| {
        let message = dict! { "error" => messages::team_not_in_db(team_id) };
        Refusal::http(Code::TeamUnknown, 404, message).into()
    })
}

/// In strict no team is called like that of the dashboard's session keys, whose holders are free of some rules.
pub(crate) fn not_reserved(cx: &Context<'_>, field: &str, name: &Json) -> Result<(), Refusal> {
    let is_reserved = |name: &str| name.trim().eq_ignore_ascii_case(DASHBOARD_TEAM_ID);
    if !cx.closes(Hole::the_dashboards_team_is_reserved) || !name.as_str().is_some_and(is_reserved) {
        return Ok(());
    }
    let message = dict! { "error" => messages::reserved_team(field, DASHBOARD_TEAM_ID) };
    cx.judge("reserved_team", Err(Refusal::http(Code::IdTaken, 400, message).on(field)))
}
