//! `check` for `key_generate`.

use super::{Input, Verdict};
use crate::deviations::Hole;
use crate::error::{Kind, Refusal};
use crate::rules::{KeyDraft, Passed, Verdict as RuleVerdict};
use crate::settings::Settings;
use crate::types::{GenerateKeyRequest, Model as _, Value as _};
use latchkey_contract::json::Json;
use latchkey_contract::mint;
use latchkey_contract::tables::Millis;

/// Stands for the id of a budget that would be made.
const NEW_BUDGET: &str = "<new-budget>";

/// Runs all rules on new keys, whatever each of them says.
pub(super) fn check(settings: &Settings, input: &Input) -> Verdict {
    let request = match input.judged(settings, GenerateKeyRequest::KIND) {
        Ok(request) => request,
        Err(refusal) => return Verdict::of("key_generate", Err(refusal)),
    };
    let asked = match GenerateKeyRequest::read_model(&request) {
        Ok(asked) => Json::from(asked.dump_set()),
        Err(problems) => return Verdict::misfit(&problems),
    };
    let team_id = asked.get("team_id").and_then(Json::as_str).or_else(|| settings.default_team());
    let team = input.team_called(team_id);
    let draft = KeyDraft {
        team,
        new_budget_id: NEW_BUDGET,
        ..KeyDraft::new(settings, &input.caller, input.now, asked.clone())
    };
    judged(draft, settings.custom_rule.as_ref().map(|_| Ok(Passed::Unknown)))
}

/// The verdict of all rules on a draft, and what the operator's own rule says where there is one: the reference asks
/// it first, strict last.
pub(crate) fn judged(mut draft: KeyDraft<'_>, mut custom_rule: Option<RuleVerdict>) -> Verdict {
    let mut verdict = Verdict::default();
    if let Some(said) = custom_rule.take_if(|_| !draft.closes(Hole::custom_rule_judges_changes)) {
        verdict.heard("custom_rule", said);
    }
    for rule in draft.rules() {
        let said = rule.judge(&mut draft);
        let wrap: fn(Refusal) -> Refusal = match draft.closes(Hole::refusals_fit) {
            true => Refusal::fitting,
            false => |refusal| refusal.wrapped(Kind::InternalServerError, ""),
        };
        verdict.heard(rule.name, said.map_err(wrap));
        if verdict.is_allowed() {
            verdict.budget_row = draft.budget_row();
        }
    }
    if let Some(said) = custom_rule {
        verdict.heard("custom_rule", said);
    }
    // a refused request leaves the budget behind in the reference, and nothing in strict
    if draft.closes(Hole::refusals_leave_nothing) && !verdict.is_allowed() {
        verdict.budget_row = None;
    }
    verdict.effective = Some(effective(&draft));
    verdict.provenance = draft.provenance;
    verdict
}

/// The row as it would be stored, moments as text; a custom key shows as its token.
fn effective(draft: &KeyDraft<'_>) -> Json {
    let mut row = draft.row();
    if let Some(key) = draft.text("key") {
        row.set("token", mint::token(key).into());
        row.set("key_name", mint::key_name(key).into());
    }
    for column in ["expires", "budget_reset_at"] {
        if let Some(Json::Int(moment)) = row.get(column) {
            row.set(column, crate::time::iso_micros(Millis(*moment)).into());
        }
    }
    row
}
