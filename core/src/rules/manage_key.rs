//! Who may change, rotate, block and delete a key: a proxy admin, its owner, an admin of its team.
//!
//! The reference lets everyone who may use the route change and rotate every key.

use super::{KeyDraft, Known, administers, owns};
use crate::caller::Caller;
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::tables::{Team, VirtualKey};

/// As what the caller acts on a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// May do everything.
    ProxyAdmin,
    /// May do everything within the team.
    TeamAdmin,
    /// May use the key up, but not loosen what binds it.
    Owner,
}

/// Only a proxy admin, the owner and an admin of the team change a key.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(key) = draft.before else { return Ok(Passed::NotApplicable) };
    draft.standing = may_manage_if_known(draft.caller, key, draft.old_team)?;
    Ok(if draft.standing.is_some() { Passed::Allowed } else { Passed::Unknown })
}

/// As what the caller may manage `key`; `team` is the row of its team. A key that is not the caller's to see answers
/// like one that does not exist.
pub(crate) fn may_manage(
    caller: &Caller,
    key: &VirtualKey,
    team: Option<&Team>,
) -> Result<Standing, Refusal> {
    if caller.is_proxy_admin() {
        return Ok(Standing::ProxyAdmin);
    }
    if administers(caller, team.filter(|team| Some(&team.team_id) == key.team_id.as_ref())) {
        return Ok(Standing::TeamAdmin);
    }
    if owns(caller, key) {
        return Ok(Standing::Owner);
    }
    if caller.sees_all() || caller.token.as_deref() == Some(&key.token) {
        let message = "only a proxy admin, the key's owner and an admin of its team can do this";
        return Err(Refusal::error(Code::NotOwner, 403, Kind::AuthError, "key", message));
    }
    Err(unknown_key())
}

/// The same for a form, which may not know the team: nothing where the answer depends on it.
pub(crate) fn may_manage_if_known(
    caller: &Caller,
    key: &VirtualKey,
    team: Known<&Team>,
) -> Result<Option<Standing>, Refusal> {
    if !caller.is_proxy_admin() && may_administer(caller, key, team) {
        return Ok(None);
    }
    may_manage(caller, key, team.present()).map(Some)
}

/// Whether the caller may be an admin of the key's team, which was not looked up yet.
pub(crate) fn may_administer(caller: &Caller, key: &VirtualKey, team: Known<&Team>) -> bool {
    team == Known::Unknown && key.team_id.is_some() && caller.user_id.is_some()
}

/// Whether the key has nothing that only a proxy admin hands out.
pub(crate) fn is_plain(key: &VirtualKey) -> bool {
    let documents = [&key.permissions, &key.config];
    let grants = key.metadata.as_str().contains("allowed_passthrough_routes");
    documents.into_iter().all(|document| !document.value().is_truthy())
        && key.object_permission_id.is_none()
        && !grants
}

/// Whether the caller may learn the secret of the key, with which one acts as its owner and has what only a proxy admin
/// hands out: an admin of its team may not, unless the key is their own.
pub(crate) fn may_hold(caller: &Caller, standing: Option<Standing>, key: &VirtualKey) -> Result<(), Refusal> {
    if standing != Some(Standing::TeamAdmin) || owns(caller, key) {
        return Ok(());
    }
    if key.user_id.is_none() && is_plain(key) {
        return Ok(());
    }
    let message = "only a proxy admin and the key's owner can regenerate it: its secret stands for the owner";
    Err(Refusal::error(Code::NotOwner, 403, Kind::AuthError, "key", message))
}

/// The refusal of a key that does not exist, or not for the caller.
pub(crate) fn unknown_key() -> Refusal {
    Refusal::error(Code::KeyUnknown, 404, Kind::NotFoundError, "key", messages::KEY_NOT_FOUND)
}

/// The refusal of what an owner may not do with a key.
pub(crate) fn not_for_owners(field: &str, what: &str) -> Refusal {
    let message = format!("the owner of a key cannot {what}, ask a proxy admin or an admin of its team");
    Refusal::error(Code::NotOwner, 403, Kind::AuthError, field, message).on(field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::Role;
    use latchkey_contract::dict;
    use latchkey_contract::json::{Json, JsonText};

    fn caller(role: Role, user_id: Option<&str>) -> Caller {
        Caller { user_role: Some(role), user_id: user_id.map(str::to_owned), ..Caller::default() }
    }

    #[test]
    fn nobody_equals_nobody_else() {
        let nobodys = VirtualKey::default();
        let refusal = may_manage(&caller(Role::InternalUser, None), &nobodys, None).expect_err("no owner");
        assert_eq!(refusal, unknown_key());
    }

    #[test]
    fn each_standing_has_its_own_ground() {
        let key = VirtualKey {
            user_id: Some("u".to_owned()),
            team_id: Some("t".to_owned()),
            ..VirtualKey::default()
        };
        let members = Json::List(vec![
            dict! { "role" => "admin", "user_id" => "boss" },
            dict! { "role" => "user", "user_id" => "mate" },
        ]);
        let team = |id: &str| Team {
            team_id: id.to_owned(),
            members_with_roles: JsonText::of(&members),
            ..Team::default()
        };
        let of = |role, user: &str, team: &Team| may_manage(&caller(role, Some(user)), &key, Some(team)).ok();
        assert_eq!(of(Role::ProxyAdmin, "x", &team("t")), Some(Standing::ProxyAdmin));
        assert_eq!(of(Role::InternalUser, "boss", &team("t")), Some(Standing::TeamAdmin));
        assert_eq!(of(Role::InternalUser, "boss", &team("other")), None);
        assert_eq!(of(Role::InternalUser, "u", &team("t")), Some(Standing::Owner));
        assert_eq!(of(Role::InternalUser, "mate", &team("t")), None);
    }

    #[test]
    fn nothing_is_said_while_it_depends_on_a_team_that_nobody_looked_up() {
        let caller = caller(Role::InternalUser, Some("u"));
        let own = VirtualKey { user_id: caller.user_id.clone(), ..VirtualKey::default() };
        let of_team = VirtualKey { team_id: Some("t".to_owned()), ..own.clone() };
        let judge = |key, team| may_manage_if_known(&caller, key, team).ok();
        assert_eq!(judge(&of_team, Known::Unknown), Some(None));
        assert_eq!(judge(&of_team, Known::Absent), Some(Some(Standing::Owner)));
        assert_eq!(judge(&own, Known::Unknown), Some(Some(Standing::Owner)));
        let of_nobody = VirtualKey::default();
        assert_eq!(judge(&of_nobody, Known::Unknown), None);
    }

    #[test]
    fn who_may_see_a_key_is_told_why_it_may_not_be_changed() {
        let key = VirtualKey { token: "t".to_owned(), ..VirtualKey::default() };
        let viewer = caller(Role::ProxyAdminViewer, Some("v"));
        assert_eq!(may_manage(&viewer, &key, None).map_err(|refusal| refusal.status), Err(403));
        let itself = Caller { token: Some("t".to_owned()), ..Caller::default() };
        assert_eq!(may_manage(&itself, &key, None).map_err(|refusal| refusal.status), Err(403));
    }
}
