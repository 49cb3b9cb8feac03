//! The user under whose name LiteLLM keeps the budget of the whole proxy has no keys.

use super::KeyDraft;
use crate::error::{Code, Refusal};
use crate::verdict::{Passed, Said};

/// LiteLLM's `litellm_proxy_budget_name`.
const PROXY_BUDGET_USER: &str = "litellm-proxy-budget";

/// Refuses a key for that user.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    if draft.text("user_id") != Some(PROXY_BUDGET_USER) {
        return Ok(Passed::NotApplicable);
    }
    Err(Refusal::raised(Code::RequestUnsupported, format!("user `{PROXY_BUDGET_USER}` cannot have keys"))
        .on("user_id"))
}
