//! A service account is a key of a team, and stays the account that it is.

use super::key_fields::SERVICE_ACCOUNT;
use super::update::KeyChange;
use super::{KeyDraft, Known, Passed, Verdict};
use crate::error::{Code, Kind, Refusal, messages};
use latchkey_contract::json::Json;

/// A new service account needs a team.
pub(super) fn draft(draft: &mut KeyDraft<'_>) -> Verdict {
    match draft.get("metadata").and_then(account) {
        None => Ok(Passed::NotApplicable),
        Some(_) if draft.text("team_id").is_some() => Ok(Passed::Allowed),
        Some(_) => Err(without_team()),
    }
}

/// The account does not change, and keeps a team.
pub(super) fn change(change: &mut KeyChange<'_>) -> Verdict {
    let old = change.key.metadata.value();
    let old = account(&old);
    let new = change.columns.get("metadata").and_then(account);
    if old.is_some() && old != new {
        let message = messages::SERVICE_ACCOUNT_STAYS;
        let refusal =
            Refusal::error(Code::RequestUnsupported, 400, Kind::InvalidRequestError, Json::Null, message);
        return Err(refusal.on("metadata"));
    }
    let is_new_or_moves = old.is_none() || change.destination().is_some();
    match new.filter(|_| is_new_or_moves) {
        None => Ok(Passed::NotApplicable),
        Some(_) if change.next_team() == Known::Absent => Err(without_team()),
        Some(_) => Ok(Passed::Allowed),
    }
}

/// The account's name in free data.
fn account(metadata: &Json) -> Option<&Json> {
    metadata.get(SERVICE_ACCOUNT).filter(|account| !account.is_null())
}

fn without_team() -> Refusal {
    let message = messages::SERVICE_ACCOUNT_WITHOUT_TEAM;
    Refusal::error(Code::ParamRequired, 400, Kind::InvalidRequestError, Json::Null, message).on("team_id")
}
