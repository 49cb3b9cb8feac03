//! Every value must fit its column.

use super::KeyDraft;
use crate::error::{Code, Refusal};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;
use latchkey_contract::mint;
use latchkey_contract::tables::{Budget, ColumnType, Table as _, VirtualKey, fit, storable};

/// Tries every column of the row, the name of a custom key among them, and of the budget that comes with it. A document
/// cannot become `null`.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    if let Some(budget) = draft.budget_row() {
        fit::row::<Budget>(&budget)?;
    }
    match (draft.before, draft.text("key")) {
        (None, Some(key)) => {
            // of the key itself only this is stored
            storable::plain("key", &mint::key_name(key))?;
        }
        (None, None) => {}
        (Some(_), _) => no_document_is_null(&draft.columns)?,
    }
    draft.refit()?;
    Ok(Passed::Allowed)
}

fn no_document_is_null(columns: &Json) -> Result<(), Refusal> {
    let is_null = |name: &str| columns.get(name).is_some_and(Json::is_null);
    let mut documents = VirtualKey::SCHEMA
        .columns
        .iter()
        .filter(|column| column.kind == ColumnType::Json && !column.nullable);
    match documents.find(|column| is_null(column.name)) {
        None => Ok(()),
        Some(column) => {
            let message = format!("`{}` cannot be stored: it must not be null", column.name);
            Err(Refusal::raised(Code::ValueUnstorable, message).on(column.name))
        }
    }
}
