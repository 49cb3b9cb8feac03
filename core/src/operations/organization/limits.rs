//! What organizations are limited by: a row of budgets, which others may have, too, and limits by model in the free data.

use crate::context::Context;
use crate::error::Refusal;
use crate::operations::fields::{self, take};
use crate::operations::team::kept::budgets_by_model;
use crate::types::{Field, Model as _, OrganizationLimits};
use latchkey_contract::json::Json;

/// Limits that are kept in the free data.
const NOTED: [&str; 2] = ["model_rpm_limit", "model_tpm_limit"];

/// Takes the columns of the budget out of `values`, in the form that they are stored in.
pub(crate) fn columns(
    cx: &Context<'_>,
    values: &mut Json,
    limits: &OrganizationLimits,
) -> Result<Json, Refusal> {
    let mut columns = Json::empty_dict();
    for field in OrganizationLimits::fields() {
        if values.get(field.name).is_some() {
            columns.set(field.name, take(values, field.name));
        }
    }
    if let Field::Value(expiry) = &limits.temp_budget_expiry {
        columns.set("temp_budget_expiry", expiry.to_millis().0.into());
    }
    if columns.get("allowed_models").is_some_and(Json::is_null) {
        columns.set("allowed_models", Json::List(Vec::new()));
    }
    if let Some(duration) = columns.get("budget_duration").cloned() {
        columns.set("budget_reset_at", fields::window_end(cx, &duration)?);
    }
    if columns.get("model_max_budget").is_some_and(|budgets| !budgets.is_null()) {
        budgets_by_model(cx, &mut columns, "model_max_budget")?;
    }
    Ok(columns)
}

/// Takes the limits by model out of `values` into what is added to the free data; nothing where the request says nothing of it.
pub(crate) fn metadata(values: &mut Json) -> Option<Json> {
    let mut asked = fields::without_null(take(values, "metadata"));
    for name in NOTED {
        let limits = take(values, name);
        if limits.is_null() {
            continue;
        }
        if asked.is_null() {
            asked = Json::empty_dict();
        }
        asked.set(name, limits);
    }
    (!asked.is_null()).then_some(asked)
}

/// Free data with what is added to it: of an object within it the members, of everything else the value.
pub(crate) fn merged(present: &Json, added: &Json) -> Json {
    let mut merged = if present.as_dict().is_some() { present.clone() } else { Json::empty_dict() };
    for (name, value) in added.as_dict().unwrap_or_default() {
        let both = merged.get(name).filter(|old| old.as_dict().is_some()).zip(value.as_dict());
        let value = both.map(|(old, new)| {
            let mut all = old.clone();
            new.iter().for_each(|(name, value)| all.set(name.clone(), value.clone()));
            all
        });
        let value = value.unwrap_or_else(|| added.get(name).cloned().unwrap_or(Json::Null));
        merged.set(name.clone(), value);
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    #[test]
    fn what_is_added_to_free_data_takes_nothing_away() {
        let present = dict! { "a" => 1, "c" => dict! { "d" => 1, "e" => dict! { "f" => 1 } } };
        let added = dict! { "b" => 2, "c" => dict! { "e" => 3 } };
        let expected = dict! { "a" => 1, "c" => dict! { "d" => 1, "e" => 3 }, "b" => 2 };
        assert_eq!(merged(&present, &added), expected);
        assert_eq!(merged(&Json::Null, &added), added);
        assert_eq!(merged(&dict! { "c" => 1 }, &added).get("c"), added.get("c"));
    }

    #[test]
    fn limits_by_model_are_part_of_the_free_data() {
        let mut values = dict! { "model_rpm_limit" => dict! { "m" => 3 }, "metadata" => Json::Null };
        let limits = dict! { "model_rpm_limit" => dict! { "m" => 3 } };
        assert_eq!(metadata(&mut values), Some(limits));
        assert_eq!(metadata(&mut dict! { "metadata" => Json::Null, "model_tpm_limit" => Json::Null }), None);
    }
}
