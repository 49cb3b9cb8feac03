//! `GET /organization/info`: shows an organization with its members and teams; `POST` shows several, each with its budget
//! alone.

use super::access::{available, find, manager, unknown};
use super::shown;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Refusal, messages};
use crate::http::request::{Request, invalid};
use crate::operations::lookup;
use crate::types::{OrganizationRequest, Problem};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::Organization;

/// What LiteLLM calls the route in a refusal.
const ROUTE: &str = "/organization/info";

/// Shows the organization that `organization_id` names.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let id = request.param("organization_id");
    if !caller.sees_all() {
        manager(cx, caller, ROUTE, id)?;
    }
    available(cx)?;
    let Some(id) = id else {
        let missing = Problem::missing(&Json::Null).under("organization_id").under("query");
        return Err(invalid(&[missing]).into());
    };
    let Some(organization) = find(cx, id)? else {
        return Err(unknown(404, messages::ORGANIZATION_UNKNOWN).into());
    };
    Ok(Outcome::reply(shown::with_users(cx, caller, &organization)?))
}

/// Shows those of the organizations that exist.
pub(crate) fn several(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: Result<OrganizationRequest, Refusal> = request.model();
    if !caller.sees_all() {
        let named = asked.as_ref().map(|asked| asked.organizations.as_slice()).unwrap_or_default();
        if named.is_empty() {
            manager(cx, caller, ROUTE, None)?;
        }
        named.iter().try_for_each(|id| manager(cx, caller, ROUTE, Some(id)).map(drop))?;
    }
    available(cx)?;
    let asked = asked?;
    if asked.organizations.is_empty() {
        let message = dict! { "error" => messages::NO_ORGANIZATIONS };
        return Err(Refusal::http(Code::RequestInvalid, 400, message).into());
    }
    let found: Vec<Organization> = lookup::rows(cx, "organization_id", asked.organizations)?;
    Ok(Outcome::reply(shown::rows(cx, &found)?))
}
