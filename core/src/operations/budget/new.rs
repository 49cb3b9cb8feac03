//! `POST /budget/new`: makes a budget that keys, members and customers may share.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::fields;
use crate::operations::key::issue::budget_table;
use crate::time::iso_z;
use crate::types::{BudgetNewRequest, Field};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, fit, storable};

/// Stores the budget.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: BudgetNewRequest = request.model()?;
    may_write(cx, caller)?;
    let mut columns = fields::without_null(fields::effective(&asked));
    fields::judge_amounts(cx, &columns)?;
    reset_at(cx, &asked, &mut columns)?;
    let budget_id = columns.get("budget_id").and_then(Json::as_str).map_or_else(|| cx.uuid(), str::to_owned);
    for (name, value) in
        [("budget_id", budget_id.as_str()), ("created_by", caller.actor()), ("updated_by", caller.actor())]
    {
        columns.set(name, value.into());
    }
    for name in ["created_at", "updated_at"] {
        columns.set(name, cx.now().0.into());
    }
    storable::plain("budget_id", &budget_id)?;
    let taken: Option<Budget> = cx.row("budget_id", &budget_id)?;
    let budget: Budget = fit::row(&columns)?;
    if taken.is_some() {
        let message = format!("budget id `{budget_id}` exists already");
        cx.judge("budget_id_new", Err(Refusal::raised(Code::IdTaken, message).on("budget_id")))?;
    }
    let mut changes = Changes::default();
    changes.insert(&budget);
    changes.event("budget_created", &budget_id);
    Ok(changes.answer(budget_table(cx.settings, &budget, iso_z)))
}

/// The end of a budget's window: as the request has it, or else as its duration says. The reference computes none.
pub(crate) fn reset_at(cx: &Context<'_>, asked: &BudgetNewRequest, values: &mut Json) -> Result<(), Refusal> {
    if !cx.closes(Hole::fields_of_today_are_kept) {
        return Ok(());
    }
    let end = match (&asked.budget_reset_at, &asked.budget_duration) {
        (Field::Value(end), _) => end.to_millis().0.into(),
        (Field::Null, _) => Json::Null,
        (Field::Absent, Field::Absent | Field::Null) => return Ok(()),
        (Field::Absent, Field::Value(_)) => fields::window_end(cx, fields::at(values, "budget_duration"))?,
    };
    values.set("budget_reset_at", end);
    Ok(())
}

/// Only a proxy admin makes and changes budgets; the reference lets those in who may only look.
pub(crate) fn may_write(cx: &Context<'_>, caller: &Caller) -> Result<(), Refusal> {
    if !cx.closes(Hole::viewers_change_nothing) || caller.is_proxy_admin() {
        return Ok(());
    }
    let message = "only a proxy admin can make and change budgets";
    Err(Refusal::error(Code::RouteForbidden, 403, Kind::AuthError, Json::Null, message))
}
