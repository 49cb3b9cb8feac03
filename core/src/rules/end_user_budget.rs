//! The budget that a key gives each end user exists.

use super::{KeyDraft, Known};
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::{Json, repr};

/// The field, and the member of the free data that keeps it.
const FIELD: &str = "end_user_budget_id";

/// The budget that a request names, as a field or in the free data.
pub(crate) fn named(request: &Json) -> Option<&str> {
    let in_metadata = || request.get("metadata").and_then(|metadata| metadata.get(FIELD));
    request.get(FIELD).or_else(in_metadata).and_then(Json::as_str).filter(|id| !id.is_empty())
}

/// Refuses a budget that is not in the store.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    // that only proxy admins set it is another rule; others learn nothing of budgets
    let asked = named(draft.request).filter(|_| draft.caller.is_proxy_admin());
    let Some(id) = asked else { return Ok(Passed::NotApplicable) };
    let Known::Present(related) = draft.related else { return Ok(Passed::Unknown) };
    let present = draft.before.map(|key| key.metadata.value());
    let is_kept = present.as_ref().and_then(|metadata| metadata.get(FIELD)?.as_str()) == Some(id);
    if is_kept || related.end_user_budget.is_some() {
        return Ok(Passed::Allowed);
    }
    let message = format!("{{'error': {}}}", repr(&messages::end_user_budget_unknown(id).into()));
    let kind = Kind::InvalidRequestError;
    Err(Refusal::error(Code::BudgetUnknown, 400, kind, Json::Null, message).on(FIELD))
}
