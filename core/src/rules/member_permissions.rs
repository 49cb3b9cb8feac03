//! What members of a team may do with its keys: a member without a further role only what the team's list names, where the
//! store has such a list.

use super::{KeyDraft, KeyRoute, Known, Standing, time_span};
use crate::caller::Caller;
use crate::error::{Code, Kind, Refusal, messages};
use crate::settings::{Profile, Settings};
use crate::verdict::{Passed, Said, Source};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Lacking, Millis, Team, VirtualKey};

/// What every member may call, whatever the list says.
const ALWAYS: [&str; 2] = ["/key/info", "/key/health"];

/// The member of a team's metadata that says how long keys of its members may live.
const KEY_DURATION: &str = "team_member_key_duration";

/// Whether a member of `team` with this role may do this with keys of the team.
pub(crate) fn may(lacking: &Lacking, team: &Team, role: &str, route: KeyRoute) -> Result<(), Refusal> {
    let list = team.team_member_permissions.as_deref();
    let list = list.filter(|_| lacking.has_column::<Team>("team_member_permissions"));
    let Some(list) = list.filter(|_| role != "admin") else { return Ok(()) };
    if list.iter().any(|path| path == route.path()) {
        return Ok(());
    }
    let others = list.iter().filter(|path| !ALWAYS.contains(&path.as_str())).cloned();
    let allowed: Vec<String> = ALWAYS.into_iter().map(str::to_owned).chain(others).collect();
    let message = messages::member_not_permitted(route.constant(), &allowed, &team.team_id);
    Err(refusal(route, message))
}

/// The same for the owner of a key, who may have left its team; for everybody else nothing is asked.
pub(crate) fn owner_may(
    lacking: &Lacking,
    caller: &Caller,
    standing: Standing,
    key: &VirtualKey,
    team: Option<&Team>,
    route: KeyRoute,
) -> Result<(), Refusal> {
    let team = team.filter(|team| Some(&team.team_id) == key.team_id.as_ref());
    let Some(team) = team.filter(|_| standing == Standing::Owner) else { return Ok(()) };
    let user_id = caller.user_id.as_deref().unwrap_or_default();
    match team.member_role(user_id) {
        Some(role) => may(lacking, team, &role, route),
        None if team.team_member_permissions.is_none()
            || !lacking.has_column::<Team>("team_member_permissions") =>
        {
            Ok(())
        }
        None => Err(refusal(route, messages::member_of_other_team(user_id, &team.team_id))),
    }
}

/// The same for who would change keys of a team without being an admin of it. To who is no member, a team answers like one
/// that does not exist.
pub(crate) fn team_may(
    lacking: &Lacking,
    caller: &Caller,
    team: Option<&Team>,
    team_id: &str,
    route: KeyRoute,
) -> Result<(), Refusal> {
    let user_id = caller.user_id.as_deref().unwrap_or_default();
    match team.and_then(|team| Some((team, team.member_role(user_id)?))) {
        Some((team, role)) => may(lacking, team, &role, route),
        None => Err(refusal(route, messages::member_of_other_team(user_id, team_id))),
    }
}

fn refusal(route: KeyRoute, message: String) -> Refusal {
    Refusal::error(Code::TeamRoleForbidden, 401, Kind::TeamMemberPermissionError, route.path(), message)
}

/// Who makes a key of a team, or changes their own, without being an admin of it needs the permission to.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    match draft.before {
        None => of_new(draft),
        Some(key) => of_change(draft, key),
    }
}

fn of_new(draft: &KeyDraft<'_>) -> Said {
    let team = match draft.team {
        Known::Present(team) if draft.text("team_id").is_some() => team,
        Known::Unknown if draft.text("team_id").is_some() => return Ok(Passed::Unknown),
        _ => return Ok(Passed::NotApplicable),
    };
    if draft.caller.is_proxy_admin() {
        return Ok(Passed::Allowed);
    }
    let role = draft.caller.user_id.as_deref().and_then(|user_id| team.member_role(user_id));
    let Some(role) = role else { return Ok(Passed::NotApplicable) };
    may(&draft.settings.lacking, team, &role, draft.route).map_err(|refusal| refusal.on("team_id"))?;
    Ok(Passed::Allowed)
}

fn of_change(change: &KeyDraft<'_>, key: &VirtualKey) -> Said {
    let Some(standing) = change.standing.filter(|_| key.team_id.is_some()) else {
        return Ok(Passed::NotApplicable);
    };
    let Settings { lacking, .. } = change.settings;
    owner_may(lacking, change.caller, standing, key, change.old_team.present(), change.route)?;
    Ok(Passed::Allowed)
}

/// A member's key in a team expires within the time that the team's metadata grants, also when a proxy admin makes it; so
/// does one that moves into a team, or that somebody else than a proxy admin prolongs.
pub(super) fn duration(draft: &mut KeyDraft<'_>) -> Said {
    match draft.before {
        None => new_duration(draft),
        Some(_) => changed_duration(draft),
    }
}

