//! What release 1.60.8 judges once it knows the key, in its order.

use super::{ChangeRule, KeyChange, changes};
use crate::error::{Code, Refusal};
use crate::rules::{Known, Passed, Verdict, alias_unique};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{ColumnType, Table, VirtualKey};

/// The rules on a change in profile `litellm-1.60`, after [`super::access`].
pub(crate) const UPDATE_LITELLM: &[ChangeRule] = rules![
    ChangeRule:
    columns as "changes",
    alias as "alias_unique",
    budget as "budget_known",
    stored as "storable",
];

/// The rules on the new values of a regenerated key in profile `litellm-1.60`: nobody looks at the alias.
pub(crate) const REGENERATE_LITELLM: &[ChangeRule] = rules![
    ChangeRule:
    columns as "changes",
    unsupported as "unsupported",
    budget as "budget_known",
    stored as "storable",
];

/// The reference takes these fields for columns and fails.
fn unsupported(change: &mut KeyChange<'_>) -> Verdict {
    match ["soft_budget", "send_invite_email"].iter().find(|name| change.request.get(name).is_some()) {
        None => Ok(Passed::Allowed),
        Some(name) => {
            let message = format!("`{name}` cannot be changed when a key is regenerated");
            Err(Refusal::raised(Code::RequestUnsupported, message).on(name))
        }
    }
}

/// Turns the request's fields into columns.
pub(super) fn columns(change: &mut KeyChange<'_>) -> Verdict {
    change.columns = changes(change.settings, change.now, &change.key.metadata.value(), &change.request)?;
    Ok(Passed::Changed)
}

/// Refuses an alias that another key has.
pub(super) fn alias(change: &mut KeyChange<'_>) -> Verdict {
    let Some(alias) = change.text("key_alias") else { return Ok(Passed::NotApplicable) };
    match change.alias_holder {
        Known::Absent => Ok(Passed::Allowed),
        Known::Unknown => Ok(Passed::Unknown),
        Known::Present(()) => Err(alias_unique::taken(alias)),
    }
}

/// The reference's database refuses a budget that is not there.
pub(super) fn budget(change: &mut KeyChange<'_>) -> Verdict {
    let Some(budget_id) = change.text("budget_id") else { return Ok(Passed::NotApplicable) };
    match change.budget {
        Known::Present(_) => Ok(Passed::Allowed),
        Known::Unknown => Ok(Passed::Unknown),
        Known::Absent => {
            let message = format!("budget `{budget_id}` does not exist, create it with `/budget/new`");
            Err(Refusal::raised(Code::BudgetUnknown, message).on("budget_id"))
        }
    }
}

/// Every value must fit its column; a document cannot be `null`.
pub(super) fn stored(change: &mut KeyChange<'_>) -> Verdict {
    for column in VirtualKey::SCHEMA.columns {
        let is_null = change.columns.get(column.name).is_some_and(Json::is_null);
        if is_null && column.kind == ColumnType::Json {
            let message = format!("`{}` cannot be stored: it must not be null", column.name);
            return Err(Refusal::raised(Code::ValueUnstorable, message).on(column.name));
        }
    }
    change.row().map(|_| Passed::Allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::Caller;
    use crate::settings::Settings;
    use latchkey_contract::dict;
    use latchkey_contract::tables::Millis;

    fn judged(request: Json) -> Result<VirtualKey, String> {
        let (settings, caller) = (Settings::default(), Caller::default());
        let key = VirtualKey { token: "t".to_owned(), max_budget: Some(1.0), ..VirtualKey::default() };
        let mut change = KeyChange::new(&settings, &caller, Millis(0), &key, request);
        change.judge(UPDATE_LITELLM).map_err(|refusal| latchkey_contract::json::str_of(&refusal.message))?;
        change.row().map_err(|refusal| latchkey_contract::json::str_of(&refusal.message))
    }

    #[test]
    fn a_change_leaves_the_other_columns_alone() {
        let row = judged(dict! { "key" => "t", "rpm_limit" => 5 }).expect("allowed");
        assert_eq!((row.max_budget, row.rpm_limit, row.token.as_str()), (Some(1.0), Some(5), "t"));
        assert_eq!(judged(dict! { "max_budget" => Json::Null }).map(|row| row.max_budget), Ok(None));
    }

    #[test]
    fn null_is_refused_where_the_column_takes_none() {
        for name in ["metadata", "aliases", "models", "spend"] {
            let refusal = judged(dict! { name => Json::Null }).expect_err(name);
            assert!(refusal.contains("must not be null"), "{refusal}");
        }
    }
}
