//! Who may see a key.

use crate::caller::Caller;
use crate::error::{Code, Kind, Refusal, messages};
use crate::tables::{Team, VirtualKey};

/// Whether the caller may see `key`, which the request named as `shown`.
///
/// The reference compares the owner with the caller's user, so that a key without owner is open to every key without
/// owner. In strict, no owner equals no one, an admin of the key's team sees it, and to everyone else it does not exist.
pub fn may_see_key(
    strict: bool,
    caller: &Caller,
    shown: &str,
    key: &VirtualKey,
    team: Option<&Team>,
) -> Result<(), Refusal> {
    if !strict {
        let own = caller.token.as_deref() == Some(shown) || key.user_id == caller.user_id;
        if own || caller.sees_all() {
            return Ok(());
        }
        let message = messages::may_not_see_key(caller.role_text());
        return Err(Refusal::http(Code::NotOwner, 403, message));
    }
    let same_key = caller.token.as_deref() == Some(&key.token);
    if same_key || caller.sees_all() || owns(caller, key) || administers(caller, team) {
        return Ok(());
    }
    Err(Refusal::error(Code::KeyUnknown, 404, Kind::NotFoundError, "key", messages::KEY_NOT_FOUND))
}

/// Whether the key belongs to the caller's user.
pub fn owns(caller: &Caller, key: &VirtualKey) -> bool {
    key.user_id.is_some() && key.user_id == caller.user_id
}

/// Whether the caller's user is an admin of `team`.
pub fn administers(caller: &Caller, team: Option<&Team>) -> bool {
    let role = caller.user_id.as_deref().and_then(|user_id| team?.member_role(user_id));
    role.as_deref() == Some("admin")
}
