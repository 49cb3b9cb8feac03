//! `POST /budget/update`: changes a budget.

use super::new::{may_write, reset_at};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::fields;
use crate::operations::key::held::HeldKeys;
use crate::operations::key::issue::budget_table;
use crate::rules::{judge_budget, temporary_increase_fits};
use crate::time::iso_z;
use crate::types::{BudgetNewRequest, Field};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, fit, storable};

/// Changes what the request gives; `null` changes nothing but what release 1.60.8 does not know.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: BudgetNewRequest = request.model()?;
    may_write(cx, caller)?;
    let mut values = fields::without_null(fields::effective(&asked));
    let Some(budget_id) = asked.budget_id.text() else {
        let message = dict! { "error" => messages::NO_BUDGET_ID };
        return Err(Refusal::http(Code::RequestInvalid, 400, message).into());
    };
    storable::plain("budget_id", budget_id)?;
    let Some(budget) = cx.row::<Budget>("budget_id", budget_id)? else {
        return missing(cx, budget_id);
    };
    fields::judge_amounts(cx, &values)?;
    if !cx.closes(Hole::budgets_by_model_are_updated) && values.get("model_max_budget").is_some() {
        let message = "`model_max_budget` cannot be updated, make a new budget";
        return Err(Refusal::raised(Code::RequestUnsupported, message).into());
    }
    reset_at(cx, &asked, &mut values)?;
    if asked.tpd_limit == Field::Null {
        values.set("tpd_limit", Json::Null);
    }
    let changed = amended(cx, caller, &budget, values)?;
    let mut changes = Changes::default();
    changes.update(&budget, &changed);
    changes.event("budget_updated", budget_id);
    Ok(changes.answer(budget_table(cx.settings, &changed, iso_z)))
}

/// The budget with these columns, within the operator's bounds.
pub(crate) fn amended(
    cx: &Context<'_>,
    caller: &Caller,
    budget: &Budget,
    mut values: Json,
) -> Result<Budget, Halt> {
    values.set("updated_by", caller.actor().into());
    values.set("updated_at", cx.now().0.into());
    let changed = fit::amended(budget, &values)?;
    if cx.closes(Hole::updated_budgets_are_bounded) {
        // what the request leaves alone was judged when a key got the budget
        let asked = |name: &str| values.get(name).is_some();
        let raised = Budget {
            max_budget: changed.max_budget.filter(|_| asked("max_budget")),
            max_parallel_requests: changed.max_parallel_requests.filter(|_| asked("max_parallel_requests")),
            tpm_limit: changed.tpm_limit.filter(|_| asked("tpm_limit")),
            rpm_limit: changed.rpm_limit.filter(|_| asked("rpm_limit")),
            budget_duration: changed.budget_duration.clone().filter(|_| asked("budget_duration")),
            ..Budget::default()
        };
        cx.judge("upper_bounds", judge_budget(cx.settings, cx.now(), &raised))?;
        increases_fit(cx, &budget.budget_id, raised.max_budget)?;
    }
    Ok(changed)
}

/// What keys of the budget were granted for a time stays within the bound, too.
fn increases_fit(cx: &Context<'_>, budget_id: &str, max_budget: Option<f64>) -> Result<(), Halt> {
    let is_bounded = cx.settings.upper_bounds.as_ref().is_some_and(|bounds| bounds.max_budget.is_some());
    if !is_bounded || max_budget.is_none() {
        return Ok(());
    }
    let held = HeldKeys::of_budget(cx, budget_id)?;
    let mut fits =
        held.keys.iter().map(|key| temporary_increase_fits(cx.settings, max_budget, &key.metadata.value()));
    if let Some(Err(refusal)) = fits.find(Result::is_err) {
        cx.judge("temporary_budget", Err(refusal.on("max_budget")))?;
    }
    if held.complete {
        return Ok(());
    }
    let message = "`max_budget` cannot be changed: the keys of the budget are too many or too large to look \
                   whether one of them has a temporary increase that would exceed the upper bound";
    Err(Refusal::error(Code::FactMissing, 409, Kind::BadRequestError, "max_budget", message).into())
}

/// The reference answers `null` when there is no such budget.
pub(crate) fn missing(cx: &Context<'_>, budget_id: &str) -> Result<Outcome, Halt> {
    if !cx.closes(Hole::unknown_budgets_are_refused) {
        return Ok(Outcome::reply(Json::Null));
    }
    let message = format!("budget `{budget_id}` does not exist");
    Err(Refusal::error(Code::BudgetUnknown, 404, Kind::NotFoundError, "budget_id", message).into())
}