fn new_duration(draft: &mut KeyDraft<'_>) -> Said {
    let Known::Present(team) = draft.team else { return Ok(Passed::NotApplicable) };
    let is_of_member = draft.text("team_id").is_some() && draft.text("user_id").is_some();
    if !is_of_member || !team.metadata.as_str().contains(KEY_DURATION) {
        return Ok(Passed::NotApplicable);
    }
    let Some((bound, latest)) = granted(team, draft.now)? else { return Ok(Passed::NotApplicable) };
    let end = |text: &str| time_span::after(Profile::Strict, text, draft.now);
    let asked = draft.text("duration").map(end).transpose().map_err(|refusal| refusal.on("duration"))?;
    if asked.is_some_and(|asked| asked <= latest) {
        return Ok(Passed::Allowed);
    }
    draft.set("duration", bound, Source::UpperBound);
    Ok(Passed::Changed)
}

fn changed_duration(change: &mut KeyDraft<'_>) -> Said {
    let is_moved = matches!(change.destination(), Some(Some(_)));
    let is_prolonged =
        change.columns.get("expires").is_some() && change.standing != Some(Standing::ProxyAdmin);
    if change.new_owner().is_none() || !(is_moved || is_prolonged) {
        return Ok(Passed::NotApplicable);
    }
    let team = match if is_moved { change.team } else { change.old_team } {
        Known::Present(team) => team,
        Known::Absent => return Ok(Passed::NotApplicable),
        Known::Unknown => return Ok(Passed::Unknown),
    };
    if !team.metadata.as_str().contains(KEY_DURATION) {
        return Ok(Passed::NotApplicable);
    }
    let Some((_, latest)) = granted(team, change.now)? else { return Ok(Passed::NotApplicable) };
    // what cannot be stored is refused by the rule before
    let Some(row) = &change.fitted else { return Ok(Passed::Unknown) };
    if row.expires.is_some_and(|end| end <= latest) {
        return Ok(Passed::Allowed);
    }
    if change.fields.get("duration").is_some_and(|asked| !asked.is_null()) {
        let message = format!("`duration` is longer than the team's `{KEY_DURATION}`");
        return Err(Refusal::error(Code::AboveUpperBound, 400, Kind::BadRequestError, "duration", message)
            .on("duration"));
    }
    change.columns.set("expires", latest.0.into());
    change.refit()?;
    Ok(Passed::Changed)
}

/// How long the keys of a team's members may last: the duration as the team states it, and the moment it leads to. `None`
/// where the team sets no duration.
fn granted(team: &Team, now: Millis) -> Result<Option<(Json, Millis)>, Refusal> {
    let metadata = team.metadata.value();
    let Some(bound) = metadata.get(KEY_DURATION).filter(|bound| !bound.is_null()) else { return Ok(None) };
    let end = bound.as_str().and_then(|text| time_span::after(Profile::Strict, text, now).ok());
    if let Some(end) = end {
        return Ok(Some((bound.clone(), end)));
    }
    let message =
        format!("the team's `{KEY_DURATION}` cannot be read, ask an admin of the team to correct it");
    Err(Refusal::error(Code::DurationInvalid, 400, Kind::BadRequestError, "team_id", message).on("team_id"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;
    use latchkey_contract::json::JsonText;

    fn team(permissions: Option<&[&str]>) -> Team {
        let members = Json::List(vec![
            dict! { "role" => "admin", "user_id" => "boss" },
            dict! { "role" => "user", "user_id" => "ann" },
        ]);
        Team {
            team_id: "t".to_owned(),
            members_with_roles: JsonText::of(&members),
            team_member_permissions: permissions
                .map(|list| list.iter().map(|entry| (*entry).to_owned()).collect()),
            ..Team::default()
        }
    }

    #[test]
    fn a_member_may_do_what_the_list_names_and_an_admin_everything() {
        let whole = Lacking::default();
        let may = |permissions, role| may(&whole, &team(permissions), role, KeyRoute::Generate).is_ok();
        assert!(!may(Some(&[]), "user") && !may(Some(&["/key/update", "/nonsense"]), "user"));
        assert!(may(Some(&["/key/generate"]), "user") && may(Some(&[]), "admin") && may(None, "user"));
        let lacking =
            Lacking::named(vec!["LiteLLM_TeamTable.team_member_permissions".to_owned()]).expect("optional");
        assert!(super::may(&lacking, &team(Some(&[])), "user", KeyRoute::Delete).is_ok());
    }

    #[test]
    fn an_owner_needs_the_permission_of_the_team_or_has_left_it() {
        let key = VirtualKey { team_id: Some("t".to_owned()), ..VirtualKey::default() };
        let judge = |user: &str, standing, permissions| {
            let caller = Caller { user_id: Some(user.to_owned()), ..Caller::default() };
            let team = team(permissions);
            owner_may(&Lacking::default(), &caller, standing, &key, Some(&team), KeyRoute::Update)
                .map_err(|refusal| latchkey_contract::json::str_of(&refusal.message))
        };
        assert_eq!(judge("boss", Standing::TeamAdmin, Some(&[])), Ok(()));
        assert_eq!(judge("ann", Standing::Owner, Some(&["/key/update"])), Ok(()));
        assert!(
            judge("ann", Standing::Owner, Some(&[]))
                .is_err_and(|text| text.contains("['/key/info', '/key/health'] for team t"))
        );
        assert!(
            judge("zoe", Standing::Owner, Some(&[]))
                .is_err_and(|text| text.contains("does not belong to team t"))
        );
        assert_eq!(judge("zoe", Standing::Owner, None), Ok(()));
    }
}
