//! `PATCH /team/{team_id}`: changes a team, which the path names.

use super::block::for_admins;
use super::update::{asked, carry_out};
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Refusal, messages};
use crate::http::request::{Body, Request};
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::Json;

/// Changes what the request mentions.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let team_id = request.path_param.as_str();
    let mut body = request.body.clone();
    if let Body::Json(Json::Dict(members)) = &mut body {
        members.retain(|(name, value)| name != "team_id" || !value.is_null());
        match members.iter().find(|(name, _)| name == "team_id").map(|(_, value)| value.as_str()) {
            None => members.push(("team_id".into(), team_id.into())),
            Some(Some(other)) if other != team_id => {
                let message = dict! { "error" => messages::other_team_in_path(other, team_id) };
                return Err(Refusal::http(Code::RequestInvalid, 400, message).on("team_id").into());
            }
            Some(_) => {}
        }
    }
    let named = Request { path: String::new(), query: Vec::new(), path_param: String::new(), body };
    let values = asked(cx, &named)?;
    for_admins(cx, caller, team_id)?;
    let (changed, models, changes) = carry_out(cx, caller, team_id, values)?;
    Ok(changes.answer(view::table(cx.settings, &changed, models.as_ref(), iso_z)))
}
