//! The limits of the calling key on a key that it makes.

use super::above;
use crate::error::Refusal;
use crate::rules::KeyDraft;
use crate::rules::key_fields::{Held, Home, KeyField, Limits, exceeded, models_handed_on};
use crate::verdict::{Passed, Said, Source};
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::Row;

/// Fills in what nothing was asked of, and refuses where more was asked. What the operator's defaults and bounds have filled
/// in beyond the calling key counts as not asked.
pub(crate) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(own) = Limits::of(draft.settings, draft.caller, draft.now) else {
        return Ok(Passed::NotApplicable);
    };
    // what cannot be stored is refused by the rule before
    let Some(row) = &draft.fitted else { return Ok(Passed::Unknown) };
    let limits = exceeded(&own, &Held::new_key(row, draft.column("metadata")));
    if limits.is_empty() {
        return Ok(Passed::Allowed);
    }
    let (asked, open): (Vec<&KeyField>, Vec<&KeyField>) =
        limits.into_iter().partition(|limit| is_asked(draft, limit));
    let row: &dyn Row = &*own.held.key;
    let cells = row.cells();
    for limit in &open {
        match limit.home {
            Home::Column if limit.name == "models" => {
                let models: Vec<String> = models_handed_on(&own).into_iter().cloned().collect();
                draft.set(limit.name, models.into(), Source::Caller);
            }
            Home::Column => {
                let value = cells.get(limit.name).map_or(Json::Null, JsonText::value);
                draft.set(limit.name, value, Source::Caller);
            }
            Home::Expiry => {
                draft.columns.set("expires", own.held.key.expires.map(|moment| moment.0).into());
                draft.note("expires", Source::Caller);
            }
            Home::Metadata => {
                draft.put_metadata(limit.name, own.held.member(limit.name).clone());
                draft.note(format!("metadata.{}", limit.name), Source::Caller);
            }
            Home::Request => {}
        }
    }
    for limit in &asked {
        with_missing(draft, &own, limit);
    }
    let row = draft.row()?;
    let left = exceeded(&own, &Held::new_key(&row, draft.column("metadata")));
    Refusal::all(left.iter().map(|limit| above(limit.name)))?;
    draft.fitted = Some(row);
    Ok(Passed::Changed)
}

/// Whether the request itself says something of the field. An empty list or object says nothing.
fn is_asked(draft: &KeyDraft<'_>, limit: &KeyField) -> bool {
    let says = |value: &Json| match value {
        Json::Null => false,
        Json::List(items) => !items.is_empty(),
        Json::Dict(members) => !members.is_empty(),
        _ => true,
    };
    let in_metadata = draft.request.get("metadata").and_then(|metadata| metadata.get(limit.name));
    draft.request.get(limit.name).is_some_and(says)
        || (limit.home == Home::Metadata && in_metadata.is_some_and(says))
}

/// Of limits by name, those that the request leaves out are filled in.
fn with_missing(draft: &mut KeyDraft<'_>, own: &Limits<'_>, limit: &KeyField) {
    let (name, is_column) = (limit.name, limit.home == Home::Column);
    let limits = match limit.home {
        Home::Column if name == "model_max_budget" => own.held.key.model_max_budget.value(),
        Home::Metadata => own.held.member(name).clone(),
        Home::Column | Home::Expiry | Home::Request => return,
    };
    let asked = match is_column {
        true => draft.get(name).cloned(),
        false => draft.get("metadata").and_then(|metadata| metadata.get(name)).cloned(),
    };
    let (Json::Dict(limits), Some(Json::Dict(mut members))) = (limits, asked) else { return };
    let known = Json::Dict(members.clone());
    let known = known.by_name();
    members.extend(limits.into_iter().filter(|(model, _)| known.get(model).is_none()));
    match is_column {
        true => draft.fields.set(name, Json::Dict(members)),
        false => draft.put_metadata(name, Json::Dict(members)),
    }
}
