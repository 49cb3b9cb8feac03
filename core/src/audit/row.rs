//! A change as a row of the audit log.

use super::known::primary_key;
use super::replay::Change;
use crate::caller::Caller;
use crate::context::Context;
use crate::deviations::Hole;
use crate::redact;
use crate::time::iso_z;
use crate::types::AuditAction;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::mint;
use latchkey_contract::tables::{
    AuditLog, Cells, Column, ColumnType, Millis, Row, Schema, Table, VirtualKey,
};
use latchkey_contract::wire::{Items, Note};

/// The header in which a caller names for whom they act.
const CHANGED_BY: &str = "litellm-changed-by";
/// Stands for the master key, whose hash is nobody's business.
const MASTER_KEY: &str = "master_key";
/// Columns whose values are nobody's business; whether they changed is.
const SECRET_COLUMNS: [&str; 1] = ["password"];

/// The row for `change`, the one with this number among the changes of one request.
pub(super) fn row(
    cx: &Context<'_>,
    caller: &Caller,
    operation: &str,
    number: u16,
    change: &Change,
) -> AuditLog {
    let object = change.before.as_ref().or(change.after.as_ref());
    let object_id = object.map(|row| primary_key(change.schema, row).join("/")).unwrap_or_default();
    let shown = |row: &Option<Cells>| row.as_ref().map(|row| JsonText::of(&shown(change.schema, row)));
    AuditLog {
        object_id: mint::token_if_key(&object_id),
        before_value: shown(&change.before),
        updated_values: shown(&change.after),
        ..said(cx, caller, number, change.schema, action(operation, change))
    }
}

/// How a store notes each row of a set that it deletes, or changes by `set` and `take`. Of a deleted row it shows what is
/// neither list nor document nor secret, of a changed one what changes.
pub(super) fn note(
    cx: &Context<'_>,
    caller: &Caller,
    number: u16,
    schema: &'static Schema,
    set: Option<&Cells>,
    take: Option<&Items>,
) -> Note {
    let action = if set.is_some() { AuditAction::Updated } else { AuditAction::Deleted };
    let row = said(cx, caller, number, schema, action);
    let is_shown = |column: &&Column| match set {
        Some(set) => {
            schema.key.contains(&column.name)
                || set.get(column.name).is_some()
                || take.is_some_and(|items| items.column == column.name)
        }
        None => !column.is_document() && !SECRET_COLUMNS.contains(&column.name),
    };
    let shown = schema.columns.iter().filter(is_shown).map(|column| column.name.into()).collect();
    let same = ["updated_at", "changed_by", "changed_by_api_key", "action", "table_name"];
    let any: &dyn Row = &row;
    let cells = any.cells();
    let cells = cells.iter().filter(|(name, _)| same.contains(&name.as_ref()));
    Note { id: row.id.clone(), row: cells.map(|(name, cell)| (name.clone(), cell.clone())).collect(), shown }
}

/// What an audit row says whatever the change.
fn said(cx: &Context<'_>, caller: &Caller, number: u16, schema: &Schema, action: AuditAction) -> AuditLog {
    AuditLog {
        id: mint::ordered_uuid(cx.now(), number, cx.random()),
        updated_at: cx.now(),
        changed_by: redact::keys_in(actor(cx, caller)),
        changed_by_api_key: match &caller.token {
            Some(_) if cx.closes(Hole::audit_rows_name_the_actor) && caller.is_master => {
                MASTER_KEY.to_owned()
            }
            token => token.clone().unwrap_or_default(),
        },
        action: action.as_str().to_owned(),
        table_name: schema.name.to_owned(),
        ..AuditLog::default()
    }
}

/// For whom the caller says to act, if they may.
pub(super) fn named<'a>(cx: &Context<'a>, caller: &Caller) -> Option<&'a str> {
    let named = cx.header(CHANGED_BY).filter(|name| !name.is_empty());
    named.filter(|_| !cx.closes(Hole::audit_rows_name_the_actor) || caller.is_proxy_admin())
}

/// Who acted. In strict only a proxy admin names somebody else, and a key without a user is known by its token, not as the
/// holder of the master key.
fn actor<'a>(cx: &'a Context<'_>, caller: &'a Caller) -> &'a str {
    let is_told = cx.closes(Hole::audit_rows_name_the_actor);
    if let Some(named) = named(cx, caller) {
        return named;
    }
    match &caller.token {
        Some(token) if is_told && caller.user_id.as_ref().is_none_or(String::is_empty) => token,
        _ => caller.actor(),
    }
}

/// What was done: told by the rows, and by the operation where it confirms what was so before.
fn action(operation: &str, change: &Change) -> AuditAction {
    let (Some(before), Some(after)) = (&change.before, &change.after) else {
        return if change.before.is_none() { AuditAction::Created } else { AuditAction::Deleted };
    };
    let differs = |column: &str| before.get(column) != after.get(column);
    let blocks = |row: &Cells| row.get("blocked").is_some_and(|cell| cell.as_str() == "true");
    match operation {
        _ if change.schema.name == VirtualKey::NAME && differs("token") => AuditAction::Regenerated,
        "key_block" => AuditAction::Blocked,
        "key_unblock" => AuditAction::Unblocked,
        _ if blocks(before) == blocks(after) => AuditAction::Updated,
        _ if blocks(after) => AuditAction::Blocked,
        _ => AuditAction::Unblocked,
    }
}

/// A row for people: all columns, moments in ISO 8601, no secret.
fn shown(schema: &Schema, row: &Cells) -> Json {
    let members = schema.columns.iter().map(|column| {
        let value = row.get(column.name).map_or(Json::Null, JsonText::value);
        let value = match value {
            Json::Null => Json::Null,
            _ if SECRET_COLUMNS.contains(&column.name) => Json::from("***"),
            Json::Int(millis) if column.kind == ColumnType::Time => iso_z(Millis(millis)).into(),
            other => redact::secrets(&other, None),
        };
        (column.name.into(), value)
    });
    Json::Dict(members.collect())
}
