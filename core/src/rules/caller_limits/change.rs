//! The limits of the calling key on a key that is changed or rotated with it.

use super::above;
use crate::error::{Code, Kind, Refusal};
use crate::rules::KeyDraft;
use crate::rules::key_fields::{Held, Home, KeyField, Limits, exceeded, with_increase};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{Budget, Row, VirtualKey};
use std::borrow::Cow;

/// What the change raises is within the calling key; `null` gets what that has. What was beyond it before may stay.
pub(crate) fn apply(change: &mut KeyDraft<'_>) -> Said {
    let Some(own) = Limits::of(change.settings, change.caller, change.now) else {
        return Ok(Passed::NotApplicable);
    };
    // what cannot be stored is refused by the rule before
    let (Some(key), Some(row)) = (change.before, change.fitted.clone()) else { return Ok(Passed::Unknown) };
    let budget = change.budget.present();
    let raised = raised(&own, change, key, row, budget);
    if raised.is_empty() {
        return Ok(Passed::Allowed);
    }
    let open = raised.iter().filter(|limit| change.fields.get(limit.name).is_some_and(Json::is_null));
    let own_row: &dyn Row = &*own.held.key;
    let cells = own_row.cells();
    for limit in open {
        match limit.home {
            Home::Column => {
                let value = cells.get(limit.name).map_or(Json::Null, JsonText::value);
                change.columns.set(limit.name, value);
            }
            Home::Expiry => {
                change.columns.set("expires", own.held.key.expires.map(|moment| moment.0).into());
            }
            Home::Metadata | Home::Request => {}
        }
    }
    let row = change.row()?;
    let left = self::raised(&own, change, key, row.clone(), budget);
    Refusal::all(left.iter().map(|limit| above(limit.name)))?;
    change.fitted = Some(row);
    Ok(Passed::Changed)
}

/// The limits that `row` exceeds and that the key as it is does not, or not so far.
fn raised(
    own: &Limits<'_>,
    change: &KeyDraft<'_>,
    key: &VirtualKey,
    row: VirtualKey,
    budget: Option<&Budget>,
) -> Vec<&'static KeyField> {
    let new = Held::of(Cow::Owned(row), budget);
    let found = exceeded(own, &new);
    if found.is_empty() {
        return found;
    }
    let mut old = Held::of(Cow::Borrowed(key), budget);
    let same_window = old.key.budget_duration == new.key.budget_duration;
    let max_budget = with_increase(&old);
    old.key.to_mut().max_budget = max_budget;
    let before = Limits {
        settings: change.settings,
        now: change.now,
        held: old,
        team_models: change.old_team.present().map(|team| team.models.as_slice()),
    };
    // a budget that is reset where it was not is a larger one
    let is_raised =
        |field: &&KeyField| field.exceeds(&before, &new) || (field.name == "budget_duration" && !same_window);
    found.into_iter().filter(is_raised).collect()
}

/// Whether the caller may learn the secret of the changed key, which is `renewed` then: with a limited key that of no key
/// that has more. A key may always rotate itself.
pub(crate) fn may_hold(change: &KeyDraft<'_>, renewed: &VirtualKey) -> Result<(), Refusal> {
    if change.before.is_some_and(|key| change.caller.token.as_ref() == Some(&key.token)) {
        return Ok(());
    }
    let Some(own) = Limits::of(change.settings, change.caller, change.now) else { return Ok(()) };
    let budget = change.budget.present();
    let exceeded = exceeded(&own, &Held::of(Cow::Borrowed(renewed), budget));
    let objections = exceeded.iter().map(|limit| {
        let name = limit.name;
        let message = format!(
            "the key has more of `{name}` than the calling key: rotate it with itself, with a key that is not limited so, or ask a proxy admin"
        );
        Refusal::error(Code::AboveUpperBound, 403, Kind::AuthError, "key", message).on(name)
    });
    Refusal::all(objections)
}
