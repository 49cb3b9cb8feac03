//! `GET /team/available`: shows the teams that the operator opened and that the caller is not in.

use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Refusal};
use crate::http::request::Request;
use crate::operations::lookup;
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Team, User};

/// Shows them to a user who is stored.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    let preset = cx.settings.default_user_params.iter().find(|(name, _)| name == "available_teams");
    let Some(open) = preset.and_then(|(_, teams)| teams.as_list()) else {
        return Ok(Outcome::reply(Vec::<Json>::new()));
    };
    let user: Option<User> = match caller.user_id.as_deref() {
        Some(id) => lookup::row(cx, "user_id", id)?,
        None => None,
    };
    let Some(user) = user else {
        return Err(Refusal::http(Code::UserUnknown, 404, dict! { "error" => "User not found" }).into());
    };
    let ids = open.iter().filter_map(Json::as_str).filter(|id| !user.teams.iter().any(|own| own == id));
    let mut teams: Vec<Team> = lookup::rows(cx, "team_id", ids.map(str::to_owned).collect())?;
    // who the members are, only they themselves learn
    for team in &mut teams {
        team.members_with_roles = super::members::column(&[]);
        team.admins.clear();
        team.members.clear();
    }
    Ok(Outcome::reply(
        teams.iter().map(|team| view::table(cx.settings, team, None, iso_z)).collect::<Vec<_>>(),
    ))
}
