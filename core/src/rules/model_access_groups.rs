//! An access group with a wildcard model in it needs a licence.

use super::KeyDraft;
use crate::error::{Code, Refusal, messages};
use crate::settings::Settings;
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;

/// Applies [`may_grant`] to the key's models.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(models) = draft.request.get("models").and_then(Json::as_list) else {
        return Ok(Passed::NotApplicable);
    };
    may_grant(draft.settings, models).map(|()| Passed::Allowed)
}

/// Whether a key may be given these models and groups.
pub(crate) fn may_grant(settings: &Settings, models: &[Json]) -> Result<(), Refusal> {
    let wildcard =
        models.iter().filter_map(Json::as_str).any(|group| settings.is_wildcard_access_group(group));
    if wildcard && !settings.premium_user {
        let message = latchkey_contract::dict! { "error" => messages::wildcard_access_group() };
        return Err(Refusal::http(Code::LicenceRequired, 403, message).on("models"));
    }
    Ok(())
}
