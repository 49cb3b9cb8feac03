//! A temporary increase does not lift a key's budget above its bound, however it came into the metadata.

use super::compare::to_f64;
use super::key_fields::{INCREASE, increase};
use super::{KeyDraft, Known, amounts, upper_bounds};
use crate::settings::Settings;
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;
use latchkey_contract::tables::VirtualKey;

/// Judges the increase of a new key, or the one that a change leaves.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    match draft.before {
        None => of_new(draft),
        Some(key) => of_change(draft, key),
    }
}

fn of_new(draft: &KeyDraft<'_>) -> Said {
    let Some(increase) = draft.get("metadata").and_then(increase) else { return Ok(Passed::NotApplicable) };
    let attached = match draft.budget {
        Known::Present(budget) if draft.new_budget.is_none() => budget.max_budget,
        _ => None,
    };
    let budget = attached.or_else(|| draft.get("max_budget").and_then(to_f64));
    judge(draft.settings, budget, increase)
}

/// Judges the increase that a changed key will have, asked for or kept.
fn of_change(change: &KeyDraft<'_>, key: &VirtualKey) -> Said {
    let columns = &change.columns;
    let is_concerned = ["metadata", "max_budget", "budget_id"].iter().any(|name| columns.get(name).is_some());
    let metadata = columns.get("metadata").cloned().unwrap_or_else(|| key.metadata.value());
    let Some(increase) = increase(&metadata).filter(|_| is_concerned) else {
        return Ok(Passed::NotApplicable);
    };
    let attached = match change.budget {
        Known::Present(budget) if !columns.get("budget_id").is_some_and(Json::is_null) => budget.max_budget,
        _ => None,
    };
    let own = match columns.get("max_budget") {
        Some(asked) => to_f64(asked),
        None => key.max_budget,
    };
    judge(change.settings, attached.or(own), increase)
}

/// Whether the increase that a key's `metadata` holds fits a budget that is about to become `budget` dollars.
pub(crate) fn in_force(settings: &Settings, budget: Option<f64>, metadata: &Json) -> Said {
    increase(metadata).map_or(Ok(Passed::NotApplicable), |increase| judge(settings, budget, increase))
}

/// Whether `budget`, the dollars of the key or of the budget it belongs to, may be increased so far.
pub(super) fn judge(settings: &Settings, budget: Option<f64>, increase: &Json) -> Said {
    amounts::judge(INCREASE, increase)?;
    let bound = settings.upper_bounds.as_ref().and_then(|bounds| bounds.max_budget);
    match (bound, budget, to_f64(increase)) {
        (Some(bound), Some(budget), Some(increase)) if budget + increase > bound => {
            Err(upper_bounds::over(INCREASE, &Json::Float(budget + increase), &Json::Float(bound)))
        }
        _ => Ok(Passed::Allowed),
    }
}
