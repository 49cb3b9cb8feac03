//! Keys that move: out of a team, into one, or from one to another.

use super::KeyDraft;
use crate::caller::DASHBOARD_TEAM_ID;
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::rules::KeyRoute;
use crate::rules::key_fields::foreign_to_team;
use crate::rules::{Known, Standing, administers, member_permissions, own_team, personal_keys, team_keys};
use crate::verdict::{Passed, Said};
use latchkey_contract::tables::Team;

/// An admin of a team moves its keys to where they could make such a key: to a team of which they are an admin; their own
/// and those without an owner to a team that lets them make keys; their own out of all teams, if personal keys are theirs
/// to make. What the owner may do is judged by another rule.
pub(super) fn apply(change: &mut KeyDraft<'_>) -> Said {
    let Some(destination) = change.destination() else { return Ok(Passed::NotApplicable) };
    match change.standing {
        Some(Standing::TeamAdmin) => {}
        Some(Standing::ProxyAdmin) => return Ok(Passed::Allowed),
        Some(Standing::Owner) => return Ok(Passed::NotApplicable),
        None => return Ok(Passed::Unknown),
    }
    if destination == Some(DASHBOARD_TEAM_ID) {
        return Err(own_team::session_keys());
    }
    match change.old_team {
        Known::Present(team) => not_stopped(team)?,
        Known::Absent => {}
        Known::Unknown => return Ok(Passed::Unknown),
    }
    let is_own = change.new_owner().is_some() && change.new_owner() == change.caller.user_id.as_deref();
    if destination.is_none() {
        return if is_own {
            personal_keys::may_create(change.settings, change.caller)
        } else {
            Err(theirs())
        };
    }
    match change.team {
        Known::Unknown => Ok(Passed::Unknown),
        Known::Present(team) if administers(change.caller, Some(team)) => Ok(Passed::Allowed),
        Known::Present(team) if is_own || change.new_owner().is_none() => {
            let rules = change.settings.key_generation.as_ref().and_then(|rules| rules.team.as_ref());
            let user_id = change.caller.user_id.as_deref();
            team_keys::may_create(team, user_id, rules).map_err(|_| not_manager())?;
            let role = user_id.and_then(|user_id| team.member_role(user_id));
            let is_permitted = |_: &String| change.closes(Hole::moved_keys_need_the_new_teams_permission);
            if let Some(role) = role.filter(is_permitted) {
                let lacking = &change.settings.lacking;
                member_permissions::may(lacking, team, &role, change.route)?;
                member_permissions::may(lacking, team, &role, KeyRoute::Generate)?;
            }
            Ok(Passed::Allowed)
        }
        Known::Present(_) | Known::Absent => Err(not_manager()),
    }
}

/// A key that moves into a team has no model that the team has not, and no higher limit.
pub(super) fn within_limits(change: &mut KeyDraft<'_>) -> Said {
    let team = match (change.destination(), change.team) {
        (Some(Some(_)), Known::Present(team)) => team,
        (Some(Some(_)), Known::Unknown) => return Ok(Passed::Unknown),
        _ => return Ok(Passed::NotApplicable),
    };
    // what cannot be stored is refused by the rule before
    let Some(row) = &change.fitted else { return Ok(Passed::Unknown) };
    if let Some(model) = foreign_to_team(change.settings, &team.models, &row.models) {
        let message = messages::model_not_available(model);
        return Err(Refusal::http(Code::ModelForbidden, 403, message).on("team_id"));
    }
    let limits = [("tpm_limit", row.tpm_limit, team.tpm_limit), ("rpm_limit", row.rpm_limit, team.rpm_limit)];
    for (name, own, most) in limits {
        if let (Some(own), Some(most)) = (own, most)
            && own > most
        {
            let message = messages::moved_key_above_team(&row.token, name, own, most);
            return Err(Refusal::http(Code::AboveUpperBound, 403, message).on("team_id"));
        }
    }
    Ok(Passed::Allowed)
}

/// Without its team a key works again that the team had stopped.
fn not_stopped(team: &Team) -> Result<(), Refusal> {
    let is_over = team.max_budget.is_some_and(|max| team.spend > max);
    if team.blocked || is_over {
        return Err(refusal(
            "only a proxy admin can take a key out of a team that is blocked or over its budget",
        ));
    }
    Ok(())
}

fn theirs() -> Refusal {
    refusal("an admin of a team can take only their own keys out of it")
}

fn not_manager() -> Refusal {
    refusal(
        "an admin of a team can move its keys only to teams of which they are an admin, and their own to teams of which they may make keys",
    )
}

fn refusal(message: &str) -> Refusal {
    Refusal::error(Code::OtherTeam, 403, Kind::AuthError, "team_id", message).on("team_id")
}
