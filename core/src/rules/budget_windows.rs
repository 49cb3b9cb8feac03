//! Budgets with windows of their own: their amounts are amounts, their windows durations, and each knows when it is reset.

use super::caller_budget::limit;
use super::compare::to_f64;
use super::{KeyDraft, amounts, time_span};
use crate::error::{Code, Refusal, messages};
use crate::settings::Settings;
use crate::time::isoformat;
use crate::verdict::{Passed, Said};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText, float_repr};
use latchkey_contract::tables::Millis;

/// The field.
const FIELD: &str = "budget_limits";

/// Judges the windows of a key and fills in when they are reset.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(asked) = draft.get(FIELD) else { return Ok(Passed::NotApplicable) };
    let present = draft.before.and_then(|key| key.budget_limits.as_ref());
    let windows = windows(draft.settings, draft.now, asked, present)?;
    let most = limit(draft.caller);
    let mut amounts =
        asked.as_list().unwrap_or_default().iter().filter_map(|window| window.get("max_budget"));
    let is_above =
        |amount: &&Json| most.is_some_and(|most| to_f64(amount).is_none_or(|amount| amount > most));
    if let (Some(amount), Some(most)) = (amounts.find(is_above).and_then(to_f64), most) {
        let message = messages::window_above_the_callers_budget(&float_repr(amount), &float_repr(most));
        return Err(Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on(FIELD));
    }
    draft.columns.set(FIELD, windows);
    Ok(Passed::Changed)
}

/// The windows as they are stored. One that is there already goes on until it is reset.
pub(crate) fn windows(
    settings: &Settings,
    now: Millis,
    asked: &Json,
    present: Option<&JsonText>,
) -> Result<Json, Refusal> {
    let present = present.map_or(Json::Null, JsonText::value);
    let mut windows = Vec::new();
    for window in asked.as_list().unwrap_or_default() {
        let part = |name: &str| window.get(name).cloned().unwrap_or(Json::Null);
        amounts::judge(FIELD, &part("max_budget"))?;
        let duration = part("budget_duration");
        let text = duration.as_str().unwrap_or_default();
        let end = time_span::after(settings.profile, text, now).map_err(|refusal| refusal.on(FIELD))?;
        let known = present.as_list().unwrap_or_default();
        let known = known.iter().find(|known| known.get("budget_duration") == Some(&duration));
        let reset_at = known.and_then(|known| known.get("reset_at")).filter(|reset| !reset.is_null());
        windows.push(dict! {
            "budget_duration" => duration.clone(),
            "max_budget" => to_f64(&part("max_budget")).map_or(Json::Null, Json::Float),
            "reset_at" => reset_at.cloned().unwrap_or_else(|| isoformat(end).into()),
        });
    }
    Ok(Json::List(windows))
}
