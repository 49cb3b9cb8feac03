//! From the fields of a request to the columns that change.

use crate::deviations::Hole;
use crate::error::Refusal;
use crate::rules::KeyDraft;
use crate::rules::key_fields::{SERVICE_ACCOUNT, is_in_metadata, is_of_the_request};
use crate::rules::{time_span, validate_model_max_budget};
use crate::settings::Settings;
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;
use latchkey_contract::tables::Millis;

/// Turns the fields of a change into columns.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(key) = draft.before else { return Ok(Passed::NotApplicable) };
    draft.columns = changes(draft.settings, draft.now, &key.metadata.value(), &draft.fields)?;
    Ok(Passed::Changed)
}

/// The columns that `request`, an object of the fields it sets, changes in a key with `metadata`: by name, `null` where
/// the request says so, moments in milliseconds. Whether they fit their columns is not judged here.
pub(crate) fn changes(
    settings: &Settings,
    now: Millis,
    metadata: &Json,
    request: &Json,
) -> Result<Json, Refusal> {
    let mut columns = Json::empty_dict();
    let is_strict = settings.closes(Hole::fields_of_today_are_kept);
    for (name, value) in request.as_dict().unwrap_or_default() {
        let is_elsewhere = is_in_metadata(name)
            || matches!(&**name, "key" | "duration")
            || (is_strict && is_of_the_request(name));
        if !is_elsewhere && name != "budget_duration" {
            columns.set(name.clone(), value.clone());
        }
    }
    // to the reference no duration is the same as none mentioned, in strict it takes the expiry or the window away
    let clears = settings.closes(Hole::null_clears_an_expiry);
    if clears && request.get("duration").is_some_and(Json::is_null) {
        columns.set("expires", Json::Null);
    }
    if clears && request.get("budget_duration").is_some_and(Json::is_null) {
        columns.set("budget_reset_at", Json::Null);
        columns.set("budget_duration", Json::Null);
    }
    if let Some(text) = given(settings, request, "duration") {
        columns.set("expires", ends(settings, text, now, "duration")?);
    }
    if let Some(text) = given(settings, request, "budget_duration") {
        columns.set("budget_reset_at", ends(settings, text, now, "budget_duration")?);
        columns.set("budget_duration", text.into());
    }
    if let Some(budgets) = request.get("model_max_budget").filter(|budgets| !budgets.is_null()) {
        columns.set("model_max_budget", validate_model_max_budget(settings, budgets)?);
    }
    let mut merged = merged(request, metadata);
    // whoever replaces the metadata need not repeat whose account it is
    let account = metadata.get(SERVICE_ACCOUNT).filter(|_| merged.get(SERVICE_ACCOUNT).is_none());
    if let Some(account) = account.filter(|_| settings.closes(Hole::service_accounts_are_of_teams)) {
        merged.set(SERVICE_ACCOUNT, account.clone());
    }
    columns.set("metadata", merged);
    Ok(columns)
}

/// The moment that `field` leads to.
fn ends(settings: &Settings, text: &str, now: Millis, field: &str) -> Result<Json, Refusal> {
    let end = time_span::after(settings.profile, text, now).map_err(|refusal| refusal.on(field))?;
    Ok(Json::Int(end.0))
}

/// The text of a field; to the reference an empty one is none.
fn given<'r>(settings: &Settings, request: &'r Json, name: &str) -> Option<&'r str> {
    let text = request.get(name).and_then(Json::as_str)?;
    Some(text).filter(|text| !text.is_empty() || settings.closes(Hole::durations_are_whole))
}

/// The request's metadata or else the key's own, with the fields that live there. Nothing goes into `null`.
fn merged(request: &Json, metadata: &Json) -> Json {
    let own = if metadata.is_truthy() { metadata.clone() } else { Json::empty_dict() };
    let mut merged = request.get("metadata").cloned().unwrap_or(own);
    for (name, value) in request.as_dict().unwrap_or_default() {
        if is_in_metadata(name) && !value.is_null() {
            merged.set(name.clone(), value.clone());
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    fn columns(metadata: &Json, request: &Json) -> Json {
        let settings = Settings { premium_user: true, ..Settings::default() };
        changes(&settings, Millis(0), metadata, request).expect("nothing to refuse")
    }

    #[test]
    fn a_field_without_a_column_joins_the_metadata_there_is() {
        let stored = dict! { "keep" => 1 };
        let both = dict! { "keep" => 1, "tags" => vec!["a".to_owned()] };
        let tags = dict! { "key" => "sk-1", "tags" => vec!["a".to_owned()] };
        assert_eq!(columns(&stored, &tags), dict! { "metadata" => both });
        let replaced = dict! { "metadata" => dict! { "new" => 1 }, "guardrails" => Json::Null };
        assert_eq!(columns(&stored, &replaced), dict! { "metadata" => dict! { "new" => 1 } });
        assert_eq!(columns(&stored, &dict! { "metadata" => Json::Null }), dict! { "metadata" => Json::Null });
    }

    #[test]
    fn a_duration_becomes_a_moment_and_null_stays_for_columns() {
        let found = columns(
            &Json::Null,
            &dict! { "duration" => "30s", "budget_duration" => "1m", "max_budget" => Json::Null },
        );
        let expected = dict! {
            "max_budget" => Json::Null,
            "expires" => 30_000,
            "budget_reset_at" => 60_000,
            "budget_duration" => "1m",
            "metadata" => Json::empty_dict(),
        };
        assert_eq!(found, expected);
    }
}
