//! Who made or changed a key and when, in the columns that LiteLLM of today has for it.

use crate::caller::Caller;
use crate::context::Context;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::VirtualKey;

/// A new key that the caller makes.
pub(super) fn made(cx: &Context<'_>, caller: &Caller, mut row: VirtualKey) -> VirtualKey {
    if cx.settings.keeps::<VirtualKey>("created_by") {
        row.created_by = Some(caller.actor().to_owned());
    }
    if cx.settings.keeps::<VirtualKey>("updated_by") {
        row.updated_by = Some(caller.actor().to_owned());
    }
    // what LiteLLM's table has where nothing is said
    if cx.settings.keeps::<VirtualKey>("rotation_count") {
        row.rotation_count = row.rotation_count.or(Some(0));
    }
    if cx.settings.keeps::<VirtualKey>("auto_rotate") {
        row.auto_rotate = row.auto_rotate.or(Some(false));
    }
    if cx.settings.keeps::<VirtualKey>("router_settings") {
        row.router_settings = row.router_settings.or_else(|| Some(JsonText::of(&Json::empty_dict())));
    }
    row
}

/// A key that the caller changes.
pub(super) fn changed(cx: &Context<'_>, caller: &Caller, mut row: VirtualKey) -> VirtualKey {
    row.updated_at = Some(cx.now());
    if cx.settings.keeps::<VirtualKey>("updated_by") {
        row.updated_by = Some(caller.actor().to_owned());
    }
    if cx.settings.keeps::<VirtualKey>("settings_updated_at") {
        row.settings_updated_at = Some(cx.now());
    }
    row
}
