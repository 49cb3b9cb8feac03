//! `POST /team/member_add`: lets users join a team.

use super::find::{find, not_reserved};
use super::join::Joining;
use super::member_budget;
use super::members::{
    TeamMember, column, listed, manages, members, not_manager, not_too_many, seen_by_managers,
};
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::fields;
use crate::operations::user;
use crate::settings::Settings;
use crate::time::iso_z;
use crate::types::{Members, TeamMemberAddRequest};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, str_of};
use latchkey_contract::order::Names;
use latchkey_contract::tables::Team;
use std::collections::BTreeMap;

/// Adds the members.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: TeamMemberAddRequest = request.model()?;
    let (team_id, newcomers) = (asked.team_id.as_str(), newcomers(&asked.member));
    not_too_many(cx, "member", newcomers.len())?;
    admins_are_premium(cx, &asked.member)?;
    not_reserved(cx, "team_id", &team_id.into())?;
    fields::judge_amounts(cx, &fields::mentioned(&asked))?;
    let limits = member_budget::given(&member_budget::limits(cx, fields::mentioned(&asked))?);
    let team = seen_by_managers(cx, caller, find(cx, team_id), "/team/member_add", team_id)?;
    if !cx.closes(Hole::foreign_teams_show_no_members) {
        may_join(&team, &newcomers)?;
    }
    if !may_add(cx, caller, &team, &newcomers) {
        return Err(not_manager("/team/member_add", team_id).into());
    }
    if cx.closes(Hole::newcomers_bring_nothing_along) {
        joins_as_they_are(cx, caller, &team, &newcomers, &limits)?;
    }

    let with_budget = limits.is_truthy();
    let mut joining = Joining::read(cx, &team, &newcomers, with_budget)?;
    if cx.closes(Hole::nobody_joins_twice) {
        joining.judge(&members(&team), &newcomers)?;
    }
    let mut changes = Changes::default();
    for member in &newcomers {
        if let Err(refusal) = joining.add(cx, caller, team_id, member, &limits) {
            joining.write(cx, &mut changes);
            return Err(changes.refuse(cx, unable(&asked.member, team_id, &refusal)));
        }
    }
    joining.write(cx, &mut changes);
    let team = enlarge(cx, &team, newcomers, &joining, &mut changes);
    changes.event("team_members_added", team_id);
    let is_discreet = !caller.sees_all() && cx.closes(Hole::newcomers_show_their_names_only);
    Ok(changes.answer(enlarged(cx.settings, &team, &joining, is_discreet)))
}

/// The members as a team's row holds them.
pub(crate) fn newcomers(asked: &Members) -> Vec<TeamMember> {
    asked.as_slice().iter().map(TeamMember::from).collect()
}

/// Without a licence nobody becomes an admin of a team.
pub(crate) fn admins_are_premium(cx: &Context<'_>, asked: &Members) -> Result<(), Refusal> {
    let admin = asked.as_slice().iter().find(|member| member.role.as_str() == "admin");
    let Some(admin) = admin.filter(|_| !cx.settings.premium_user) else { return Ok(()) };
    let message = match asked {
        Members::One(_) => messages::team_admin_not_premium(),
        Members::Many(_) => messages::team_admin_in_list_not_premium(&TeamMember::from(admin).text()),
    };
    cx.judge("licence", Err(Refusal::http(Code::LicenceRequired, 400, dict! { "error" => message })))
}

/// Nobody joins twice. To the reference a newcomer known by e-mail address only is the same as another such member.
pub(crate) fn may_join(team: &Team, newcomers: &[TeamMember]) -> Result<(), Refusal> {
    let present = members(team);
    let ids: Names<'_> = present.iter().filter_map(|member| member.user_id.as_deref()).collect();
    let has_nameless = present.iter().any(|member| member.user_id.is_none());
    let twice =
        |newcomer: &&TeamMember| newcomer.user_id.as_deref().map_or(has_nameless, |id| ids.contains(id));
    let Some(newcomer) = newcomers.iter().find(twice) else { return Ok(()) };
    let message =
        messages::already_in_team(crate::caller::or_none(newcomer.user_id.as_deref()), &listed(&present));
    Err(Refusal::http(Code::IdTaken, 400, dict! { "error" => message }))
}

