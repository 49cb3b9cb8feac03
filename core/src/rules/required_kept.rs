//! What the operator requires of new keys (`required_params`) is not taken away from a key, and a key does not move to where
//! it lacks what is required there.

use super::KeyDraft;
use crate::rules::Standing;
use crate::rules::key_fields::named;
use crate::rules::manage_key::not_for_owners;
use crate::rules::required_params::{is_filled, missing};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{Row, VirtualKey};

/// By these a key is booked: an owner keeps them as they are.
const BOOKS: &[&str] = &["tags", "metadata"];

/// Judges the key as it will be.
pub(super) fn apply(change: &mut KeyDraft<'_>) -> Said {
    // what cannot be stored is refused by the rule before
    let (Some(old), Some(new)) = (change.before, &change.fitted) else { return Ok(Passed::Unknown) };
    let required = required(change, new);
    if required.is_empty() {
        return Ok(Passed::NotApplicable);
    }
    let is_moved = new.team_id != old.team_id;
    for name in required.iter().filter(|name| stored(name).is_some()) {
        let (before, after) = (value(old, name), value(new, name));
        let has_it = |value: &Option<Json>| value.as_ref().is_some_and(is_filled);
        let is_concerned = is_moved || has_it(&before) || change.fields.get(name).is_some();
        if is_concerned && !has_it(&after) {
            return Err(missing(name));
        }
        let is_owner = change.standing == Some(Standing::Owner);
        if is_owner && BOOKS.contains(&name.as_str()) && has_it(&before) && before != after {
            return Err(not_for_owners(name, "change what the operator requires of it"));
        }
    }
    Ok(Passed::Allowed)
}

/// The fields that are required where the key will be.
fn required<'c>(change: &KeyDraft<'c>, new: &VirtualKey) -> &'c [String] {
    let Some(settings) = change.settings.key_generation.as_ref() else { return &[] };
    let of_team = settings.team.as_ref().map(|team| team.required_params.as_slice());
    let personal = settings.personal.as_ref().map(|personal| personal.required_params.as_slice());
    if new.team_id.is_some() { of_team } else { personal }.unwrap_or_default()
}

/// The value of a field of a key: of its column, or else in its metadata.
fn value(key: &VirtualKey, name: &str) -> Option<Json> {
    let row: &dyn Row = key;
    let stored = row.cells().get(stored(name)?).map(JsonText::value);
    stored.or_else(|| key.metadata.value().get(name).cloned())
}

/// Where a key keeps the field; nothing where no key does. A name that is no field may be one of the free data.
fn stored(name: &str) -> Option<&str> {
    match named(name) {
        Some(field) => field.stored(),
        None => Some(name),
    }
}
