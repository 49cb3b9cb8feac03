//! A key whose budget is limited makes no key with a larger one.

use super::compare::to_f64;
use super::{KeyDraft, key_fields, time_span};
use crate::caller::{Caller, DASHBOARD_TEAM_ID};
use crate::error::{Code, Refusal, messages};
use crate::verdict::{Passed, Said, Source};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, float_repr, str_of};

/// What is absent gets the budget of the calling key, and so does what the operator's defaults and bounds have filled in
/// beyond it; what is asked above it is refused. So are an increase above it, and a window after which the budget is reset
/// sooner than the calling key's.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(limit) = limit(draft.caller) else { return Ok(Passed::NotApplicable) };
    not_increased(draft, limit)?;
    let mut passed = Passed::Allowed;
    if let Some(own) = undercut_window(draft).map(|own| own.map(str::to_owned)) {
        if is_asked(draft, "budget_duration") {
            return Err(shorter_window(draft, own.as_deref()));
        }
        draft.set("budget_duration", own.into(), Source::Caller);
        passed = Passed::Changed;
    }
    let budget = draft.get("max_budget");
    if budget.is_some_and(|budget| to_f64(budget).is_some_and(|budget| budget <= limit)) {
        return Ok(passed);
    }
    match budget {
        Some(asked) if is_asked(draft, "max_budget") => {
            let message = messages::above_the_callers_budget(&str_of(asked), &float_repr(limit));
            Err(Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on("max_budget"))
        }
        _ => {
            draft.set("max_budget", Json::Float(limit), Source::Caller);
            Ok(Passed::Changed)
        }
    }
}

/// Whether the request itself has set the field.
fn is_asked(draft: &KeyDraft<'_>, name: &str) -> bool {
    draft.provenance.iter().any(|(field, source)| field == name && *source == Source::Request)
}

/// A temporary increase, wherever it comes from, counts with the budget that it is added to.
fn not_increased(draft: &KeyDraft<'_>, limit: f64) -> Result<(), Refusal> {
    let Some(increase) = draft.get("metadata").and_then(key_fields::increase) else { return Ok(()) };
    let budget = draft.get("max_budget").and_then(to_f64).map_or(limit, |budget| budget.min(limit));
    // what is no number is refused where amounts are judged
    if to_f64(increase).is_none_or(|increase| budget + increase <= limit) {
        return Ok(());
    }
    let asked = format!("{} with {}", float_repr(budget), str_of(increase));
    let message = messages::above_the_callers_budget(&asked, &float_repr(limit));
    Err(Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on("metadata"))
}

/// The window of the calling key, if the budget of the new key starts again sooner than that; `Some(None)` if the budget of
/// the calling key never starts again. An invalid duration is left to the rule on durations.
fn undercut_window<'d>(draft: &'d KeyDraft<'_>) -> Option<Option<&'d str>> {
    let seconds = |text: &str| time_span::seconds(draft.settings.profile, text, draft.now).ok();
    let asked = draft.text("budget_duration").and_then(seconds)?;
    match window(draft.caller) {
        None => Some(None),
        Some(own) => seconds(own).is_some_and(|own| asked < own).then_some(Some(own)),
    }
}

fn shorter_window(draft: &KeyDraft<'_>, own: Option<&str>) -> Refusal {
    let asked = draft.text("budget_duration").unwrap_or_default();
    let message = match own {
        Some(own) => format!(
            "`budget_duration` is `{asked}`, sooner than `{own}`, after which the budget of the calling key starts again"
        ),
        None => {
            format!("`budget_duration` is `{asked}`, but the budget of the calling key never starts again")
        }
    };
    Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on("budget_duration")
}

/// After which time the budget of [`limit`] is reset.
fn window(caller: &Caller) -> Option<&str> {
    match &caller.budget {
        Some(budget) if budget.max_budget.is_some() => budget.budget_duration.as_deref(),
        _ => caller.key.as_ref()?.budget_duration.as_deref(),
    }
}

/// What the calling key may spend. A proxy admin's key limits nobody, and a session key of the dashboard stands for its
/// user.
pub(super) fn limit(caller: &Caller) -> Option<f64> {
    if caller.is_proxy_admin() || caller.team_id.as_deref() == Some(DASHBOARD_TEAM_ID) {
        return None;
    }
    caller.max_budget()
}
