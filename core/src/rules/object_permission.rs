//! What a key may use beside models: servers, agents, stores and tools. It has a row of its own, which proxy admins alone make.

use super::{KeyDraft, Known};
use crate::error::{Code, Kind, Refusal};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{ObjectPermission, Row};

/// The field.
const FIELD: &str = "object_permission";

/// The column that names the row.
const COLUMN: &str = "object_permission_id";

/// Plans the row: what the request says, and what it leaves out as it is. An object without members says nothing. A change
/// makes another row, since keys that were made with the key share the one that is there.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let asked = draft.get(FIELD).and_then(Json::as_dict).unwrap_or_default();
    let asked: Vec<_> = asked.iter().filter(|(_, value)| !value.is_null()).cloned().collect();
    if asked.iter().all(|(_, value)| !value.is_truthy()) && draft.before.is_none() || asked.is_empty() {
        return Ok(Passed::NotApplicable);
    }
    if !draft.caller.is_proxy_admin() {
        let message = "only a proxy admin can set `object_permission`";
        return Err(Refusal::error(Code::AdminField, 403, Kind::AuthError, FIELD, message).on(FIELD));
    }
    let mut row = match (draft.before.and_then(|key| key.object_permission_id.as_ref()), draft.related) {
        (Some(_), Known::Unknown) => return Ok(Passed::Unknown),
        (Some(_), Known::Present(related)) => {
            related.object_permission.as_ref().map_or_else(Json::empty_dict, shown)
        }
        _ => Json::empty_dict(),
    };
    for (name, value) in asked {
        row.set(name, value);
    }
    row.set(COLUMN, draft.new_permission_id.into());
    draft.new_permission = Some(row);
    draft.columns.set(COLUMN, draft.new_permission_id.into());
    Ok(Passed::Changed)
}

/// The row as a request would state it.
fn shown(row: &ObjectPermission) -> Json {
    let row: &dyn Row = row;
    let cells = row.cells();
    Json::Dict(cells.iter().map(|(name, cell)| (name.clone(), cell.value())).collect())
}
