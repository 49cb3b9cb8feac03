//! What a team or a user may use beside models, which has a row of its own.

use super::changes::Changes;
use super::fields::take;
use super::{lookup, record};
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::rules::object_permission::{COLUMN, FIELD, for_admins, planned};
use crate::time::isoformat;
use crate::verdict::Passed;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{ObjectPermission, fit};

/// The row with this id.
pub(super) fn of(cx: &Context<'_>, id: Option<&str>) -> Result<Option<ObjectPermission>, Halt> {
    id.map_or(Ok(None), |id| lookup::row(cx, COLUMN, id))
}

/// Takes `object_permission` out of the `values` of a new team or user, or of one that has the row `before`, and puts the id of
/// the row that it asks for in its place. Gives that row.
pub(super) fn settle(
    cx: &Context<'_>,
    caller: &Caller,
    before: Option<&str>,
    values: &mut Json,
    changes: &mut Changes,
) -> Result<Option<ObjectPermission>, Halt> {
    let asked = take(values, FIELD);
    if !asked.is_truthy() {
        return Ok(None);
    }
    let stored = of(cx, before)?;
    let Some(mut row) = planned(&asked, stored.as_ref(), stored.is_none()) else { return Ok(None) };
    cx.judge(FIELD, for_admins(caller).map(|()| Passed::Allowed))?;
    let id = cx.uuid();
    row.set(COLUMN, id.clone().into());
    let row: ObjectPermission = fit::row(&row)?;
    if let Some(stored) = &stored {
        changes.rely_on(stored);
    }
    changes.insert(&row);
    values.set(COLUMN, id.into());
    Ok(Some(row))
}

/// The row as replies show it.
pub(super) fn shown(cx: &Context<'_>, row: Option<&ObjectPermission>) -> Json {
    row.map(|row| record::record(cx.settings, row, isoformat)).into()
}
