//! `GET /budget/list`: shows all budgets.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::key::issue::budget_table;
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Table};
use latchkey_contract::wire::Query;

/// Shows them to a proxy admin.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    admin_only(caller)?;
    let (budgets, _) = cx.ask(&Query::All { table: Budget::NAME.into() }, Budget::read)?;
    let shown: Vec<Json> = budgets.iter().map(|budget| budget_table(cx.settings, budget, iso_z)).collect();
    Ok(Outcome::reply(shown))
}

/// The refusal of everyone but a proxy admin.
pub(crate) fn admin_only(caller: &Caller) -> Result<(), Refusal> {
    if caller.is_proxy_admin() {
        return Ok(());
    }
    let message = dict! { "error" => messages::admin_only(caller.role_text()) };
    Err(Refusal::http(Code::RouteForbidden, 400, message))
}
