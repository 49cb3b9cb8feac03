//! The operator's upper bounds hold for changes, too: the reference compares only when a key is made.

use super::KeyChange;
use crate::rules::compare::to_f64;
use crate::rules::{Known, Passed, Verdict, key_fields, temporary_budget, upper_bounds};
use latchkey_contract::json::Json;

/// Compares what the request sets; `null` gets the bound, as it does for a new key.
pub(super) fn apply(change: &mut KeyChange<'_>) -> Verdict {
    let Some(bounds) = change.settings.upper_bounds.as_ref() else { return Ok(Passed::NotApplicable) };
    let mut passed = Passed::Allowed;
    let mut objections = Vec::new();
    for name in key_fields::bounded() {
        let (Some(bound), Some(value)) = (bounds.get(name), change.request.get(name)) else { continue };
        if value.is_null() {
            change.request.set(name, bound);
            passed = Passed::Changed;
        } else {
            objections
                .extend(upper_bounds::judge(change.settings.profile, change.now, name, value, &bound).err());
        }
    }
    crate::error::Refusal::all(objections)?;
    Ok(passed)
}

/// A temporary increase, asked for or kept, does not lift the budget above its bound.
pub(super) fn temporary_budget(change: &mut KeyChange<'_>) -> Verdict {
    let columns = &change.columns;
    let is_concerned = ["metadata", "max_budget", "budget_id"].iter().any(|name| columns.get(name).is_some());
    let metadata = columns.get("metadata").cloned().unwrap_or_else(|| change.key.metadata.value());
    let Some(increase) = key_fields::increase(&metadata).filter(|_| is_concerned) else {
        return Ok(Passed::NotApplicable);
    };
    let attached = match change.budget {
        Known::Present(budget) if !columns.get("budget_id").is_some_and(Json::is_null) => budget.max_budget,
        _ => None,
    };
    let own = match columns.get("max_budget") {
        Some(asked) => to_f64(asked),
        None => change.key.max_budget,
    };
    temporary_budget::judge(change.settings, attached.or(own), increase)
}
