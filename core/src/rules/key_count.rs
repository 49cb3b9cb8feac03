//! How many keys one user and one team may have, which the operator sets; proxy admins are free.
//!
//! They are counted before the key is stored: of requests at the same time a few may pass beyond the number.

use super::{KeyDraft, Known};
use crate::error::{Code, Kind, Refusal};
use crate::settings::KeyLimit;
use crate::verdict::{Passed, Said};

/// Judges a new key, and one that gets another owner or team.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    if draft.caller.is_proxy_admin() {
        return Ok(Passed::NotApplicable);
    }
    let (counts, settings) = (draft.counts, draft.settings);
    let has_it = |owner: &&str| draft.before.is_some_and(|key| key.user_id.as_deref() == Some(*owner));
    let owner = draft.new_owner().filter(|owner| !has_it(owner));
    // a team that is not the caller's to see answers like none, also by its number of keys
    let team = draft.destination().flatten().filter(|_| draft.team != Known::Absent);
    judge([
        owner.map(|id| ("user_id", id, counts.user, settings.max_keys_per_user)),
        team.map(|id| ("team_id", id, counts.team, settings.max_keys_per_team)),
    ])
}

/// A field, whom it names, how many keys they have and may have.
type Count<'a> = Option<(&'static str, &'a str, Known<u64>, KeyLimit)>;

fn judge(counts: [Count<'_>; 2]) -> Said {
    let counts = || counts.iter().flatten();
    let is_full = |(_, _, found, most): &&(&str, &str, Known<u64>, KeyLimit)| matches!(found, Known::Present(found) if *found >= most.0);
    Refusal::all(counts().filter(is_full).map(|(field, id, _, most)| full(field, id, most.0)))?;
    match counts().any(|(_, _, found, _)| *found == Known::Unknown) {
        true => Ok(Passed::Unknown),
        false if counts().next().is_some() => Ok(Passed::Allowed),
        false => Ok(Passed::NotApplicable),
    }
}

fn full(field: &'static str, id: &str, most: u64) -> Refusal {
    let whose = if field == "team_id" { "team" } else { "user" };
    let message =
        format!("{whose} `{id}` has {most} keys, as many as there may be: delete some that are not used");
    Refusal::error(Code::TooManyKeys, 400, Kind::BadRequestError, field, message).on(field)
}
