//! What a key may use beside models: servers, agents, stores and tools. It has a row of its own, which proxy admins alone make.

use super::{KeyDraft, Known};
use crate::caller::Caller;
use crate::error::{Code, Kind, Refusal};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::{Json, Name};
use latchkey_contract::tables::{ObjectPermission, Row};

/// The field.
pub(crate) const FIELD: &str = "object_permission";

/// The column that names the row.
pub(crate) const COLUMN: &str = "object_permission_id";

/// Plans the row. A change makes another one, since keys that were made with the key share the one that is there.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let stored = match (draft.before.and_then(|key| key.object_permission_id.as_ref()), draft.related) {
        (Some(_), Known::Unknown) => None,
        (Some(_), Known::Present(related)) => Some(related.object_permission.as_ref()),
        _ => Some(None),
    };
    let asked = draft.get(FIELD).unwrap_or(&Json::Null);
    let Some(mut row) = planned(asked, stored.flatten(), stored == Some(None)) else {
        return Ok(Passed::NotApplicable);
    };
    for_admins(draft.caller)?;
    if stored.is_none() {
        return Ok(Passed::Unknown);
    }
    row.set(COLUMN, draft.new_permission_id.into());
    draft.new_permission = Some(row);
    draft.columns.set(COLUMN, draft.new_permission_id.into());
    Ok(Passed::Changed)
}

/// The row without its id: what a request says, and what it leaves out as it is in `before`. None where the request says
/// nothing, as an object without members does, and for something new also one whose members say nothing.
pub(crate) fn planned(asked: &Json, before: Option<&ObjectPermission>, is_new: bool) -> Option<Json> {
    let asked = asked.as_dict().unwrap_or_default().iter().filter(|(_, value)| !value.is_null());
    let asked: Vec<_> = asked.cloned().collect();
    let is_said = |(_, value): &(Name, Json)| value.is_truthy();
    if asked.is_empty() || (is_new && !asked.iter().any(is_said)) {
        return None;
    }
    let mut row = before.map_or_else(Json::empty_dict, stated);
    for (name, value) in asked {
        row.set(name, value);
    }
    Some(row)
}

/// The refusal of everyone but a proxy admin.
pub(crate) fn for_admins(caller: &Caller) -> Result<(), Refusal> {
    if caller.is_proxy_admin() {
        return Ok(());
    }
    let message = "only a proxy admin can set `object_permission`";
    Err(Refusal::error(Code::AdminField, 403, Kind::AuthError, FIELD, message).on(FIELD))
}

/// The row as a request would state it.
fn stated(row: &ObjectPermission) -> Json {
    let row: &dyn Row = row;
    let cells = row.cells();
    Json::Dict(cells.iter().map(|(name, cell)| (name.clone(), cell.value())).collect())
}
