//! Keys that get a new secret by themselves: how often, and when next.

use super::{KeyDraft, time_span};
use crate::error::{Code, Kind, Refusal};
use crate::settings::{Profile, Settings};
use crate::verdict::{Passed, Said};
use latchkey_contract::tables::{Millis, VirtualKey};

/// Judges what a new key, or a changed one, says of its rotation, and computes when it is next due.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let (auto, interval) = (draft.fields.get("auto_rotate"), draft.fields.get("rotation_interval"));
    if auto.is_none() && interval.is_none() {
        return Ok(Passed::NotApplicable);
    }
    let is_automatic = match auto {
        Some(asked) => asked.is_truthy(),
        None => draft.before.is_some_and(|key| key.auto_rotate == Some(true)),
    };
    let interval = match interval {
        Some(asked) => asked.as_str().map(str::to_owned),
        None => draft.before.and_then(|key| key.rotation_interval.clone()),
    };
    let due = match &interval {
        Some(interval) => Some(
            time_span::after(Profile::Strict, interval, draft.now)
                .map_err(|refusal| refusal.on("rotation_interval"))?,
        ),
        None if is_automatic => {
            let message = "`auto_rotate` needs a `rotation_interval`";
            let refusal =
                Refusal::error(Code::ParamRequired, 400, Kind::BadRequestError, "rotation_interval", message);
            return Err(refusal.on("rotation_interval"));
        }
        None => None,
    };
    draft.compute("key_rotation_at", due.filter(|_| is_automatic).map(|due| due.0).into());
    Ok(Passed::Changed)
}

/// The key once it has got another secret at this moment.
pub(crate) fn rotated(settings: &Settings, key: VirtualKey, now: Millis) -> VirtualKey {
    if !settings.keeps::<VirtualKey>("rotation_count") {
        return key;
    }
    let is_automatic = key.auto_rotate == Some(true);
    let interval = key.rotation_interval.as_deref().filter(|_| is_automatic);
    let due = interval.and_then(|text| time_span::after(Profile::Strict, text, now).ok());
    VirtualKey {
        rotation_count: Some(key.rotation_count.unwrap_or_default().saturating_add(1)),
        last_rotation_at: Some(now),
        key_rotation_at: due.or(key.key_rotation_at),
        ..key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotated_key_counts_and_is_due_again_if_it_rotates_by_itself() {
        let key = VirtualKey { rotation_interval: Some("1d".to_owned()), ..VirtualKey::default() };
        let by_hand = rotated(&Settings::default(), key.clone(), Millis(1_000));
        assert_eq!((by_hand.rotation_count, by_hand.last_rotation_at), (Some(1), Some(Millis(1_000))));
        assert_eq!(by_hand.key_rotation_at, None);
        let by_itself =
            rotated(&Settings::default(), VirtualKey { auto_rotate: Some(true), ..key }, Millis(1_000));
        assert_eq!(by_itself.key_rotation_at, Some(Millis(86_401_000)));
    }
}
