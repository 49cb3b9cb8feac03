//! Permissions of a key beyond calling models.

use super::KeyDraft;
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::dict;
use latchkey_contract::json::{JsonText, write};
use latchkey_contract::tables::VirtualKey;

/// The permission that opens the spending reports needs a licence; the reference looks for its name anywhere in the
/// permissions' text.
pub(super) fn spend_routes(draft: &mut KeyDraft<'_>) -> Said {
    let Some(permissions) = draft.get("permissions") else { return Ok(Passed::NotApplicable) };
    if draft.settings.premium_user || !write(permissions).contains("get_spend_routes") {
        return Ok(Passed::Allowed);
    }
    let message = messages::SPEND_ROUTES_NOT_PREMIUM;
    Err(Refusal::http(Code::LicenceRequired, 400, dict! { "error" => message }).on("permissions"))
}

/// Only a proxy admin hands out permissions; the reference lets everyone.
pub(super) fn admin_only(draft: &mut KeyDraft<'_>) -> Said {
    for_admins(draft, "permissions", |key| &key.permissions)
}

/// Only a proxy admin gives a key a configuration of its own: it names models and their upstreams, and a key that has one
/// calls every model.
pub(super) fn config_admin_only(draft: &mut KeyDraft<'_>) -> Said {
    for_admins(draft, "config", |key| &key.config)
}

fn for_admins(draft: &KeyDraft<'_>, field: &str, stored: fn(&VirtualKey) -> &JsonText) -> Said {
    let Some(asked) = draft.get(field) else { return Ok(Passed::NotApplicable) };
    let is_same = match draft.before {
        None if !asked.is_truthy() => return Ok(Passed::NotApplicable),
        None => false,
        Some(key) => stored(key).value() == *asked,
    };
    if is_same || draft.caller.is_proxy_admin() {
        return Ok(Passed::Allowed);
    }
    let message = match field {
        "permissions" => {
            format!(
                "{{'error': {}}}",
                latchkey_contract::json::repr(&messages::ONLY_ADMINS_SET_PERMISSIONS.into())
            )
        }
        _ => format!("only a proxy admin can set `{field}`"),
    };
    Err(Refusal::error(Code::AdminField, 403, Kind::AuthError, field, message).on(field))
}
