//! `POST /team/model/add`: lets a team call further models.

use super::block::for_admins;
use super::update::carry_out;
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::http::request::Request;
use crate::types::TeamModelRequest;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::Team;

/// What stands in a list for all models, so that a team that had all keeps them.
const ALL: &str = "all-proxy-models";

/// Adds the models that the team does not have yet.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: TeamModelRequest = request.model()?;
    let team = for_admins(cx, caller, &asked.team_id)?;
    let mut models = team.models.clone();
    if models.is_empty() {
        models.push(ALL.to_owned());
    }
    for model in asked.models {
        if !models.contains(&model) {
            models.push(model);
        }
    }
    store(cx, caller, &team, models)
}

/// Stores the team with these models, and shows it.
pub(crate) fn store(
    cx: &Context<'_>,
    caller: &Caller,
    team: &Team,
    models: Vec<String>,
) -> Result<Outcome, Halt> {
    let (changed, _, changes) =
        carry_out(cx, caller, &team.team_id, dict! { "models" => Json::from(models) })?;
    Ok(changes.answer(view::record(cx.settings, &changed, None)))
}
