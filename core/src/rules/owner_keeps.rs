//! What the owner of a key may not do with it: move it, unblock it, revive it, forget what it has spent.

use super::KeyDraft;
use crate::caller::Caller;
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal};
use crate::rules::Standing;
use crate::rules::caller_budget;
use crate::rules::manage_key::not_for_owners;
use crate::verdict::{Passed, Said};
use latchkey_contract::tables::VirtualKey;

/// The key stays with its owner and in its team.
pub(super) fn place(change: &mut KeyDraft<'_>) -> Said {
    judge(change, |old, new, _| {
        if old.user_id != new.user_id {
            return Some(("user_id", "give it to another user"));
        }
        (old.team_id != new.team_id).then_some(("team_id", "move it to another team"))
    })
}

/// A blocked key stays blocked.
pub(super) fn block(change: &mut KeyDraft<'_>) -> Said {
    judge(change, |old, new, _| {
        (old.blocked == Some(true) && new.blocked != Some(true)).then_some(("blocked", "unblock it"))
    })
}

/// An expired key stays expired, and no key lives longer than it was given.
pub(super) fn expiry(change: &mut KeyDraft<'_>) -> Said {
    judge(change, |old, new, now| {
        let end = old.expires?;
        if end.0 <= now && old.expires != new.expires {
            return Some(("duration", "revive it"));
        }
        new.expires.is_none_or(|later| later > end).then_some(("duration", "make it last longer"))
    })
}

/// What was spent stays spent, also for an admin of the team whose own key has a budget.
pub(super) fn spend(change: &mut KeyDraft<'_>) -> Said {
    if let Some(standing) = change.standing.filter(|_| change.closes(Hole::limited_keys_reset_no_spend)) {
        let (Some(key), Some(row)) = (change.before, &change.fitted) else { return Ok(Passed::Unknown) };
        if row.spend < key.spend {
            may_reset_spend(change.caller, standing)?;
        }
    }
    judge(change, |old, new, _| (new.spend < old.spend).then_some(("spend", "reset what it has spent")))
}

/// Whether the budget of the calling key leaves it to reset what keys have spent, its own among them.
pub(crate) fn may_reset_spend(caller: &Caller, standing: Standing) -> Result<(), Refusal> {
    if standing != Standing::TeamAdmin || caller_budget::limit(caller).is_none() {
        return Ok(());
    }
    let message = "a key with a budget cannot reset what a key has spent, its own included";
    Err(Refusal::error(Code::AboveUpperBound, 403, Kind::AuthError, "spend", message).on("spend"))
}

/// The field and the deed, if the change from the first to the second row at this moment is one owners may not make.
type Objection = Option<(&'static str, &'static str)>;

pub(super) fn judge(
    change: &KeyDraft<'_>,
    objection: impl Fn(&VirtualKey, &VirtualKey, i64) -> Objection,
) -> Said {
    match change.standing {
        Some(Standing::Owner) => {}
        Some(Standing::ProxyAdmin | Standing::TeamAdmin) => return Ok(Passed::NotApplicable),
        None => return Ok(Passed::Unknown),
    }
    // what cannot be stored is refused by the rule before
    let (Some(key), Some(row)) = (change.before, &change.fitted) else { return Ok(Passed::Unknown) };
    match objection(key, row, change.now.0) {
        None => Ok(Passed::Allowed),
        Some((field, what)) => Err(not_for_owners(field, what)),
    }
}
