//! `PATCH /organization/member_update`: changes a member's role and budget within an organization.

use super::access::{available, find, manager, named, unknown};
use super::view;
use crate::caller::{Caller, Role};
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::fields;
use crate::operations::lookup;
use crate::operations::team::member_budget;
use crate::operations::user;
use crate::types::OrganizationMemberUpdateRequest;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{
    Budget, Organization, OrganizationMembership, Table, TeamMembership, User, VirtualKey, fit,
};
use latchkey_contract::wire::Query;

/// What LiteLLM calls the route in a refusal.
const ROUTE: &str = "/organization/member_update";

/// Changes what the request gives; `null` changes nothing.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let own = manager(cx, caller, ROUTE, named(request))?;
    available(cx)?;
    let asked: OrganizationMemberUpdateRequest = request.model()?;
    let id = asked.organization_id.as_str();
    fields::judge_amounts(cx, &fields::mentioned(&asked))?;
    if find(cx, id)?.is_none() {
        return Err(unknown(400, messages::organization_not_found(id)).into());
    }
    let user_id = user_of(cx, caller, id, asked.user_id.text(), asked.user_email.text())?;
    let member = membership(cx, &user_id, id)?;
    if !caller.is_proxy_admin() {
        let user = lookup::row::<User>(cx, "user_id", &user_id)?;
        let role = user.as_ref().and_then(|user| user.user_role.as_deref()).and_then(Role::named);
        if matches!(role, Some(Role::ProxyAdmin | Role::ProxyAdminViewer)) {
            let message = dict! { "error" => messages::ADMINS_ROLE_IN_ORGANIZATION };
            return Err(Refusal::http(Code::NotOwner, 403, message).into());
        }
    }
    let mut changes = Changes::default();
    let mut changed = member.clone();
    if let Some(role) = asked.role.value() {
        changed.user_role = Some(role.0.as_str().to_owned());
    }
    let mut shown = match &member.budget_id {
        Some(budget_id) => lookup::row::<Budget>(cx, "budget_id", budget_id)?,
        None => None,
    };
    if let Some(most) = asked.max_budget_in_organization.value() {
        let limits = dict! { "max_budget" => *most };
        let present = shown.take();
        let is_shared = match &present {
            Some(budget) => is_shared(cx, &member, &budget.budget_id)?,
            None => false,
        };
        let budget = match &present {
            Some(budget) if !is_shared => {
                let raised = fit::amended(budget, &member_budget::changed(cx, caller.actor(), limits))?;
                changes.update(budget, &raised);
                raised
            }
            _ => {
                let budget = member_budget::own(cx, present.as_ref(), &limits, caller.actor())?;
                match &present {
                    Some(shared) => changes.insert_copy(&budget, shared),
                    None => changes.insert(&budget),
                }
                budget
            }
        };
        changed.budget_id = Some(budget.budget_id.clone());
        shown = Some(budget);
    }
    if changed != member {
        changed.updated_at = Some(cx.now());
    }
    changes.update(&member, &changed);
    changes.require::<Organization>(id);
    own.iter().for_each(|own| changes.rely_on(own));
    changes.event("organization_member_updated", id);
    Ok(changes.answer(view::member(cx.settings, &changed, shown.as_ref(), Json::Null)))
}

/// The user that a request about the organization names. An id and an address that are not one user's are refused. To others
/// than proxy admins only the organization's members have addresses.
pub(crate) fn user_of(
    cx: &Context<'_>,
    caller: &Caller,
    organization_id: &str,
    user_id: Option<&str>,
    address: Option<&str>,
) -> Result<String, Halt> {
    let Some(address) = address else { return Ok(user_id.unwrap_or_default().to_owned()) };
    let mut holders = user::addresses::holders(cx, address)?;
    if !caller.is_proxy_admin() {
        let ids = holders.iter().map(|user| user.user_id.clone()).collect();
        let rows: Vec<OrganizationMembership> = lookup::rows(cx, "user_id", ids)?;
        let is_member =
            |id: &str| rows.iter().any(|row| row.user_id == id && row.organization_id == organization_id);
        holders.retain(|user| is_member(&user.user_id));
    }
    let (message, field) = match (user_id, holders.as_slice()) {
        (None, [user]) => return Ok(user.user_id.clone()),
        (None, _) => (messages::address_not_unique(address), "user_email"),
        (Some(id), holders) if holders.iter().any(|user| user.user_id == id) => return Ok(id.to_owned()),
        (Some(id), _) => (messages::not_one_user(address, id), "user_email"),
    };
    Err(Refusal::http(Code::UserUnknown, 400, dict! { "error" => message }).on(field).into())
}

/// The membership, or the refusal of a user who has none.
pub(crate) fn membership(cx: &Context<'_>, user_id: &str, id: &str) -> Result<OrganizationMembership, Halt> {
    let rows: Vec<OrganizationMembership> = lookup::rows(cx, "user_id", vec![user_id.to_owned()])?;
    rows.into_iter().find(|row| row.organization_id == id).ok_or_else(|| {
        let message = dict! { "error" => messages::not_in_organization(user_id) };
        Refusal::http(Code::UserUnknown, 404, message).on("user_id").into()
    })
}

/// Whether others have the budget of a member, too: other members, keys, an organization.
fn is_shared(cx: &Context<'_>, member: &OrganizationMembership, budget_id: &str) -> Result<bool, Halt> {
    let all = [
        with_budget::<TeamMembership>(budget_id),
        with_budget::<VirtualKey>(budget_id),
        with_budget::<Organization>(budget_id),
        with_budget::<OrganizationMembership>(budget_id),
    ];
    cx.foresee(all);
    let (members, _) = cx.ask(&with_budget::<OrganizationMembership>(budget_id), Table::read)?;
    let is_other = |other: &OrganizationMembership| {
        (&other.user_id, &other.organization_id) != (&member.user_id, &member.organization_id)
    };
    Ok(members.iter().any(is_other)
        || is_there::<TeamMembership>(cx, budget_id)?
        || is_there::<VirtualKey>(cx, budget_id)?
        || is_there::<Organization>(cx, budget_id)?)
}

/// Whether a row of table `T` has the budget.
pub(crate) fn is_there<T: Table>(cx: &Context<'_>, budget_id: &str) -> Result<bool, Halt> {
    Ok(!cx.ask(&with_budget::<T>(budget_id), T::read)?.0.is_empty())
}

/// Two rows that have the budget, where there are so many.
fn with_budget<T: Table>(budget_id: &str) -> Query {
    Query::brief::<T>("budget_id", vec![budget_id.to_owned()]).up_to(2)
}
