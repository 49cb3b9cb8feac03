//! `DELETE /organization/delete`: deletes organizations, with their memberships and keys.

use super::access::{available, unknown};
use super::shown;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::lookup;
use crate::operations::team::members::not_too_many;
use crate::types::DeleteOrganizationRequest;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::order::distinct;
use latchkey_contract::tables::{Organization, OrganizationMembership, Table, Team, User, VirtualKey};
use latchkey_contract::wire::{Guard, Query};

/// Deletes all of them, or none if one does not exist or has teams, and shows them once more.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    if !caller.is_proxy_admin() {
        let message = dict! { "error" => messages::ONLY_ADMINS_DELETE_ORGANIZATIONS };
        return Err(Refusal::http(Code::RouteForbidden, 401, message).into());
    }
    available(cx)?;
    let asked: DeleteOrganizationRequest = request.model()?;
    not_too_many(cx, "organization_ids", asked.organization_ids.len())?;
    let ids = distinct(asked.organization_ids);
    let organizations: Vec<Organization> = lookup::rows(cx, "organization_id", ids.clone())?;
    let is_there =
        |id: &&String| organizations.iter().any(|organization| organization.organization_id == **id);
    if let Some(id) = ids.iter().find(|id| !is_there(id)) {
        return Err(unknown(404, messages::organization_to_delete_unknown(id)).on("organization_ids").into());
    }
    let mut changes = Changes::default();
    if ids.is_empty() {
        return Ok(changes.answer(Json::List(Vec::new())));
    }
    if cx.closes(Hole::organizations_with_teams_stay) {
        without_teams(cx, &ids)?;
        changes.extend(Vec::new(), ids.iter().map(|id| no_team_of(id)).collect());
    }
    if cx.settings.lacking.has_column::<VirtualKey>("organization_id") {
        changes.delete_keys(cx, caller, &[("organization_id", &ids)]);
    }
    changes.delete_all::<OrganizationMembership>(&[("organization_id", &ids)]);
    changes.clear::<User>("organization_id", &[("organization_id", &ids)]);
    for id in &ids {
        changes.require::<Organization>(id);
        changes.delete::<Organization>("organization_id", id);
        changes.event("organization_deleted", id);
    }
    Ok(changes.answer(shown::empty(cx, &organizations)?))
}

/// LiteLLM deletes the teams, too, and leaves their keys, which no limit of a team holds any more.
fn without_teams(cx: &Context<'_>, ids: &[String]) -> Result<(), Halt> {
    let query = Query::brief::<Team>("organization_id", ids.to_vec()).up_to(1);
    let (teams, _) = cx.ask(&query, Team::read)?;
    let Some(team) = teams.first() else { return Ok(()) };
    let message = format!(
        "organization `{}` has team `{}`: delete its teams first, or move them",
        team.organization_id.as_deref().unwrap_or_default(),
        team.team_id
    );
    let refusal = Refusal::error(Code::RowReferred, 409, Kind::BadRequestError, "organization_ids", message);
    Ok(cx.judge("no_teams", Err(refusal.on("organization_ids")))?)
}

/// The condition that the organization has no team when it is deleted, either.
fn no_team_of(id: &str) -> Guard {
    let column = "organization_id".into();
    Guard::Absent { table: Team::NAME.into(), column, value: id.to_owned(), except: None }
}
