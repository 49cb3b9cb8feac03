//! `check` for `key_update`.

use super::{Input, Verdict};
use crate::deviations::Hole;
use crate::error::Refusal;
use crate::rules::update::{KeyChange, UPDATE_STRICT};
use crate::rules::{Known, Passed, Source, Verdict as RuleVerdict, update};
use crate::settings::Settings;
use crate::types::{Model as _, UpdateKeyRequest, Value as _};
use latchkey_contract::json::Json;
use latchkey_contract::tables::Millis;

/// Judges a change of `existing_key`; the effective values are the columns that would change.
pub(super) fn check(settings: &Settings, input: &Input) -> Verdict {
    let request = match input.judged(settings, UpdateKeyRequest::KIND) {
        Ok(request) => request,
        Err(refusal) => return Verdict::of("key_update", Err(refusal)),
    };
    let asked = match UpdateKeyRequest::read_model(&request) {
        Ok(asked) => asked.dump_set(),
        Err(problems) => return Verdict::misfit(&problems),
    };
    let asked = Json::from(asked);
    if settings.closes(Hole::keys_are_changed_by_their_own) {
        return in_strict(settings, input, &asked);
    }
    let metadata = input.existing_key.as_ref().map_or(Json::Null, |key| key.metadata.value());
    let mut verdict = Verdict::default();
    verdict.heard("access", update::access(settings, &input.caller, &asked).map(|()| Passed::Allowed));
    match update::changes(settings, input.now, &metadata, &asked) {
        Ok(changes) => verdict.effective = Some(changes),
        Err(refusal) => verdict.refused("changes", refusal),
    }
    verdict
}

fn in_strict(settings: &Settings, input: &Input, asked: &Json) -> Verdict {
    let key = input.existing_key.clone().unwrap_or_default();
    let new_team = match asked.get("team_id") {
        None => Known::Unknown,
        Some(Json::Null) => Known::Absent,
        Some(team_id) => input.team_if_called(team_id.as_str()),
    };
    let change = KeyChange {
        team: input.team_if_called(key.team_id.as_deref()),
        new_team,
        ..KeyChange::new(settings, &input.caller, input.now, &key, asked.clone())
    };
    judged(change, settings.custom_rule.as_ref().map(|_| Ok(Passed::Unknown)))
}

/// What all rules of strict say of a change, whatever each of them says, and the operator's own rule where there is one.
pub(crate) fn judged(mut change: KeyChange<'_>, custom_rule: Option<RuleVerdict>) -> Verdict {
    let asked = change.request.clone();
    let mut verdict = Verdict::default();
    for rule in UPDATE_STRICT {
        let said = rule.judge(&mut change);
        verdict.heard(rule.name, said.map_err(Refusal::fitting));
    }
    if let Some(said) = custom_rule {
        verdict.heard("custom_rule", said);
    }
    let mut columns = change.columns.clone();
    for column in ["expires", "budget_reset_at"] {
        if let Some(Json::Int(moment)) = columns.get(column) {
            columns.set(column, crate::time::iso_micros(Millis(*moment)).into());
        }
    }
    verdict.effective = Some(columns);
    let source = |name: &str, value: &Json| {
        if asked.get(name) == Some(value) { Source::Request } else { Source::UpperBound }
    };
    let fields = change.request.as_dict().unwrap_or_default().iter();
    verdict.provenance = fields
        .filter(|(name, value)| name != "key" && !value.is_null())
        .map(|(name, value)| (name.clone(), source(name, value)))
        .collect();
    verdict
}
