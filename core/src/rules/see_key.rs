//! Who may see a key.

use crate::caller::Caller;
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::settings::Settings;
use latchkey_contract::tables::{Team, VirtualKey};

/// Whether the caller may see `key`, which the request named as `shown`.
///
/// The reference compares the owner with the caller's user, so that a key without owner is open to every key without
/// owner. In strict, no owner equals no one, an admin of the key's team sees it, and to everyone else it does not exist.
pub(crate) fn may_see_key(
    settings: &Settings,
    caller: &Caller,
    shown: &str,
    key: &VirtualKey,
    team: Option<&Team>,
) -> Result<(), Refusal> {
    // a former secret shows another hash than the key has
    let named = if settings.closes(Hole::regenerated_keys_keep_their_id) { &key.token } else { shown };
    let is_same_key = caller.token.as_deref() == Some(named);
    let is_own = match settings.closes(Hole::no_owner_equals_no_one) {
        true => owns(caller, key),
        false => key.user_id == caller.user_id,
    };
    let is_of_team = settings.closes(Hole::team_admin_sees_team_keys) && administers(caller, team);
    if is_same_key || is_own || is_of_team || caller.sees_all() {
        return Ok(());
    }
    if !settings.closes(Hole::unknown_and_foreign_keys_answer_alike) {
        let message = messages::may_not_see_key(caller.role_text());
        return Err(Refusal::http(Code::NotOwner, 403, message));
    }
    Err(Refusal::error(Code::KeyUnknown, 404, Kind::NotFoundError, "key", messages::KEY_NOT_FOUND))
}

/// Whether the key belongs to the caller's user.
pub(crate) fn owns(caller: &Caller, key: &VirtualKey) -> bool {
    key.user_id.is_some() && key.user_id == caller.user_id
}

/// Whether the caller's user is an admin of `team`.
pub(crate) fn administers(caller: &Caller, team: Option<&Team>) -> bool {
    let role = caller.user_id.as_deref().and_then(|user_id| team?.member_role(user_id));
    role.as_deref() == Some("admin")
}
