//! Who may delete a key.

use super::team_keys;
use crate::caller::Caller;
use crate::error::{Code, Refusal, messages};
use crate::settings::Settings;
use latchkey_contract::tables::{Team, VirtualKey};

/// Whether the caller may delete `key`; `team` is the row of its team. A member whose role in the team may not create
/// keys, or who is none, is refused with the reason; anybody else's key is just not the caller's.
pub(crate) fn may_delete(
    settings: &Settings,
    caller: &Caller,
    key: &VirtualKey,
    team: Option<&Team>,
) -> Result<bool, Refusal> {
    if caller.is_proxy_admin() {
        return Ok(true);
    }
    let Some(team_id) = key.team_id.as_deref() else {
        return Ok(key.user_id.is_some() && key.user_id == caller.user_id);
    };
    let Some(team) = team.filter(|team| team.team_id == team_id) else {
        return Err(Refusal::raised(Code::TeamUnknown, messages::team_not_in_db(team_id)));
    };
    let allowed = settings.key_generation.as_ref().and_then(|settings| settings.team.as_ref());
    team_keys::may_create(team, caller.user_id.as_deref(), allowed).map(|()| true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::Role;
    use latchkey_contract::dict;
    use latchkey_contract::json::{Json, JsonText};

    #[test]
    fn a_key_is_deleted_by_an_admin_by_its_owner_or_by_a_member_of_its_team() {
        let settings = Settings::default();
        let caller = |role, user: &str| Caller {
            user_role: Some(role),
            user_id: Some(user.to_owned()),
            ..Caller::default()
        };
        let own = VirtualKey { user_id: Some("u1".to_owned()), ..VirtualKey::default() };
        let of_team = VirtualKey { team_id: Some("t1".to_owned()), ..VirtualKey::default() };
        let members = Json::List(vec![dict! { "role" => "user", "user_id" => "u1" }]);
        let team =
            Team { team_id: "t1".to_owned(), members_with_roles: JsonText::of(&members), ..Team::default() };
        let user = |id| caller(Role::InternalUser, id);
        assert_eq!(may_delete(&settings, &caller(Role::ProxyAdmin, "x"), &of_team, None), Ok(true));
        assert_eq!(may_delete(&settings, &user("u1"), &own, None), Ok(true));
        assert_eq!(may_delete(&settings, &user("u2"), &own, None), Ok(false));
        assert_eq!(may_delete(&settings, &user("u1"), &of_team, Some(&team)), Ok(true));
        assert!(may_delete(&settings, &user("u2"), &of_team, Some(&team)).is_err());
        assert!(may_delete(&settings, &user("u1"), &of_team, None).is_err());
        let nobodys = VirtualKey::default();
        assert_eq!(may_delete(&settings, &Caller::default(), &nobodys, None), Ok(false));
    }
}
