//! A key whose budget is limited makes no key with a larger one.

use super::compare::to_f64;
use super::{KeyDraft, Passed, Source, Verdict, temporary_budget, time_span};
use crate::caller::{Caller, DASHBOARD_TEAM_ID};
use crate::dict;
use crate::error::{Code, Refusal, messages};
use crate::json::{Json, float_repr, str_of};

/// What is absent gets the budget of the calling key, what is above it is refused; so is an increase, and a window in
/// which the budget starts anew sooner.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let Some(limit) = limit(draft.caller) else { return Ok(Passed::NotApplicable) };
    not_increased(draft, limit)?;
    no_shorter_window(draft)?;
    let Some(asked) = draft.get("max_budget") else {
        draft.set("max_budget", Json::Float(limit), Source::Caller);
        return Ok(Passed::Changed);
    };
    if to_f64(asked).is_some_and(|asked| asked <= limit) {
        return Ok(Passed::Allowed);
    }
    let message = messages::above_the_callers_budget(&str_of(asked), &float_repr(limit));
    Err(Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on("max_budget"))
}

/// A temporary increase, wherever it comes from, counts with the budget that it is added to.
fn not_increased(draft: &KeyDraft<'_>, limit: f64) -> Result<(), Refusal> {
    let Some(increase) = draft.get("metadata").and_then(temporary_budget::increase) else { return Ok(()) };
    let budget = draft.get("max_budget").map_or(Some(limit), to_f64);
    let most = budget.zip(to_f64(increase)).map(|(budget, increase)| budget + increase);
    // what is no number is refused where amounts are judged
    if most.is_none_or(|most| most <= limit) {
        return Ok(());
    }
    let asked = format!("{} with {}", str_of(&budget.into()), str_of(increase));
    let message = messages::above_the_callers_budget(&asked, &float_repr(limit));
    Err(Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on("metadata"))
}

fn no_shorter_window(draft: &KeyDraft<'_>) -> Result<(), Refusal> {
    let Some(asked) = draft.text("budget_duration") else { return Ok(()) };
    let own = window(draft.caller);
    let seconds = |text: &str| time_span::seconds(draft.settings.profile, text, draft.now).ok();
    let is_shorter = match own.map(seconds) {
        // the budget of the calling key never starts anew
        None => true,
        Some(own) => seconds(asked).zip(own).is_none_or(|(asked, own)| asked < own),
    };
    // what is no duration is refused where durations are judged
    if !is_shorter || seconds(asked).is_none() {
        return Ok(());
    }
    let own = own.unwrap_or("never");
    let message = format!(
        "`budget_duration` is `{asked}`, and the budget of the calling key starts anew after `{own}`: \
         a new key's cannot do so sooner"
    );
    Err(Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on("budget_duration"))
}

/// After which time the budget of [`limit`] starts anew.
fn window(caller: &Caller) -> Option<&str> {
    match &caller.budget {
        Some(budget) if budget.max_budget.is_some() => budget.budget_duration.as_deref(),
        _ => caller.key.as_ref()?.budget_duration.as_deref(),
    }
}

/// What the calling key may spend. A proxy admin's key limits nobody, and a session key of the dashboard stands for its
/// user.
fn limit(caller: &Caller) -> Option<f64> {
    if caller.is_proxy_admin() || caller.team_id.as_deref() == Some(DASHBOARD_TEAM_ID) {
        return None;
    }
    caller.max_budget()
}
