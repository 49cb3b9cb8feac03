//! The operator's defaults (`default_key_generate_params`) fill what the request leaves out.

use super::{KeyDraft, Passed, Source, Verdict};
use crate::json::Json;

/// Fields whose default holds when the request sets no value.
const WHEN_NULL: &[&str] = &[
    "max_budget",
    "user_id",
    "team_id",
    "max_parallel_requests",
    "tpm_limit",
    "rpm_limit",
    "budget_duration",
];

/// Merges the defaults: into the fields above, into `models` if it is an empty list, into `metadata` if it is an
/// empty object. Defaults for other fields have no effect, as in the reference. Where there are defaults at all, `models`
/// and `metadata` count as set from then on.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let Some(defaults) = draft.settings.default_key_params.as_deref() else {
        return Ok(Passed::NotApplicable);
    };
    for (name, empty) in [("models", Json::List(Vec::new())), ("metadata", Json::empty_dict())] {
        if draft.fields.get(name).is_none() {
            draft.fields.set(name, empty);
        }
    }
    let mut passed = Passed::Allowed;
    for (name, value) in defaults.iter().filter(|(_, value)| !value.is_null()) {
        let open = match (name.as_str(), draft.fields.get(name)) {
            ("models", field) => {
                field.is_none_or(|field| matches!(field, Json::List(items) if items.is_empty()))
            }
            ("metadata", field) => {
                field.is_none_or(|field| matches!(field, Json::Dict(items) if items.is_empty()))
            }
            (name, field) => WHEN_NULL.contains(&name) && field.is_none_or(Json::is_null),
        };
        if open {
            draft.set(name, value.clone(), Source::Default);
            passed = Passed::Changed;
        }
    }
    Ok(passed)
}
