//! What a new key is for decides which routes it may call. The lists of routes themselves come from proxy admins.

use super::KeyDraft;
use super::allowed_routes::{is_within, may_renew};
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::{Json, repr};
use latchkey_contract::tables::VirtualKey;

/// What a key of each type may call, as in LiteLLM 1.109. The last column says whether only a proxy admin makes such keys.
const PRESETS: &[(&str, &str, bool)] = &[
    ("llm_api", "llm_api_routes", false),
    ("read_only", "info_routes", false),
    ("management", "management_routes", true),
];

/// The type of a key whose request names none.
const DEFAULT: &str = "default";

/// Gives a new key the routes of its type.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    if draft.fields.get("key_type").is_none() {
        draft.compute("key_type", DEFAULT.into());
    }
    let asked = draft.text("key_type");
    let Some((_, group, for_admins)) = PRESETS.iter().find(|(name, ..)| Some(*name) == asked) else {
        return Ok(Passed::NotApplicable);
    };
    if *for_admins && !draft.caller.is_proxy_admin() {
        return Err(for_admins_only("key_type"));
    }
    draft.columns.set("allowed_routes", vec![(*group).to_owned()].into());
    Ok(Passed::Changed)
}

/// Only a proxy admin says which routes a key may call; others may take some away.
pub(super) fn routes_admin_only(draft: &mut KeyDraft<'_>) -> Said {
    let Some(asked) = draft.get("allowed_routes") else { return Ok(Passed::NotApplicable) };
    let asked = asked.as_list().unwrap_or_default();
    let asked: Vec<String> = asked.iter().filter_map(Json::as_str).map(str::to_owned).collect();
    if let Some(key) = draft.before.filter(|key| key.allowed_routes != asked) {
        // a list that one request takes off would be none
        let changed = VirtualKey { allowed_routes: asked.clone(), ..key.clone() };
        may_renew(draft.caller.key.as_ref(), &changed).map_err(|refusal| refusal.on("allowed_routes"))?;
    }
    if draft.caller.is_proxy_admin() {
        return Ok(Passed::Allowed);
    }
    let is_less = match draft.before {
        // a new key without a list of its own gets that of its type
        None => asked.is_empty(),
        Some(key) => key.allowed_routes == asked || is_within(&asked, &key.allowed_routes),
    };
    if is_less { Ok(Passed::Allowed) } else { Err(for_admins_only("allowed_routes")) }
}

fn for_admins_only(field: &'static str) -> Refusal {
    let message = format!("{{'error': {}}}", repr(&messages::ONLY_ADMINS_SET_ROUTES.into()));
    Refusal::error(Code::AdminField, 403, Kind::AuthError, Json::Null, message).on(field)
}
