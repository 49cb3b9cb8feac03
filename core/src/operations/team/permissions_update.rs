//! `POST /team/permissions_update`: says what members of a team may do with its keys.

use super::find::find_today;
use super::members::{manages, not_manager, seen_by_managers};
use super::permissions::{are_known, refuse};
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::time::iso_z;
use crate::types::TeamPermissionsRequest;
use latchkey_contract::tables::Team;

const ROUTE: &str = "/team/permissions_update";

/// Stores the list for admins of the team.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: TeamPermissionsRequest = request.model()?;
    let team_id = asked.team_id.as_str();
    let team = seen_by_managers(cx, caller, find_today(cx, team_id), ROUTE, team_id)?;
    if !manages(cx, caller, &team) {
        return Err(not_manager(ROUTE, team_id).into());
    }
    let list = asked.team_member_permissions;
    are_known(cx, list.iter().map(String::as_str))?;
    if !cx.settings.lacking.has_column::<Team>("team_member_permissions") {
        refuse(cx, "the database has no column for permissions of members".to_owned())?;
    }
    let changed = Team { team_member_permissions: Some(list.clone()), updated_at: cx.now(), ..team.clone() };
    let mut changes = Changes::default();
    changes.update(&team, &changed);
    changes.event("team_permissions_updated", team_id);
    let mut shown = view::table(cx.settings, &changed, None, iso_z);
    shown.set("team_member_permissions", list.into());
    Ok(changes.answer(shown))
}
