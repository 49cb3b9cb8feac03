//! A key hands on no more than it has: what is made, changed or rotated with a limited key is within its limits.
//!
//! [`KEY_FIELDS`] says field by field what a limit is. A new key gets what the request leaves out, and the request is
//! refused where it asks for more; a change may raise nothing beyond; and the secret of a key that has more is not to be had.

mod change;
mod new;

pub(crate) use change::{apply as of_change, may_hold};
pub(crate) use new::apply as of_new;

use crate::caller::Caller;
use crate::error::{Code, Refusal};
use crate::rules::key_fields::{Held, Home, KEY_FIELDS, is_free, is_left_to_team, key_of};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::Row;

/// The limits of the key in use, as a form takes them to judge by itself; `null` where it is limited in nothing.
pub(crate) fn shown(caller: &Caller) -> Json {
    if is_free(caller) {
        return Json::Null;
    }
    let held = Held::of(key_of(caller), caller.budget.as_ref());
    let row: &dyn Row = &*held.key;
    let cells = row.cells();
    let (mut shown, mut metadata) = (Json::empty_dict(), Json::empty_dict());
    for field in KEY_FIELDS.iter().filter(|field| field.is_shown()) {
        let Some(name) = field.stored() else { continue };
        if field.home == Home::Metadata {
            if let Some(value) = held.metadata.get(name) {
                metadata.set(name, value.clone());
            }
            continue;
        }
        let value = cells.get(name).map_or(Json::Null, JsonText::value);
        if value.is_truthy() || matches!(value, Json::Int(_) | Json::Float(_)) {
            shown.set(name, value);
        }
    }
    if metadata.is_truthy() {
        shown.set("metadata", metadata);
    }
    if let Some(team) = caller.team.as_ref().filter(|_| is_left_to_team(&held.key)) {
        shown.set("team_models", team.models.clone().into());
    }
    if shown.is_truthy() { shown } else { Json::Null }
}

fn above(field: &str) -> Refusal {
    let message =
        format!("`{field}` asks for more than the calling key has, which hands on no more than that");
    Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on(field)
}
