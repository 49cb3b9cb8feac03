//! Durations become moments: when a key expires, when its budget is reset.

use super::KeyDraft;
use super::time_span;
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;

/// `duration` becomes `expires`.
pub(super) fn expires(draft: &mut KeyDraft<'_>) -> Said {
    moment(draft, "duration", "expires")
}

/// `budget_duration` becomes `budget_reset_at`.
pub(super) fn budget_reset_at(draft: &mut KeyDraft<'_>) -> Said {
    moment(draft, "budget_duration", "budget_reset_at")
}

fn moment(draft: &mut KeyDraft<'_>, field: &str, column: &'static str) -> Said {
    let Some(text) = draft.text(field) else { return Ok(Passed::NotApplicable) };
    let moment =
        time_span::after(draft.settings.profile, text, draft.now).map_err(|refusal| refusal.on(field))?;
    draft.columns.set(column, Json::Int(moment.0));
    Ok(Passed::Changed)
}
