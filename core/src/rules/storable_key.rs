//! Every value must fit its column.

use super::{KeyDraft, Passed, Verdict};
use latchkey_contract::mint;
use latchkey_contract::tables::{Budget, VirtualKey, fit, storable};

/// Tries every column of the row, its name among them, and of the budget that comes with it.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    if let Some(budget) = draft.budget_row() {
        fit::row::<Budget>(&budget)?;
    }
    if let Some(key) = draft.text("key") {
        // of the key itself only this is stored
        storable::plain("key", &mint::key_name(key))?;
    }
    draft.fitted = Some(fit::row::<VirtualKey>(&draft.row())?);
    Ok(Passed::Allowed)
}
