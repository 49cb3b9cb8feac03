//! `POST /budget/delete`: deletes a budget; keys and members that had it have none.

use super::list::admin_only;
use super::update::missing;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::http::request::Request;
use crate::operations::changes::{Among, Changes};
use crate::operations::key::issue::budget_table;
use crate::time::iso_z;
use crate::types::BudgetDeleteRequest;
use latchkey_contract::tables::{Budget, TeamMembership, VirtualKey, storable};

/// Deletes it and shows it once more.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: BudgetDeleteRequest = request.model()?;
    admin_only(caller)?;
    storable::plain("id", &asked.id)?;
    let Some(budget) = cx.row::<Budget>("budget_id", &asked.id)? else {
        return missing(cx, &asked.id);
    };
    let mut changes = Changes::default();
    changes.require::<Budget>(&asked.id);
    let of_budget: [Among<'_>; 1] = [("budget_id", std::slice::from_ref(&asked.id))];
    changes.clear::<VirtualKey>("budget_id", &of_budget);
    changes.clear::<TeamMembership>("budget_id", &of_budget);
    changes.delete::<Budget>("budget_id", &asked.id);
    changes.event("budget_deleted", &asked.id);
    Ok(changes.answer(budget_table(cx.settings, &budget, iso_z)))
}
