//! An existing budget: only a proxy admin gives a key to it, and it keeps to the upper bounds like the key's own amounts,
//! before which it counts.

use super::{KeyDraft, Known, upper_bounds};
use crate::caller::Caller;
use crate::error::{Code, Kind, Refusal};
use crate::settings::Settings;
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Millis};

/// Refuses an existing budget to all but proxy admins; no other rule mentions it then.
pub(super) fn admin_only(draft: &mut KeyDraft<'_>) -> Said {
    let attached = draft.before.and_then(|key| key.budget_id.as_deref());
    match draft.request.get("budget_id") {
        Some(asked) if asked.as_str() != attached => {
            may_attach(draft.caller).inspect_err(|_| draft.budget = Known::Unknown)
        }
        _ => Ok(Passed::NotApplicable),
    }
}

/// Compares the budget that the request names.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    match draft.budget {
        Known::Present(budget) if draft.new_budget.is_none() && draft.text("budget_id").is_some() => {
            judge(draft.settings, draft.now, budget)
        }
        _ => Ok(Passed::NotApplicable),
    }
}

/// Whether the caller may give a key to an existing budget.
fn may_attach(caller: &Caller) -> Said {
    if caller.is_proxy_admin() {
        return Ok(Passed::Allowed);
    }
    let message = "only a proxy admin can set `budget_id`";
    Err(Refusal::error(Code::AdminField, 403, Kind::AuthError, "budget_id", message).on("budget_id"))
}

/// Compares the budget's amounts with the bounds.
pub(crate) fn judge(settings: &Settings, now: Millis, budget: &Budget) -> Said {
    let Some(bounds) = settings.upper_bounds.as_ref() else { return Ok(Passed::NotApplicable) };
    let amounts = [
        ("max_budget", budget.max_budget.map(Json::Float)),
        ("max_parallel_requests", budget.max_parallel_requests.map(|limit| Json::Int(limit.into()))),
        ("tpm_limit", budget.tpm_limit.map(Json::Int)),
        ("rpm_limit", budget.rpm_limit.map(Json::Int)),
        ("budget_duration", budget.budget_duration.clone().map(Json::Str)),
    ];
    let objections = amounts.into_iter().filter_map(|(name, amount)| {
        let (amount, bound) = (amount?, bounds.get(name)?);
        let said = upper_bounds::judge(settings.profile, now, name, &amount, &bound);
        said.err().map(|refusal| refusal.on("budget_id"))
    });
    Refusal::all(objections).map(|()| Passed::Allowed)
}
