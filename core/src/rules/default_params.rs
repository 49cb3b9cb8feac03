//! The operator's defaults (`default_key_generate_params`) fill what the request leaves out.

use super::{KeyDraft, Passed, Source, Verdict};
use crate::deviations::Hole;
use crate::settings::Settings;
use latchkey_contract::json::Json;

/// Fields whose default holds in the reference when the request sets no value.
const WHEN_NULL: &[&str] = &[
    "max_budget",
    "user_id",
    "team_id",
    "max_parallel_requests",
    "tpm_limit",
    "rpm_limit",
    "budget_duration",
];

/// Fields whose default holds in the reference when the request sets none, or an empty one.
const WHEN_EMPTY: &[&str] = &["models", "metadata"];

/// All fields that get a default in strict.
pub(crate) const FIELDS: &[&str] = &[
    "max_budget",
    "user_id",
    "team_id",
    "max_parallel_requests",
    "tpm_limit",
    "rpm_limit",
    "budget_duration",
    "duration",
    "models",
    "metadata",
];

/// The defaults that have an effect: those for other fields have none, as in the reference.
pub(crate) fn effective(settings: &Settings) -> impl Iterator<Item = (&str, &Json)> {
    let defaults = settings.default_key_params.as_deref().unwrap_or_default().iter();
    let has_one = move |name: &str| {
        let has_in_strict = FIELDS.contains(&name) && settings.closes(Hole::default_duration_counts);
        WHEN_NULL.contains(&name) || WHEN_EMPTY.contains(&name) || has_in_strict
    };
    defaults
        .map(|(name, value)| (&**name, value))
        .filter(move |(name, value)| has_one(name) && !value.is_null())
}

/// Merges the defaults: into the fields above, into `models` if it is an empty list, into `metadata` if it is an
/// empty object. Where there are defaults at all, `models` and `metadata` count as set from then on.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
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
        let open = match (name, draft.fields.get(name)) {
            ("models", field) => {
                field.is_none_or(|field| matches!(field, Json::List(items) if items.is_empty()))
            }
            ("metadata", field) => {
                field.is_none_or(|field| matches!(field, Json::Dict(items) if items.is_empty()))
            }
            (_, field) => field.is_none_or(Json::is_null),
        };
        if open {
            draft.set(name.to_owned(), value.clone(), Source::Default);
            passed = Passed::Changed;
        }
    }
    Ok(passed)
}
