//! Requests about budgets.

use super::model::request_model;
use super::{Dict, Problem};
use crate::time::DateTime;
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;
use std::borrow::Cow;

request_model! {
    /// The budget of one model.
    #[derive(Default)]
    pub(crate) BudgetConfig {
        prepare by_other_names;
        /// Dollars that may be spent.
        max_budget: optional f64,
        /// After which time the budget is reset.
        budget_duration: optional String,
        /// Tokens a minute.
        tpm_limit: optional Integer,
        /// Requests a minute.
        rpm_limit: optional Integer,
    }
}

/// `time_period` stands for `budget_duration`, `budget_limit` for `max_budget`, and both win over them.
fn by_other_names(input: &Json) -> Result<Cow<'_, Json>, Vec<Problem>> {
    let names = [("time_period", "budget_duration"), ("budget_limit", "max_budget")];
    let Some(members) = input.as_dict().filter(|_| names.iter().any(|(name, _)| input.get(name).is_some()))
    else {
        return Ok(Cow::Borrowed(input));
    };
    let mut members = members.to_vec();
    for (other, name) in names {
        if let Some(index) = members.iter().position(|(key, _)| key == other) {
            let (_, value) = members.remove(index);
            match members.iter_mut().find(|(key, _)| key == name) {
                Some((_, old)) => *old = value,
                None => members.push((name.into(), value)),
            }
        }
    }
    Ok(Cow::Owned(Json::Dict(members)))
}

request_model! {
    /// `POST /budget/new` and `POST /budget/update`
    #[derive(Default)]
    pub(crate) BudgetNewRequest {
        /// The id, made up when absent.
        budget_id: optional String,
        /// Dollars that may be spent.
        max_budget: optional f64,
        /// Dollars from which on alerts are sent.
        soft_budget: optional f64,
        /// Requests at a time.
        max_parallel_requests: optional Integer,
        /// Tokens a minute.
        tpm_limit: optional Integer,
        /// Requests a minute.
        rpm_limit: optional Integer,
        /// After which time the budget is reset.
        budget_duration: optional String,
        /// Budgets by model.
        model_max_budget: optional Dict<BudgetConfig>,
        /// Tokens a day.
        tpd_limit: recent Integer,
        /// When the budget is reset; it follows from the duration where it is absent.
        budget_reset_at: recent DateTime,
    }
}

request_model! {
    /// `POST /budget/info`
    pub(crate) BudgetRequest {
        /// The budgets.
        budgets: required Vec<String>,
    }
}

request_model! {
    /// `POST /budget/delete`
    pub(crate) BudgetDeleteRequest {
        /// The budget.
        id: required String,
    }
}
