//! `POST /budget/info`: shows budgets.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::key::issue::budget_table;
use crate::operations::lookup;
use crate::time::iso_z;
use crate::types::BudgetRequest;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::Budget;

/// Shows those of the budgets that exist.
pub(crate) fn run(cx: &Context<'_>, _caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: BudgetRequest = request.model()?;
    if asked.budgets.is_empty() {
        let message = dict! { "error" => messages::NO_BUDGETS };
        return Err(Refusal::http(Code::RequestInvalid, 400, message).into());
    }
    let budgets: Vec<Budget> = lookup::rows(cx, "budget_id", asked.budgets)?;
    let shown: Vec<Json> = budgets.iter().map(|budget| budget_table(cx.settings, budget, iso_z)).collect();
    Ok(Outcome::reply(shown))
}
