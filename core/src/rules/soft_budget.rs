//! A soft budget becomes a budget row of its own, which the key then belongs to.

use super::KeyDraft;
use crate::deviations::Hole;
use crate::verdict::{Passed, Said, Source};
use latchkey_contract::dict;
use latchkey_contract::json::Json;

/// Plans the budget row.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(soft_budget) = draft.get("soft_budget").cloned() else { return Ok(Passed::NotApplicable) };
    // the key has its budgets by model itself: strict keeps rows that many keys are shown with small
    let by_model = draft.get("model_max_budget").filter(|_| !draft.closes(Hole::budgets_of_keys_are_small));
    let model_max_budget = by_model.cloned().unwrap_or_else(Json::empty_dict);
    let actor = draft.caller.actor();
    draft.new_budget = Some(dict! {
        "budget_id" => draft.new_budget_id,
        "soft_budget" => soft_budget,
        "model_max_budget" => model_max_budget,
        "created_by" => actor,
        "updated_by" => actor,
    });
    draft.set("budget_id", draft.new_budget_id.into(), Source::Computed);
    Ok(Passed::Changed)
}
