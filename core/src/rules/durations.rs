//! Durations become moments: when a key expires, when its budget is reset.

use super::time_span;
use super::{KeyDraft, Passed, Verdict};
use latchkey_contract::json::Json;

/// `duration` becomes `expires`.
pub(super) fn expires(draft: &mut KeyDraft<'_>) -> Verdict {
    moment(draft, "duration", "expires")
}

/// `budget_duration` becomes `budget_reset_at`.
pub(super) fn budget_reset_at(draft: &mut KeyDraft<'_>) -> Verdict {
    moment(draft, "budget_duration", "budget_reset_at")
}

fn moment(draft: &mut KeyDraft<'_>, field: &str, column: &'static str) -> Verdict {
    let Some(text) = draft.text(field) else { return Ok(Passed::NotApplicable) };
    let moment =
        time_span::after(draft.settings.profile, text, draft.now).map_err(|refusal| refusal.on(field))?;
    draft.columns.set(column, Json::Int(moment.0));
    Ok(Passed::Changed)
}
