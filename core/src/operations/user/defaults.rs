//! What the operator presets for internal users (`default_internal_user_params` and its kin).

use crate::context::Context;
use crate::error::{Code, Refusal};
use crate::operations::fields::{self, at};
use crate::settings::defaults::{PRESET_FOR_DASHBOARD, PRESET_FOR_USERS};
use crate::types::{AssignableRole, Field, NewUserRequest};
use latchkey_contract::json::Json;

/// The fields of the request, filled from the operator's presets where the user is to be an internal user.
pub(crate) fn fill(cx: &Context<'_>, asked: &NewUserRequest) -> Result<Json, Refusal> {
    let mut filled = fields::effective(asked);
    if asked.user_role != Field::Value(AssignableRole::InternalUser) {
        return Ok(filled);
    }
    for (name, preset) in
        cx.settings.default_user_params.iter().filter(|(name, _)| name != PRESET_FOR_DASHBOARD)
    {
        let present = filled.get(name).is_some() || PRESET_FOR_USERS.contains(&&**name);
        let value = at(&filled, name);
        let no_models = name == "models" && value.as_list().is_some_and(<[Json]>::is_empty);
        if !present {
            let message = format!("default_internal_user_params has `{name}`, which no user has");
            return Err(Refusal::raised(Code::RequestUnsupported, message));
        }
        if value.is_null() || no_models {
            filled.set(name.clone(), preset.clone());
        }
    }
    let presets = [
        ("max_budget", Json::from(cx.settings.max_user_budget)),
        ("budget_duration", cx.settings.user_budget_duration.clone().into()),
    ];
    for (name, preset) in presets {
        if at(&filled, name).is_null() {
            filled.set(name, preset);
        }
    }
    Ok(filled)
}
