//! `POST /budget/delete`: deletes a budget; keys and members that had it have none.

use super::list::admin_only;
use super::update::missing;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal};
use crate::http::request::Request;
use crate::operations::changes::{Among, Changes};
use crate::operations::key::issue::budget_table;
use crate::time::iso_z;
use crate::types::BudgetDeleteRequest;
use latchkey_contract::tables::{
    Budget, Organization, OrganizationMembership, Table, TeamMembership, VirtualKey, storable,
};
use latchkey_contract::wire::{Guard, Query};

/// Deletes it and shows it once more.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: BudgetDeleteRequest = request.model()?;
    admin_only(caller)?;
    storable::plain("id", &asked.id)?;
    let Some(budget) = cx.row::<Budget>("budget_id", &asked.id)? else {
        return missing(cx, &asked.id);
    };
    let mut changes = Changes::default();
    if cx.closes(Hole::organizations_that_exist_are_taken) {
        no_organizations(cx, &asked.id)?;
        changes.extend(Vec::new(), vec![no_organization_with(&asked.id)]);
        changes
            .clear::<OrganizationMembership>("budget_id", &[("budget_id", std::slice::from_ref(&asked.id))]);
    }
    changes.require::<Budget>(&asked.id);
    let of_budget: [Among<'_>; 1] = [("budget_id", std::slice::from_ref(&asked.id))];
    changes.clear::<VirtualKey>("budget_id", &of_budget);
    changes.clear::<TeamMembership>("budget_id", &of_budget);
    changes.delete::<Budget>("budget_id", &asked.id);
    changes.event("budget_deleted", &asked.id);
    Ok(changes.answer(budget_table(cx.settings, &budget, iso_z)))
}

/// An organization has a budget always: its database refuses, too.
fn no_organizations(cx: &Context<'_>, budget_id: &str) -> Result<(), Halt> {
    let query = Query::brief::<Organization>("budget_id", vec![budget_id.to_owned()]).up_to(1);
    let (organizations, _) = cx.ask(&query, Organization::read)?;
    let Some(organization) = organizations.first() else { return Ok(()) };
    let message = format!(
        "budget `{budget_id}` cannot be deleted: organizations refer to it, among them `{}`",
        organization.organization_id
    );
    let refusal = Refusal::error(Code::RowReferred, 409, Kind::BadRequestError, "id", message);
    Ok(cx.judge("no_organizations", Err(refusal.on("id")))?)
}

/// The condition that no organization has it when it is deleted, either.
fn no_organization_with(budget_id: &str) -> Guard {
    let (table, column) = (Organization::NAME.into(), "budget_id".into());
    Guard::Absent { table, column, value: budget_id.to_owned(), except: None }
}
