//! What a team keeps that release 1.60.8 does not know: in columns, and in the free data.

use super::permissions::are_known;
use crate::context::Context;
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::operations::fields::{at, take};
use crate::rules::{budget_windows, compare, validate_model_max_budget};
use crate::verdict::Passed;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, repr};
use latchkey_contract::tables::Team;
use std::cmp::Ordering;

/// The fields that are kept in the free data, and whether LiteLLM sells them.
const NOTED: &[(&str, bool)] = &[
    ("guardrails", true),
    ("tags", true),
    ("disable_global_guardrails", true),
    (POLICIES, true),
    ("team_member_key_duration", true),
    ("prompts", true),
    ("secret_manager_settings", true),
    ("allowed_passthrough_routes", true),
    ("denied_passthrough_routes", true),
    ("model_rpm_limit", false),
    ("model_tpm_limit", false),
    ("default_estimated_output_tokens", false),
    ("default_estimated_output_tokens_per_model", false),
    ("mcp_rpm_limit", false),
    ("rpm_limit_type", false),
    ("tpm_limit_type", false),
    ("allowed_vector_store_indexes", false),
    ("enforced_batch_output_expires_after", false),
    ("enforced_file_expires_after", false),
    ("require_trace_id", false),
];

/// It has a column, too: LiteLLM reads the free data, and shows both.
const POLICIES: &str = "policies";

/// Columns that are never `null`, and of which nothing is an empty list or an empty object.
const LISTS: [&str; 3] = ["access_group_ids", POLICIES, "default_team_member_models"];

/// Takes the fields out of `values` that go into the free data. Those that release 1.60.8 does not know may be `null`.
pub(crate) fn noted(cx: &Context<'_>, values: &mut Json) -> Result<Vec<(&'static str, Json)>, Refusal> {
    let mut noted = Vec::new();
    for (name, is_sold) in NOTED {
        let value = at(values, name);
        let is_old = matches!(*name, "guardrails" | "tags");
        if values.get(name).is_none() || (is_old && value.is_null()) {
            continue;
        }
        if *is_sold && (is_old || value.is_truthy()) {
            premium(cx)?;
        }
        let value = if *name == POLICIES { value.clone() } else { take(values, name) };
        // which LiteLLM leaves as it is
        if *name != "require_trace_id" || !value.is_null() {
            noted.push((*name, value));
        }
    }
    Ok(noted)
}

/// Features that LiteLLM sells.
pub(crate) fn premium(cx: &Context<'_>) -> Result<(), Refusal> {
    if cx.settings.premium_user {
        return Ok(());
    }
    let message = messages::feature_not_premium();
    cx.judge("licence", Err(Refusal::http(Code::LicenceRequired, 403, dict! { "error" => message })))
}

/// Puts them into the free data, or takes them away.
pub(crate) fn note(metadata: &mut Json, noted: Vec<(&'static str, Json)>) {
    for (name, value) in noted {
        match value {
            Json::Null => drop(take(metadata, name)),
            value => metadata.set(name, value),
        }
    }
}

/// Judges the other fields of `values`, of a new team or of changes to `stored`, and gives them the form of their columns.
pub(crate) fn settle(cx: &Context<'_>, stored: Option<&Team>, values: &mut Json) -> Result<(), Refusal> {
    let is_known = cx.closes(Hole::fields_of_today_are_kept);
    let empty = LISTS.into_iter().map(|name| (name, Json::List(Vec::new())));
    for (name, empty) in empty.chain([("model_max_budget", Json::empty_dict())]) {
        if values.get(name).is_some_and(Json::is_null) {
            match is_known {
                true => values.set(name, empty),
                false => drop(take(values, name)),
            }
        }
    }
    if !is_known {
        return Ok(());
    }
    let permissions = at(values, "team_member_permissions").as_list().unwrap_or_default();
    are_known(cx, permissions.iter().filter_map(Json::as_str))?;
    cx.judge("soft_budget", soft_budget(stored, values).map(|()| Passed::Allowed))?;
    if !at(values, "budget_limits").is_null() {
        let present = stored.and_then(|team| team.budget_limits.as_ref());
        let windows = budget_windows(cx.settings, cx.now(), at(values, "budget_limits"), present)?;
        values.set("budget_limits", windows);
    }
    budgets_by_model(cx, values, "model_max_budget")
}

/// Judges budgets by model and turns amounts in text into numbers.
pub(crate) fn budgets_by_model(
    cx: &Context<'_>,
    values: &mut Json,
    name: &'static str,
) -> Result<(), Refusal> {
    if values.get(name).is_none() {
        return Ok(());
    }
    let budgets = validate_model_max_budget(cx.settings, at(values, name)).map_err(|refusal| {
        Refusal::error(refusal.code, 400, Kind::BadRequestError, name, refusal.message).on(name)
    })?;
    values.set(name, budgets);
    Ok(())
}

/// Alerts are sent before the budget is spent.
fn soft_budget(stored: Option<&Team>, values: &Json) -> Result<(), Refusal> {
    let own = |name: &str, stored: Option<f64>| values.get(name).cloned().unwrap_or_else(|| stored.into());
    let soft = own("soft_budget", stored.and_then(|team| team.soft_budget));
    let max = own("max_budget", stored.and_then(|team| team.max_budget));
    let is_asked = |name: &str| !at(values, name).is_null();
    let is_below = compare(&soft, &max).is_none_or(Ordering::is_lt) || soft.is_null() || max.is_null();
    if is_below || !(is_asked("soft_budget") || is_asked("max_budget")) {
        return Ok(());
    }
    let (message, field) = match is_asked("soft_budget") {
        true => (messages::soft_budget_not_below(&repr(&soft), &repr(&max)), "soft_budget"),
        false => (messages::max_budget_not_above(&repr(&max), &repr(&soft)), "max_budget"),
    };
    Err(Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on(field))
}
