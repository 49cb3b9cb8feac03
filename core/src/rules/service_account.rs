//! A service account is a key of a team, and stays the account that it is.

use super::key_fields::SERVICE_ACCOUNT;
use super::{KeyDraft, Known};
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;
use latchkey_contract::tables::VirtualKey;

/// A service account needs a team, and a key that is one stays it.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    match draft.before {
        None => of_new(draft),
        Some(key) => of_change(draft, key),
    }
}

fn of_new(draft: &KeyDraft<'_>) -> Said {
    match draft.get("metadata").and_then(account) {
        None => Ok(Passed::NotApplicable),
        Some(_) if draft.text("team_id").is_some() => Ok(Passed::Allowed),
        Some(_) => Err(without_team()),
    }
}

fn of_change(change: &KeyDraft<'_>, key: &VirtualKey) -> Said {
    let old = key.metadata.value();
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
