//! Who may create keys without a team: holders of an allowed role, with the required fields.

use super::{KeyDraft, required_params};
use crate::caller::Caller;
use crate::error::{Code, Refusal, messages};
use crate::settings::{PersonalKeys, Settings};
use crate::verdict::{Passed, Said};

/// Applies [`may_create`] to a key without a team.
pub(super) fn allowed_roles(draft: &mut KeyDraft<'_>) -> Said {
    if draft.text("team_id").is_some() {
        return Ok(Passed::NotApplicable);
    }
    may_create(draft.settings, draft.caller)
}

/// The caller's role must be in `personal_key_generation.allowed_user_roles`.
pub(super) fn may_create(settings: &Settings, caller: &Caller) -> Said {
    let rules = settings.key_generation.as_ref().and_then(|rules| rules.personal.as_ref());
    let Some(roles) = rules.and_then(|rules| rules.allowed_user_roles.as_deref()) else {
        return Ok(Passed::NotApplicable);
    };
    if caller.user_role.is_some_and(|role| roles.iter().any(|name| name == role.as_str())) {
        return Ok(Passed::Allowed);
    }
    let message = messages::personal_keys_restricted(roles, caller.role_text());
    Err(Refusal::http(Code::PersonalKeysForbidden, 400, message).on("team_id"))
}

/// The fields that `personal_key_generation.required_params` names must be in the request.
pub(super) fn required_params(draft: &mut KeyDraft<'_>) -> Said {
    let Some(settings) = settings(draft) else { return Ok(Passed::NotApplicable) };
    required_params::judge(draft, &settings.required_params)
}

fn settings<'a>(draft: &KeyDraft<'a>) -> Option<&'a PersonalKeys> {
    if draft.text("team_id").is_some() {
        return None;
    }
    draft.settings.key_generation.as_ref().and_then(|settings| settings.personal.as_ref())
}
