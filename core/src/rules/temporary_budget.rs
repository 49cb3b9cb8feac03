//! A temporary increase does not lift a key's budget above its bound, however it came into the metadata.

use super::compare::to_f64;
use super::key_fields::{INCREASE, increase};
use super::{KeyDraft, Known, Passed, Verdict, amounts, upper_bounds};
use crate::settings::Settings;
use latchkey_contract::json::Json;

/// Judges the increase of a new key.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let Some(increase) = draft.get("metadata").and_then(increase) else { return Ok(Passed::NotApplicable) };
    let attached = match draft.budget {
        Known::Present(budget) if draft.new_budget.is_none() => budget.max_budget,
        _ => None,
    };
    let budget = attached.or_else(|| draft.get("max_budget").and_then(to_f64));
    judge(draft.settings, budget, increase)
}

/// Whether the increase that a key's `metadata` holds fits a budget that is about to become `budget` dollars.
pub(crate) fn in_force(settings: &Settings, budget: Option<f64>, metadata: &Json) -> Verdict {
    increase(metadata).map_or(Ok(Passed::NotApplicable), |increase| judge(settings, budget, increase))
}

/// Whether `budget`, the dollars of the key or of the budget it belongs to, may be increased so far.
pub(super) fn judge(settings: &Settings, budget: Option<f64>, increase: &Json) -> Verdict {
    amounts::judge(INCREASE, increase)?;
    let bound = settings.upper_bounds.as_ref().and_then(|bounds| bounds.max_budget);
    match (bound, budget, to_f64(increase)) {
        (Some(bound), Some(budget), Some(increase)) if budget + increase > bound => {
            Err(upper_bounds::over(INCREASE, &Json::Float(budget + increase), &Json::Float(bound)))
        }
        _ => Ok(Passed::Allowed),
    }
}
