//! `check` for `key_generate` and `key_update`.

use super::Input;
use crate::deviations::Hole;
use crate::error::{Kind, Refusal};
use crate::rules::{self, KeyDraft, Known};
use crate::settings::Settings;
use crate::types::{GenerateKeyRequest, Model, UpdateKeyRequest, Value};
use crate::verdict::{Passed, Verdict};
use latchkey_contract::json::Json;

/// The id in a verdict of a budget that would be made.
const NEW_BUDGET: &str = "<new-budget>";

/// Judges a new key.
pub(super) fn generate(settings: &Settings, input: &Input) -> Verdict {
    let asked = match asked::<GenerateKeyRequest>("key_generate", settings, input) {
        Ok(asked) => asked,
        Err(verdict) => return *verdict,
    };
    let team_id = asked.get("team_id").and_then(Json::as_str).or_else(|| settings.default_team());
    let team = input.team_called(team_id);
    let draft = KeyDraft {
        team,
        new_budget_id: NEW_BUDGET,
        ..KeyDraft::new(settings, &input.caller, input.now, &asked)
    };
    judged(draft)
}

/// Judges a change of `existing_key`; the effective values are the columns that would change.
pub(super) fn update(settings: &Settings, input: &Input) -> Verdict {
    let asked = match asked::<UpdateKeyRequest>("key_update", settings, input) {
        Ok(asked) => asked,
        Err(verdict) => return *verdict,
    };
    if !settings.closes(Hole::keys_are_changed_by_their_own) {
        return as_the_reference(settings, input, &asked);
    }
    let key = input.existing_key.clone().unwrap_or_default();
    let team = match asked.get("team_id") {
        None => Known::Unknown,
        Some(Json::Null) => Known::Absent,
        Some(team_id) => input.team_if_called(team_id.as_str()),
    };
    judged(KeyDraft {
        old_team: input.team_if_called(key.team_id.as_deref()),
        team,
        ..KeyDraft::change(settings, &input.caller, input.now, &key, &asked)
    })
}

/// What the reference judges before it knows the key, and what it makes of the request.
fn as_the_reference(settings: &Settings, input: &Input, asked: &Json) -> Verdict {
    let metadata = input.existing_key.as_ref().map_or(Json::Null, |key| key.metadata.value());
    let mut verdict = Verdict::default();
    let access = rules::access(settings, &input.caller, asked);
    verdict.heard("access", access.map(|()| Passed::Allowed));
    match rules::changes(settings, input.now, &metadata, asked) {
        Ok(changes) => verdict.effective = Some(changes),
        Err(refusal) => verdict.refused("changes", refusal),
    }
    verdict
}

/// The fields that the request sets, or the verdict on a request that is refused before the rules read it.
fn asked<T: Model + Value>(
    operation: &str,
    settings: &Settings,
    input: &Input,
) -> Result<Json, Box<Verdict>> {
    let request =
        input.judged(settings, T::KIND).map_err(|refusal| Box::new(Verdict::of(operation, Err(refusal))))?;
    let asked = T::read_model(&request).map_err(|problems| Box::new(Verdict::misfit(&problems)))?;
    Ok(Json::from(asked.into_set()))
}

/// What all rules say of a draft, whatever each of them says. The operator's own rule, where there is one, is not known
/// here: the reference asks it first, strict last.
fn judged(mut draft: KeyDraft<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let custom_rule = draft.settings.custom_rule.as_ref().map(|_| Ok(Passed::Unknown));
    let is_last = draft.closes(Hole::custom_rule_judges_changes);
    if let Some(said) = custom_rule.clone().filter(|_| !is_last) {
        verdict.heard("custom_rule", said);
    }
    let wrap: fn(Refusal) -> Refusal = match draft.closes(Hole::refusals_fit) {
        true => Refusal::fitting,
        false => |refusal| refusal.wrapped(Kind::InternalServerError, ""),
    };
    // in the reference the budget that a refused request leaves behind
    let mut left_behind = None;
    for rule in draft.rules() {
        let said = rule.judge(&mut draft);
        verdict.heard(rule.name, said.map_err(wrap));
        if verdict.is_allowed() {
            left_behind = draft.budget_row();
        }
    }
    if let Some(said) = custom_rule.filter(|_| is_last) {
        verdict.heard("custom_rule", said);
    }
    draft.conclude(&mut verdict);
    verdict.budget_row =
        left_behind.filter(|_| verdict.is_allowed() || !draft.closes(Hole::refusals_leave_nothing));
    verdict
}
