//! `GET /budget/list`: shows the budgets.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::key::issue::budget_table;
use crate::operations::lookup::oldest;
use crate::time::iso_z;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Table};
use latchkey_contract::wire::Query;

/// Budgets in one answer.
const MOST: u64 = 1_000;

/// Bytes of their documents.
const BYTES: u64 = 1 << 20;

/// Shows them to a proxy admin, in strict so many at the most and also to who may see everything.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    let is_bounded = cx.closes(Hole::lists_are_bounded);
    if !(is_bounded && caller.sees_all()) {
        admin_only(caller)?;
    }
    let query = match is_bounded {
        true => oldest::<Budget>(None, MOST, BYTES),
        false => Query::All { table: Budget::NAME.into() },
    };
    let (budgets, _) = cx.ask(&query, Budget::read)?;
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
