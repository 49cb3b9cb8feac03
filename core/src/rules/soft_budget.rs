//! A soft budget becomes a budget row of its own, which the key then belongs to.

use super::KeyDraft;
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal};
use crate::verdict::{Passed, Said, Source};
use latchkey_contract::dict;
use latchkey_contract::json::Json;

/// Plans the budget row of a new key.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(soft_budget) = draft.get("soft_budget").cloned() else { return Ok(Passed::NotApplicable) };
    plan(draft, soft_budget);
    draft.set("budget_id", draft.new_budget_id.into(), Source::Computed);
    Ok(Passed::Changed)
}

/// A key that belongs to no budget gets one; in one that it belongs to, which others may share, only a proxy admin changes
/// the amount.
pub(super) fn of_change(draft: &mut KeyDraft<'_>) -> Said {
    let Some(asked) = draft.fields.get("soft_budget").cloned() else { return Ok(Passed::NotApplicable) };
    if draft.fields.get("budget_id").is_some() {
        let message = "`soft_budget` and `budget_id` cannot be changed together";
        return Err(Refusal::raised(Code::RequestUnsupported, message).on("soft_budget"));
    }
    match draft.before.and_then(|key| key.budget_id.as_deref()) {
        None if asked.is_null() => Ok(Passed::NotApplicable),
        None => {
            plan(draft, asked);
            draft.columns.set("budget_id", draft.new_budget_id.into());
            Ok(Passed::Changed)
        }
        Some(_) if draft.caller.is_proxy_admin() => Ok(Passed::Allowed),
        Some(_) => {
            let message = "only a proxy admin can change `soft_budget` of a key that belongs to a budget";
            Err(Refusal::error(Code::AdminField, 403, Kind::AuthError, "soft_budget", message)
                .on("soft_budget"))
        }
    }
}

/// Plans the budget row.
fn plan(draft: &mut KeyDraft<'_>, soft_budget: Json) {
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
}
