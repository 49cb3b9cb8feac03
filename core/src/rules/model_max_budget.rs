//! Budgets by model: an object of objects, with a licence.

use super::KeyDraft;
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::settings::Settings;
use crate::types::{BudgetConfig, Model as _, Problem, Value as _};
use crate::verdict::{Passed, Said, Source};
use latchkey_contract::json::{Json, repr};

/// Judges the draft's budgets and turns text in `budget_limit` into a number.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(budgets) = draft.get("model_max_budget").cloned() else { return Ok(Passed::NotApplicable) };
    let budgets = validate(draft.settings, &budgets)?;
    draft.set("model_max_budget", budgets, Source::Request);
    Ok(Passed::Changed)
}

/// Judges budgets by model and returns them with every `budget_limit` as a number.
pub(crate) fn validate(settings: &Settings, budgets: &Json) -> Result<Json, Refusal> {
    let members = budgets.as_dict().unwrap_or_default();
    if members.is_empty() {
        return Ok(budgets.clone());
    }
    if !settings.premium_user {
        return Err(refuse(Code::LicenceRequired, &messages::model_max_budget_not_premium()));
    }
    let mut out = Vec::with_capacity(members.len());
    for (model, budget) in members {
        let mut budget = one(budget).map_err(|why| refuse(Code::ModelBudgetInvalid, &why))?;
        if settings.closes(Hole::limits_by_model_are_not_zero) {
            numbers(&mut budget);
            amounts(model, &budget)?;
        }
        out.push((model.clone(), budget));
    }
    Ok(Json::Dict(out))
}

fn refuse(code: Code, why: &str) -> Refusal {
    Refusal::raised(code, messages::invalid_model_max_budget(why)).on("model_max_budget")
}

/// One model's budget; the texts are those of Python's own exceptions.
fn one(budget: &Json) -> Result<Json, String> {
    let not_a_mapping =
        |kind| format!("litellm.types.utils.BudgetConfig() argument after ** must be a mapping, not {kind}");
    match budget {
        Json::Dict(_) => {}
        Json::Str(text) if text.contains("budget_limit") => {
            return Err("string indices must be integers, not 'str'".to_owned());
        }
        Json::List(items) if items.iter().any(|item| item.as_str() == Some("budget_limit")) => {
            return Err("list indices must be integers or slices, not str".to_owned());
        }
        Json::Str(_) => return Err(not_a_mapping("str")),
        Json::List(_) => return Err(not_a_mapping("list")),
        other => return Err(format!("argument of type '{}' is not iterable", type_name(other))),
    }
    let mut budget = budget.clone();
    if let Some(limit) = budget.get("budget_limit") {
        let limit = float(limit)?;
        budget.set("budget_limit", Json::Float(limit));
    }
    match BudgetConfig::read_model(&budget) {
        Ok(_) => Ok(budget),
        Err(problems) => {
            let plural = if problems.len() == 1 { "" } else { "s" };
            let details: Vec<String> = problems.iter().map(Problem::line).collect();
            Err(format!(
                "{} validation error{plural} for BudgetConfig\n{}",
                problems.len(),
                details.join("\n")
            ))
        }
    }
}

/// Python's `float(value)`.
fn float(value: &Json) -> Result<f64, String> {
    match value {
        Json::Str(_) => {
            f64::read(value).map_err(|_| format!("could not convert string to float: {}", repr(value)))
        }
        Json::Bool(value) => Ok(f64::from(u8::from(*value))),
        Json::Int(_) | Json::Big(_) | Json::Float(_) => {
            super::compare::to_f64(value).ok_or_else(|| "int too large to convert to float".to_owned())
        }
        other => {
            Err(format!("float() argument must be a string or a real number, not '{}'", type_name(other)))
        }
    }
}

/// The name of a value's type in Python.
fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Null => "NoneType",
        Json::Bool(_) => "bool",
        Json::Int(_) | Json::Big(_) => "int",
        Json::Float(_) => "float",
        Json::Str(_) => "str",
        Json::List(_) => "list",
        Json::Dict(_) | Json::Raw(_) => "dict",
    }
}

/// The members that are amounts.
const AMOUNTS: [&str; 4] = ["budget_limit", "max_budget", "tpm_limit", "rpm_limit"];

/// Makes numbers of texts that stand for one, which whoever reads them takes for numbers as well.
fn numbers(budget: &mut Json) {
    for name in AMOUNTS {
        if let Some(Ok(number)) = budget.get(name).filter(|value| value.as_str().is_some()).map(f64::read) {
            budget.set(name, Json::Float(number));
        }
    }
}

fn amounts(model: &str, budget: &Json) -> Result<(), Refusal> {
    for name in AMOUNTS {
        if let Some(value) = budget.get(name).filter(|value| !value.is_null()) {
            super::amounts::judge_positive(&format!("model_max_budget.{model}.{name}"), value)?;
        }
    }
    for name in ["time_period", "budget_duration"] {
        if let Some(text) = budget.get(name).and_then(Json::as_str) {
            super::time_span::judge(text)?;
        }
    }
    Ok(())
}