/// Managers of the team add anyone. Teams that the operator opened can be joined: in strict by oneself and as a user
/// only.
pub(crate) fn may_add(cx: &Context<'_>, caller: &Caller, team: &Team, newcomers: &[TeamMember]) -> bool {
    let open = cx.settings.default_user_params.iter().any(|(name, teams)| {
        name == "available_teams"
            && teams.as_list().unwrap_or_default().iter().any(|id| id.as_str() == Some(&team.team_id))
    });
    let oneself = |member: &TeamMember| {
        member.user_id.is_some() && member.user_id == caller.user_id && member.role == "user"
    };
    manages(cx, caller, team)
        || (open && (newcomers.iter().all(oneself) || !cx.closes(Hole::open_teams_are_joined_by_oneself)))
}

/// Who lets themselves into an open team does so without a budget of their own choice, and under their own address.
fn joins_as_they_are(
    cx: &Context<'_>,
    caller: &Caller,
    team: &Team,
    newcomers: &[TeamMember],
    limits: &Json,
) -> Result<(), Refusal> {
    if manages(cx, caller, team) {
        return Ok(());
    }
    // a newcomer without a row would get one, and a role with it
    let Some(user) = &caller.user else { return Err(not_manager("/team/member_add", &team.team_id)) };
    let own = user.user_email.as_ref();
    let is_own = |member: &TeamMember| {
        let address = member.user_email.as_deref();
        address.is_none_or(|address| own.is_some_and(|own| user::addresses::same(cx, own, address)))
    };
    let first = limits.as_dict().unwrap_or_default().first();
    let field = match (first.map(|(column, _)| &**column), newcomers.iter().all(is_own)) {
        (None, true) => return Ok(()),
        (None, false) => "member.user_email",
        (Some("max_budget"), _) => "max_budget_in_team",
        (Some(column), _) => column,
    };
    let message = format!("only a proxy admin or an admin of the team can set `{field}`");
    Err(Refusal::error(Code::AdminField, 403, Kind::AuthError, field, message).on(field))
}

fn unable(asked: &Members, team_id: &str, refusal: &Refusal) -> Refusal {
    let who = match asked {
        Members::One(member) => TeamMember::from(member).text(),
        Members::Many(members) => listed(&members.iter().map(TeamMember::from).collect::<Vec<_>>()),
    };
    let message = messages::unable_to_add(&who, team_id, &str_of(&refusal.message));
    Refusal::http(refusal.code, 400, dict! { "error" => message })
}

/// The team with its new members, who are known by their ids now.
pub(crate) fn enlarge(
    cx: &Context<'_>,
    team: &Team,
    newcomers: Vec<TeamMember>,
    joining: &Joining,
    changes: &mut Changes,
) -> Team {
    let mut all = members(team);
    let joined = joining.joined.iter();
    let named = joined.filter_map(|user| {
        user.user_email.as_deref().map(|email| (user::addresses::key(cx, email), &user.user_id))
    });
    let mut by_email = BTreeMap::new();
    by_email.extend(named);
    for mut newcomer in newcomers {
        if newcomer.user_id.is_none() && newcomer.user_email.is_some() {
            let email = newcomer.user_email.as_deref().unwrap_or_default();
            newcomer.user_id = by_email.get(&user::addresses::key(cx, email)).map(|id| (*id).clone());
        }
        all.push(newcomer);
    }
    let enlarged = Team { members_with_roles: column(&all), updated_at: cx.now(), ..team.clone() };
    changes.update(team, &enlarged);
    enlarged
}

/// The team with those who joined. To an admin of the team (`discreet`), users are who they are, and not what else they have.
pub(crate) fn enlarged(settings: &Settings, team: &Team, joining: &Joining, discreet: bool) -> Json {
    let mut reply = view::table(settings, team, None, iso_z);
    let shown = |user| if discreet { user::view::named(user) } else { user::view::joined(settings, user) };
    let users: Vec<Json> = joining.joined.iter().map(shown).collect();
    let memberships: Vec<Json> = joining
        .memberships
        .iter()
        .map(|(membership, budget)| view::membership(settings, membership, Some(budget)))
        .collect();
    reply.set("updated_users", users.into());
    reply.set("updated_team_memberships", memberships.into());
    reply
}
