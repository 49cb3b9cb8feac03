//! A key's budget must exist.

use super::{KeyDraft, Known};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal};
use crate::verdict::{Passed, Said};

/// Refuses a budget that is not in the store.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(budget_id) = draft.text("budget_id").filter(|_| draft.new_budget.is_none()) else {
        return Ok(Passed::NotApplicable);
    };
    // the reference stores nothing where the key exists already
    if !draft.closes(Hole::custom_key_is_new) && draft.existing_key == Known::Present(()) {
        return Ok(Passed::NotApplicable);
    }
    match draft.budget {
        Known::Present(_) => Ok(Passed::Allowed),
        Known::Unknown => Ok(Passed::Unknown),
        Known::Absent => Err(unknown(budget_id)),
    }
}

/// The reference's database refuses to change a key to a budget that is not there.
pub(super) fn as_the_database(draft: &mut KeyDraft<'_>) -> Said {
    apply(draft).map_err(|refusal| Refusal::raised(refusal.code, refusal.message).on("budget_id"))
}

/// The refusal of a budget that does not exist.
pub(crate) fn unknown(budget_id: &str) -> Refusal {
    let message = format!("budget `{budget_id}` does not exist, create it with `/budget/new`");
    Refusal::error(Code::BudgetUnknown, 400, Kind::BadRequestError, "budget_id", message).on("budget_id")
}
