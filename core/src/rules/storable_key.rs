//! Every value must fit its column.

use super::{KeyDraft, Passed, Verdict};
use crate::tables::{Budget, Table as _, VirtualKey};

/// Tries every column of the row, and of the budget that comes with it.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    if let Some(budget) = draft.budget_row() {
        Budget::fit(&budget)?;
    }
    draft.fitted = Some(VirtualKey::fit(&draft.row())?);
    Ok(Passed::Allowed)
}
