//! The operator's defaults (`default_key_generate_params`) fill what the request leaves out.

use super::KeyDraft;
use super::key_fields::{Preset, named};
use crate::deviations::Hole;
use crate::settings::Settings;
use crate::verdict::{Passed, Said, Source};
use latchkey_contract::json::Json;

/// The defaults that have an effect: those for other fields have none, as in the reference.
pub(crate) fn effective(settings: &Settings) -> impl Iterator<Item = (&str, &Json)> {
    let defaults = settings.default_key_params.as_deref().unwrap_or_default().iter();
    let has_one = move |name: &str| match named(name).map_or(Preset::No, |field| field.preset) {
        Preset::WhenNull | Preset::WhenEmpty => true,
        Preset::InStrict => settings.closes(Hole::default_duration_counts),
        Preset::No => false,
    };
    defaults
        .map(|(name, value)| (&**name, value))
        .filter(move |(name, value)| has_one(name) && !value.is_null())
}

/// Merges the defaults: into fields without a value, into `models` and `metadata` also if they are empty. Where there are
/// defaults at all, these two count as set from then on.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    if draft.settings.default_key_params.is_none() {
        return Ok(Passed::NotApplicable);
    }
    for (name, empty) in [("models", Json::List(Vec::new())), ("metadata", Json::empty_dict())] {
        if draft.fields.get(name).is_none() {
            draft.fields.set(name, empty);
        }
    }
    let mut passed = Passed::Allowed;
    for (name, value) in effective(draft.settings) {
        let is_empty = |field: &Json| match field {
            Json::List(items) => items.is_empty(),
            Json::Dict(members) => members.is_empty(),
            _ => false,
        };
        let field = draft.fields.get(name);
        let open = match named(name).map(|field| field.preset) {
            Some(Preset::WhenEmpty) => field.is_none_or(is_empty),
            _ => field.is_none_or(Json::is_null),
        };
        if open {
            draft.set(name.to_owned(), value.clone(), Source::Default);
            passed = Passed::Changed;
        }
    }
    Ok(passed)
}
