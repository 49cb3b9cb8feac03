//! The project of a key is one of its team, and bounds its models and its budget.

use super::compare::to_f64;
use super::{KeyDraft, Known};
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::{Json, float_repr, repr, str_of};
use latchkey_contract::tables::Project;

/// Lists of models that are narrowed where a model is called.
const INHERITED: [&str; 2] = ["all-team-models", "all-proxy-models"];

/// Judges the project that the key will have.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let present = draft.before.and_then(|key| key.project_id.as_deref());
    let asked = draft.fields.get("project_id");
    let Some(id) = asked.map_or(present, Json::as_str) else { return Ok(Passed::NotApplicable) };
    if present.is_some_and(|present| present != id) {
        return Err(refusal(Code::RequestUnsupported, 400, messages::PROJECT_STAYS.to_owned()));
    }
    let is_concerned = ["models", "max_budget"].iter().any(|name| draft.fields.get(name).is_some());
    if present.is_some() && draft.destination().is_none() && !is_concerned {
        return Ok(Passed::NotApplicable);
    }
    let Known::Present(related) = draft.related else { return Ok(Passed::Unknown) };
    let is_admin = draft.caller.is_proxy_admin();
    let team_id = draft.next_team_id();
    let is_of_team = |project: &Project| project.team_id.is_some() && project.team_id.as_deref() == team_id;
    let is_there = |project: &&Project| present.is_some() || is_admin || is_of_team(project);
    // a project of others is as good as none
    let Some(project) = related.project.as_ref().filter(is_there) else {
        return Err(refusal(Code::ProjectUnknown, 404, wrapped(&messages::project_not_found(id))));
    };
    if let Some(owner) = project.team_id.as_deref().filter(|owner| Some(*owner) != team_id) {
        let message = messages::project_of_other_team(id, owner, team_id);
        return Err(refusal(Code::OtherTeam, 400, wrapped(&message)));
    }
    let foreign = models(draft).into_iter().find(|model| {
        !project.models.is_empty() && !project.models.contains(model) && !INHERITED.contains(&model.as_str())
    });
    if let Some(model) = foreign {
        let models = repr(&project.models.clone().into());
        let message = messages::model_not_of_project(&model, &models, id);
        return Err(refusal(Code::ModelForbidden, 400, wrapped(&message)).on("models"));
    }
    let most = related.project_budget.as_ref().and_then(|budget| budget.max_budget);
    let own = match draft.fields.get("max_budget") {
        Some(asked) => to_f64(asked),
        None => draft.before.and_then(|key| key.max_budget),
    };
    match (own, most) {
        (Some(own), Some(most)) if own > most => {
            let own = draft.get("max_budget").map_or_else(|| float_repr(own), str_of);
            let message = messages::key_above_project(&own, &float_repr(most), id);
            Err(refusal(Code::AboveUpperBound, 400, wrapped(&message)).on("max_budget"))
        }
        _ => Ok(Passed::Allowed),
    }
}

/// The models that the key will have.
fn models(draft: &KeyDraft<'_>) -> Vec<String> {
    match draft.get("models").and_then(Json::as_list) {
        Some(asked) => asked.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        None => draft.before.map(|key| key.models.clone()).unwrap_or_default(),
    }
}

fn wrapped(message: &str) -> String {
    format!("{{'error': {}}}", repr(&message.into()))
}

fn refusal(code: Code, status: u16, message: String) -> Refusal {
    Refusal::error(code, status, Kind::InvalidRequestError, Json::Null, message).on("project_id")
}
