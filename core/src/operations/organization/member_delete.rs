//! `DELETE /organization/member_delete`: takes a user out of an organization.

use super::access::{available, manager, named};
use super::member_update::{membership, user_of};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::http::request::Request;
use crate::operations::changes::{Among, Changes};
use crate::operations::record;
use crate::time::iso_z;
use crate::types::OrganizationMemberDeleteRequest;
use latchkey_contract::tables::{OrganizationMembership, VirtualKey};

/// What LiteLLM calls the route in a refusal.
const ROUTE: &str = "/organization/member_delete";

/// Takes the member out, with their keys of the organization, and shows what they were within it.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let own = manager(cx, caller, ROUTE, named(request))?;
    available(cx)?;
    let asked: OrganizationMemberDeleteRequest = request.model()?;
    let user_id = user_of(cx, caller, &asked.organization_id, asked.user_id.text(), asked.user_email.text())?;
    let member = membership(cx, &user_id, &asked.organization_id)?;
    let mut changes = Changes::default();
    let (users, organizations) = ([user_id], [asked.organization_id]);
    let within: [Among<'_>; 2] = [("user_id", &users), ("organization_id", &organizations)];
    let has_keys = cx.settings.lacking.has_column::<VirtualKey>("organization_id");
    if has_keys && cx.closes(Hole::leaving_an_organization_removes_its_keys) {
        changes.delete_keys(cx, caller, &within);
    }
    changes.rely_on(&member);
    own.iter().for_each(|own| changes.rely_on(own));
    changes.delete_all::<OrganizationMembership>(&within);
    let [organization_id] = &organizations;
    changes.event("organization_member_deleted", organization_id);
    let mut shown = record::record(cx.settings, &member, iso_z);
    record::without_relations(&mut shown, &["user", "organization", "litellm_budget_table"]);
    Ok(changes.answer(shown))
}
