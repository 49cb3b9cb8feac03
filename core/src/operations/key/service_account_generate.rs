//! `POST /key/service-account/generate`: issues a key of a team that belongs to no user.

use super::generate;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::rules::{KeyRoute, Known, as_seen_by};
use crate::types::{GenerateKeyRequest, Model as _};
use latchkey_contract::json::Json;
use latchkey_contract::tables::Team;

/// Issues the key. To who has no part in it, a team answers like one that does not exist.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: GenerateKeyRequest = request.model()?;
    let mut asked = Json::from(asked.dump_set());
    let named = asked.get("team_id").and_then(Json::as_str).filter(|id| !id.is_empty());
    let team_id = named.or_else(|| cx.settings.default_team());
    let Some(team_id) = team_id.map(str::to_owned) else {
        return Err(refused(messages::SERVICE_ACCOUNT_WITHOUT_TEAM).into());
    };
    generate::ask_ahead(cx, &asked);
    let team: Option<Team> = cx.row("team_id", &team_id)?;
    if as_seen_by(caller, team.as_ref()) == Known::Absent {
        return Err(refused(messages::SERVICE_ACCOUNT_OF_UNKNOWN_TEAM).into());
    }
    name(cx, &mut asked);
    generate::issue_as(cx, caller, asked, KeyRoute::ServiceAccount)
}

/// The account is called by the request, or like the key, or by nobody's choice.
fn name(cx: &Context<'_>, asked: &mut Json) {
    const NAME: &str = "service_account_id";
    let mut metadata =
        asked.get("metadata").filter(|data| !data.is_null()).cloned().unwrap_or_else(Json::empty_dict);
    if metadata.get(NAME).is_none_or(Json::is_null) {
        let alias = asked.get("key_alias").and_then(Json::as_str).map(str::to_owned);
        metadata.set(NAME, alias.unwrap_or_else(|| cx.uuid()).into());
        asked.set("metadata", metadata);
    }
}

fn refused(message: &'static str) -> Refusal {
    Refusal::http(Code::TeamUnknown, 400, message).on("team_id")
}
