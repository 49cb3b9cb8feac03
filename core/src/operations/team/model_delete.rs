//! `POST /team/model/delete`: takes models away from a team.

use super::block::for_admins;
use super::model_add::store;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal};
use crate::http::request::Request;
use crate::types::TeamModelRequest;

/// Takes the models away. A team without a list may call all models, so the last one stays.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: TeamModelRequest = request.model()?;
    let team = for_admins(cx, caller, &asked.team_id)?;
    let mut models = team.models.clone();
    models.retain(|model| !asked.models.contains(model));
    if models.is_empty() && !team.models.is_empty() && cx.closes(Hole::a_teams_last_model_stays) {
        let message = "a team without a list of models may call all of them: block it, or leave it one model";
        let refusal = Refusal::error(Code::RequestUnsupported, 400, Kind::BadRequestError, "models", message);
        cx.judge("last_model", Err(refusal.on("models")))?;
    }
    store(cx, caller, &team, models)
}
