//! Permissions of a key beyond calling models.

use super::{KeyDraft, Passed, Verdict};
use crate::dict;
use crate::error::{Code, Kind, Refusal, messages};
use crate::json::{Json, write};

/// The permission that opens the spending reports needs a licence; the reference looks for its name anywhere in the
/// permissions' text.
pub(super) fn spend_routes(draft: &mut KeyDraft<'_>) -> Verdict {
    let Some(permissions) = draft.get("permissions") else { return Ok(Passed::NotApplicable) };
    if draft.settings.premium_user || !write(permissions).contains("get_spend_routes") {
        return Ok(Passed::Allowed);
    }
    let message = messages::SPEND_ROUTES_NOT_PREMIUM;
    Err(Refusal::http(Code::LicenceRequired, 400, dict! { "error" => message }).on("permissions"))
}

/// Only a proxy admin hands out permissions; the reference lets everyone.
pub(super) fn admin_only(draft: &mut KeyDraft<'_>) -> Verdict {
    let asked = draft.get("permissions").is_some_and(Json::is_truthy);
    if !asked {
        return Ok(Passed::NotApplicable);
    }
    if draft.caller.is_proxy_admin() {
        return Ok(Passed::Allowed);
    }
    let message = "only a proxy admin can set `permissions`";
    Err(Refusal::error(Code::AdminField, 403, Kind::AuthError, "permissions", message).on("permissions"))
}
