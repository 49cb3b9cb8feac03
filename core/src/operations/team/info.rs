//! `GET /team/info`: shows a team, its keys and its members' budgets.

use super::member_budget;
use super::memberships::Memberships;
use super::models;
use super::view;
use crate::caller::{Caller, or_none};
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::wrapped;
use crate::operations::key;
use crate::operations::key::held::HeldKeys;
use crate::operations::lookup;
use crate::operations::permission;
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Team, TeamMembership, VirtualKey};
use latchkey_contract::wire::Query;

/// Shows the team that `team_id` names.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    show(cx, caller, request).map(Outcome::reply).map_err(|halt| {
        let reference =
            |refusal: Refusal| refusal.wrapped(Kind::AuthError, messages::AUTHENTICATION_ERROR_PREFIX);
        wrapped(halt, cx.wrapping(reference))
    })
}

fn show(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Json, Halt> {
    let Some(team_id) = request.param("team_id") else {
        let message = dict! { "message" => messages::NO_TEAM_ID };
        return Err(Refusal::http(Code::RequestInvalid, 422, message).into());
    };
    let has_its_key = caller.sees_all() || caller.team_id.as_deref() == Some(team_id);
    if !has_its_key && !cx.closes(Hole::members_see_their_team) {
        return Err(foreign(caller, team_id).into());
    }
    if !team_id.contains('\0') {
        foresee_all(cx, team_id);
    }
    let team: Option<Team> = lookup::row(cx, "team_id", team_id)?;
    if cx.closes(Hole::members_see_their_team) && !may_see(caller, team_id, team.as_ref()) {
        return Err(foreign(caller, team_id).into());
    }
    let Some(team) = team else {
        let message = dict! { "message" => messages::team_not_found(team_id) };
        return Err(Refusal::http(Code::TeamUnknown, 404, message).into());
    };
    let held = HeldKeys::of_teams(cx, caller, std::slice::from_ref(&team))?;
    let budgets = key::view::budgets(cx, &held.keys)?;
    let budgets = key::view::by_id(&budgets);
    let models = models::of(cx, &team)?;
    let keys: Vec<Json> =
        held.keys.iter().map(|key| key::view::with_budget(cx.settings, key, &budgets)).collect();
    let memberships = Memberships::of_team(cx, caller, &team)?;
    let mut info = view::table(cx.settings, &team, models.as_ref(), iso_z);
    if cx.settings.keeps::<Team>("object_permission_id") {
        let permission = permission::of(cx, team.object_permission_id.as_deref())?;
        info.set("object_permission", permission::shown(cx, permission.as_ref()));
    }
    if cx.closes(Hole::limits_of_members_are_kept) {
        let shared = member_budget::default_of(cx, &team)?;
        let shared = shared.map(|budget| key::issue::budget_table(cx.settings, &budget, iso_z));
        info.set("team_member_budget_table", shared.into());
    }
    let mut shown = dict! {
        "team_id" => team_id,
        "team_info" => info,
        "keys" => keys,
        "team_memberships" => memberships.shown(cx)?,
    };
    held.mark(&mut shown);
    memberships.mark(&mut shown);
    Ok(shown)
}

/// Asks for the memberships and keys that are shown, where all of them are.
fn foresee_all(cx: &Context<'_>, team_id: &str) {
    if !cx.closes(Hole::memberships_of_teams_are_bounded) {
        cx.foresee([Query::one::<TeamMembership>("team_id", team_id)]);
    }
    if !cx.closes(Hole::keys_of_teams_and_users_are_bounded) {
        cx.foresee([Query::one::<VirtualKey>("team_id", team_id)]);
    }
}

/// Keys of the team see it, and in strict its members do.
fn may_see(caller: &Caller, team_id: &str, team: Option<&Team>) -> bool {
    let is_member = |team: &Team| caller.user_id.as_deref().and_then(|id| team.member_role(id)).is_some();
    caller.sees_all() || caller.team_id.as_deref() == Some(team_id) || team.is_some_and(is_member)
}

/// The refusal of a team that is not the caller's to see.
pub(crate) fn foreign(caller: &Caller, team_id: &str) -> Refusal {
    let message = messages::may_not_see_team(or_none(caller.team_id.as_deref()), team_id);
    Refusal::http(Code::OtherTeam, 403, message)
}
