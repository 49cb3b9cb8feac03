//! A key whose budget is limited makes no key with a larger one.

use super::compare::to_f64;
use super::{KeyDraft, Passed, Source, Verdict};
use crate::caller::{Caller, DASHBOARD_TEAM_ID};
use crate::dict;
use crate::error::{Code, Refusal, messages};
use crate::json::{Json, float_repr, str_of};

/// What is absent gets the budget of the calling key, what is above it is refused.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let Some(limit) = limit(draft.caller) else { return Ok(Passed::NotApplicable) };
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

/// What the calling key may spend. A proxy admin's key limits nobody, and a session key of the dashboard stands for its
/// user.
fn limit(caller: &Caller) -> Option<f64> {
    if caller.is_proxy_admin() || caller.team_id.as_deref() == Some(DASHBOARD_TEAM_ID) {
        return None;
    }
    caller.max_budget()
}
