//! Who may do what with organizations, and whether this server keeps any. An organization that does not exist
//! answers like one of others.

use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::{Body, Request};
use crate::operations::lookup;
use crate::types::OrganizationRole;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Organization, OrganizationMembership, Table};

/// Refuses where the store has no organizations, or there is no licence for them.
pub(crate) fn available(cx: &Context<'_>) -> Result<(), Refusal> {
    has_table::<Organization>(cx)?;
    has_table::<OrganizationMembership>(cx)?;
    if cx.settings.premium_user {
        return Ok(());
    }
    let message = dict! { "error" => messages::ORGANIZATIONS_NOT_PREMIUM };
    cx.judge("licence", Err(Refusal::http(Code::LicenceRequired, 403, message)))
}

/// Refuses where the store has no table `T`.
pub(crate) fn has_table<T: Table>(cx: &Context<'_>) -> Result<(), Refusal> {
    if cx.settings.lacking.has_table::<T>() {
        return Ok(());
    }
    let message = format!("the database of this server has no table `{}`", T::NAME);
    Err(Refusal::error(Code::RequestUnsupported, 400, Kind::BadRequestError, Json::Null, message))
}

/// The organization that a request names before it is read as a whole: who asks is judged first.
pub(crate) fn named(request: &Request) -> Option<&str> {
    match &request.body {
        Body::Json(body) => body.get("organization_id").and_then(Json::as_str),
        _ => request.param("organization_id"),
    }
}

/// Refuses who is neither a proxy admin nor an admin of the organization. Gives the membership that a change relies on; a
/// proxy admin needs none.
pub(crate) fn manager(
    cx: &Context<'_>,
    caller: &Caller,
    route: &str,
    id: Option<&str>,
) -> Result<Option<OrganizationMembership>, Halt> {
    if caller.is_proxy_admin() {
        return Ok(None);
    }
    let Some(id) = id else {
        let message = messages::NO_ORGANIZATION_PASSED.to_owned();
        return Err(forbidden("organization_id", message).into());
    };
    let own = memberships(cx, caller)?.into_iter().find(|row| row.organization_id == id);
    let Some((own, role)) = own.and_then(|row| row.user_role.clone().map(|role| (row, role))) else {
        return Err(forbidden("organization_id", messages::no_role_in_organization(id)).into());
    };
    if role != OrganizationRole::Admin.as_str() {
        let message = messages::other_role_in_organization(route, id, &role);
        return Err(forbidden("user_role", message).into());
    }
    Ok(Some(own))
}

/// The caller's memberships.
pub(crate) fn memberships(cx: &Context<'_>, caller: &Caller) -> Result<Vec<OrganizationMembership>, Halt> {
    // an id without a user is nobody's
    let own = caller.user.as_ref().map(|user| user.user_id.clone());
    own.map_or_else(|| Ok(Vec::new()), |id| lookup::rows(cx, "user_id", vec![id]))
}

/// The refusal of a caller who may not.
pub(crate) fn forbidden(param: &str, message: String) -> Refusal {
    Refusal::error(Code::RouteForbidden, 401, Kind::AuthError, param, message)
}

/// The organization with this id.
pub(crate) fn find(cx: &Context<'_>, id: &str) -> Result<Option<Organization>, Halt> {
    lookup::row(cx, "organization_id", id)
}

/// The refusal of an organization that does not exist.
pub(crate) fn unknown(status: u16, message: impl Into<Json>) -> Refusal {
    Refusal::http(Code::OrganizationUnknown, status, dict! { "error" => message.into() })
}
