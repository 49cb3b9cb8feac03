//! How large the columns may be that people write: each request by a key reads its row, and those of its user and team.

use super::KeyDraft;
use super::key_fields::with_names;
use crate::audit;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::{Json, JsonText, write};
use latchkey_contract::tables;
use latchkey_contract::tables::{
    Budget, Cells, Column, ColumnType, Organization, OrganizationMembership, Row, Schema, Table, Team,
    TeamMembership, TeamModels, User, VirtualKey,
};
use latchkey_contract::wire::Write;

/// The longest name of a model, a tag or a guardrail, in bytes. No value of so few bytes is above any bound.
pub(crate) const NAME_BYTES: usize = 256;

/// The longest text: ids, aliases, e-mail addresses, durations.
const TEXT_BYTES: usize = 512;

/// The most names in one list or object.
const NAMES: usize = 1_000;

/// The longest document or list, as bytes of JSON text.
const DOCUMENT_BYTES: usize = 64 * 1024;

/// The longest lists and documents of one row together, a team's members apart: whoever removes a thousand rows waits for
/// all of them.
const ROW_BYTES: usize = 128 * 1024;

/// The longest list of members of a team.
const MEMBERS_BYTES: usize = 1024 * 1024;

/// The same where a decision cannot be stopped: a longer list takes more than 50 ms to change.
const MEMBERS_BYTES_UNSTOPPED: usize = 256 * 1024;

/// The tables that people write.
const TABLES: &[&str] = &[
    VirtualKey::NAME,
    User::NAME,
    Team::NAME,
    TeamMembership::NAME,
    TeamModels::NAME,
    Budget::NAME,
    Organization::NAME,
    OrganizationMembership::NAME,
];

/// What a column may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    /// Text.
    Text,
    /// Names, as items of a list or as the names of members.
    Names,
    /// Names, and names behind them.
    Aliases,
    /// Free data.
    Document,
    /// The members of a team.
    Members,
    /// The same where a decision cannot be stopped.
    MembersUnstopped,
}

impl Size {
    /// The bound on a column; none on what LiteLLM counts, and on the teams of a user, which others make.
    fn of(table: &str, column: &str, kind: ColumnType) -> Option<Self> {
        if !TABLES.contains(&table) {
            return None;
        }
        Some(match (kind, column) {
            (ColumnType::Text, _) => Self::Text,
            (_, "model_spend" | "teams") => return None,
            (_, "members_with_roles") => Self::Members,
            (_, "aliases") => Self::Aliases,
            (ColumnType::TextList, _) | (_, "model_max_budget") => Self::Names,
            (ColumnType::Json, _) => Self::Document,
            _ => return None,
        })
    }

    /// Why `value` does not fit.
    fn objection(self, column: &str, value: &Json) -> Option<String> {
        let most = match self {
            Self::Text => {
                let is_long = value.as_str().is_some_and(|text| text.len() > TEXT_BYTES);
                return is_long.then(|| format!("`{column}` must not be longer than {TEXT_BYTES} bytes"));
            }
            Self::Members => MEMBERS_BYTES,
            Self::MembersUnstopped => MEMBERS_BYTES_UNSTOPPED,
            Self::Names | Self::Aliases | Self::Document => DOCUMENT_BYTES,
        };
        let long_name =
            |field: &str| format!("`{field}` must not hold a name longer than {NAME_BYTES} bytes");
        let too_many = |field: &str| format!("`{field}` must not hold more than {NAMES} names");
        match self {
            Self::Names | Self::Aliases if has_many(value) => return Some(too_many(column)),
            Self::Names | Self::Aliases if has_long_name(value, self == Self::Aliases) => {
                return Some(long_name(column));
            }
            Self::Document => {
                let members = with_names().filter_map(|name| Some((name, value.get(name)?)));
                for (name, value) in members {
                    if has_many(value) {
                        return Some(too_many(&format!("{column}.{name}")));
                    }
                    if has_long_name(value, false) {
                        return Some(long_name(&format!("{column}.{name}")));
                    }
                }
            }
            _ => {}
        }
        (longest(value) > most && write(value).len() > most)
            .then(|| format!("`{column}` must not be longer than {most} bytes of json"))
    }
}

/// No fewer bytes than `value` has as JSON text, without writing it.
fn longest(value: &Json) -> usize {
    match value {
        Json::Str(text) => text.len().saturating_mul(6).saturating_add(2),
        Json::List(items) => items.iter().fold(2, |sum, item| longest(item).saturating_add(sum + 1)),
        Json::Dict(members) => members.iter().fold(2, |sum, (name, value)| {
            name.len().saturating_mul(6).saturating_add(longest(value)).saturating_add(sum + 4)
        }),
        Json::Big(digits) => digits.len(),
        Json::Raw(text) => text.as_str().len(),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Float(_) => 32,
    }
}

/// Whether nothing of `text`, a cell that goes into a column of this size, can be objected to, as far as shows without reading
/// it.
fn is_surely_small(size: Size, text: &str) -> bool {
    match size {
        Size::Text => text.len() <= TEXT_BYTES,
        // an item takes two bytes, and what has no escape is as long as it looks
        Size::Names | Size::Aliases | Size::Document => {
            text.len() <= 2 * NAMES && !text.contains('\\') && has_short_parts(text)
        }
        Size::Members => text.len() <= MEMBERS_BYTES,
        Size::MembersUnstopped => text.len() <= MEMBERS_BYTES_UNSTOPPED,
    }
}

/// Whether no part of `text` between quotes is longer than a name. Of each piece as long as the longest part and its quote only
/// the end is looked at, up to its last quote.
fn has_short_parts(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(piece) = rest.get(..=NAME_BYTES) {
        let Some(quote) = piece.iter().rposition(|byte| *byte == b'"') else { return false };
        rest = rest.get(quote + 1..).unwrap_or_default();
    }
    true
}

fn has_many(value: &Json) -> bool {
    value.as_list().is_some_and(|items| items.len() > NAMES)
        || value.as_dict().is_some_and(|members| members.len() > NAMES)
}

fn has_long_name(value: &Json, with_values: bool) -> bool {
    let is_long = |name: &str| name.len() > NAME_BYTES;
    let is_long_text = |value: &Json| value.as_str().is_some_and(is_long);
    match value {
        Json::List(items) => items.iter().any(is_long_text),
        Json::Dict(members) => {
            members.iter().any(|(name, value)| is_long(name) || (with_values && is_long_text(value)))
        }
        _ => false,
    }
}

/// Whether a column counts among the lists and documents of its row.
fn is_counted(table: &str, column: &Column) -> bool {
    let size = Size::of(table, column.name, column.kind);
    matches!(size, Some(Size::Names | Size::Aliases | Size::Document))
}

/// Judges the lists and documents of a row together: `written` is what a change writes, `old` the row that it changes. What
/// was larger before may stay, and shrink.
fn judge_row(schema: &Schema, written: &Cells, old: impl FnOnce() -> Option<Cells>) -> Result<(), Refusal> {
    if written.iter().all(|(_, cell)| cell.as_str().len() <= NAME_BYTES) {
        return Ok(());
    }
    let old = old();
    if old.is_none() && written.iter().map(|(_, cell)| cell.as_str().len()).sum::<usize>() <= ROW_BYTES {
        return Ok(());
    }
    let length = |cells: &Cells, name: &str| cells.get(name).map_or(0, |cell| cell.as_str().len());
    let counted = || schema.columns.iter().filter(|column| is_counted(schema.name, column));
    let largest = counted().map(|column| (length(written, column.name), column.name)).max();
    let Some((_, field)) = largest else { return Ok(()) };
    let old = old.unwrap_or_default();
    let (mut before, mut after) = (0, 0);
    for column in counted() {
        let had = length(&old, column.name);
        before += had;
        after += if written.get(column.name).is_some() { length(written, column.name) } else { had };
    }
    if after <= ROW_BYTES.max(before) {
        return Ok(());
    }
    let message = format!(
        "lists and documents must not be longer than {ROW_BYTES} bytes of json together, `{field}` is the longest"
    );
    Err(Refusal::error(Code::ValueUnstorable, 400, Kind::BadRequestError, field, message).on(field))
}

/// The lists and documents that `fields`, columns of a key by name, sets.
fn cells_of(fields: &Json) -> Cells {
    let fields = fields.as_dict().unwrap_or_default().iter();
    let long = fields.filter(|(_, value)| value.as_list().is_some() || value.as_dict().is_some());
    long.map(|(name, value)| (name.clone(), JsonText::of(value))).collect()
}

/// Whether `new` may be stored in a column in the place of `old`. What was larger before may stay, and shrink.
fn judge(
    size: Option<Size>,
    column: &str,
    old: impl FnOnce() -> Option<Json>,
    new: &Json,
) -> Result<(), Refusal> {
    let Some(size) = size else { return Ok(()) };
    let Some(message) = size.objection(column, new) else { return Ok(()) };
    let shrinks = |old: Json| size.objection(column, &old).is_some() && write(new).len() <= write(&old).len();
    if old().is_some_and(shrinks) {
        return Ok(());
    }
    Err(Refusal::error(Code::ValueUnstorable, 400, Kind::BadRequestError, column, message).on(column))
}

/// The column or the member of free data that a field of a request goes into.
fn kind_of(field: &str) -> Option<ColumnType> {
    match VirtualKey::SCHEMA.column(field) {
        Some(column) => Some(column.kind),
        None => with_names().any(|name| name == field).then_some(ColumnType::TextList),
    }
}

/// Judges every field of `fields` that a key keeps; `old` is what it has.
fn judge_all(fields: &Json, old: &dyn Fn(&str) -> Option<Json>) -> Said {
    let fields = fields.as_dict().unwrap_or_default().iter();
    let large = fields.filter(|(_, value)| longest(value) > NAME_BYTES);
    let objections = large.filter_map(|(name, value)| {
        let size = Size::of(VirtualKey::NAME, name, kind_of(name)?);
        judge(size, name, || old(name), value).err()
    });
    Refusal::all(objections).map(|()| Passed::Allowed)
}

/// Judges what is asked, before any other rule reads it.
pub(super) fn asked(draft: &mut KeyDraft<'_>) -> Said {
    judge_all(draft.request, &|name| stored_in(draft.before?, name))
}

/// Judges what the rules made of it: the fields of a new key, the columns that change.
pub(super) fn stored(draft: &mut KeyDraft<'_>) -> Said {
    let columns = if draft.before.is_some() { &draft.columns } else { &draft.fields };
    judge_all(columns, &|name| stored_in(draft.before?, name))?;
    if draft.before.is_none() && longest(columns) <= ROW_BYTES {
        return Ok(Passed::Allowed);
    }
    let old = || draft.before.map(|key| <dyn Row>::cells(key));
    judge_row(&VirtualKey::SCHEMA, &cells_of(columns), old).map(|()| Passed::Allowed)
}

fn stored_in(key: &VirtualKey, name: &str) -> Option<Json> {
    let row: &dyn Row = key;
    let column = row.cells().get(name).map(JsonText::value);
    column.or_else(|| key.metadata.value().get(name).cloned())
}

/// Judges what an operation has decided to write, whichever it is. The rows that change are among the facts.
fn judge_writes(cx: &Context<'_>, writes: &[Write]) -> Result<(), Refusal> {
    for write in writes {
        let (table, key, cells) = match write {
            Write::Insert { table, row, .. } => (table, None, row),
            Write::Update { table, key, set } => (table, Some(key), set),
            Write::Change { .. } | Write::Copy { .. } | Write::Delete { .. } => continue,
        };
        let Some(schema) = tables::SCHEMAS.iter().find(|schema| schema.name == table) else { continue };
        for (name, cell) in cells.iter().filter(|(_, cell)| cell.as_str().len() > NAME_BYTES) {
            let Some(column) = schema.column(name) else { continue };
            let old = || in_facts(cx, schema, key?, name);
            let size = match Size::of(schema.name, column.name, column.kind) {
                Some(Size::Members) if !cx.settings.serving.stops_decisions => Size::MembersUnstopped,
                Some(size) => size,
                None => continue,
            };
            if !is_surely_small(size, cell.as_str()) {
                judge(Some(size), column.name, old, &cell.value())?;
            }
        }
        judge_row(schema, cells, || audit::stored_row(cx.facts(), schema, key?))?;
    }
    Ok(())
}

/// In strict no column grows beyond its bound, whichever operation writes it.
pub(crate) fn bounded(cx: &Context<'_>, outcome: Result<Outcome, Halt>) -> Result<Outcome, Halt> {
    let outcome = outcome?;
    if cx.closes(Hole::columns_are_bounded) {
        judge_writes(cx, &outcome.writes)?;
    }
    Ok(outcome)
}

/// What a column of a row holds that was read.
fn in_facts(cx: &Context<'_>, schema: &Schema, key: &[String], column: &str) -> Option<Json> {
    audit::stored_row(cx.facts(), schema, key)?.get(column).map(JsonText::value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    fn judged(column: &str, kind: ColumnType, old: Option<Json>, new: &Json) -> Result<(), Option<String>> {
        judge(Size::of(VirtualKey::NAME, column, kind), column, || old, new).map_err(|refusal| {
            assert_eq!((refusal.status, refusal.code), (400, Code::ValueUnstorable));
            refusal.field
        })
    }

    #[test]
    fn a_document_has_64_kib_and_a_larger_one_stays_or_shrinks() {
        let text = |bytes: usize| Json::from("a".repeat(bytes - 2));
        let (fits, large) = (text(DOCUMENT_BYTES), text(DOCUMENT_BYTES + 2));
        let judged = |old: Option<&Json>, new: &Json| judged("metadata", ColumnType::Json, old.cloned(), new);
        assert_eq!(judged(None, &fits), Ok(()));
        assert_eq!(judged(Some(&fits), &large), Err(Some("metadata".to_owned())));
        assert_eq!(judged(Some(&large), &large), Ok(()));
        assert_eq!(judged(Some(&large), &text(DOCUMENT_BYTES + 1)), Ok(()));
        assert!(judged(Some(&large), &text(DOCUMENT_BYTES + 3)).is_err());
    }

    #[test]
    fn a_row_has_128_kib_of_documents_and_a_larger_one_stays_or_shrinks() {
        let row = |columns: &[(&'static str, usize)]| -> Cells {
            let text = |bytes: usize| JsonText::of(&Json::from("a".repeat(bytes - 2)));
            columns.iter().map(|(name, bytes)| ((*name).into(), text(*bytes))).collect()
        };
        let judged = |old: &[(&'static str, usize)], new: &[(&'static str, usize)]| {
            judge_row(&VirtualKey::SCHEMA, &row(new), || Some(row(old))).map_err(|refusal| refusal.field)
        };
        let half = DOCUMENT_BYTES;
        let metadata = || Err(Some("metadata".to_owned()));
        assert_eq!(judged(&[], &[("metadata", half), ("config", half), ("model_spend", half)]), Ok(()));
        assert_eq!(judged(&[], &[("metadata", half), ("config", half - 9), ("aliases", 300)]), metadata());
        let full = [("aliases", half), ("config", half)];
        assert_eq!(judged(&full, &[("metadata", 300)]), metadata());
        assert_eq!(judged(&full, &[("metadata", half - 2), ("config", 2)]), Ok(()));
        let larger = [("aliases", half), ("config", half), ("metadata", half)];
        assert_eq!(judged(&larger, &[("metadata", half)]), Ok(()));
        assert_eq!(judged(&larger, &[("metadata", half - 1)]), Ok(()));
        assert!(judged(&larger, &[("permissions", 300)]).is_err());
    }

    #[test]
    fn names_have_256_bytes_wherever_they_stand() {
        let long = "m".repeat(NAME_BYTES + 1);
        let list = |name: &str| Json::List(vec![name.into()]);
        let models = |value: &Json| judged("models", ColumnType::TextList, None, value);
        assert_eq!(models(&list(&long[1..])), Ok(()));
        assert!(models(&list(&long)).is_err());
        let named = |column: &str, value: &Json| judged(column, ColumnType::Json, None, value);
        let by_name = Json::Dict(vec![(long.clone().into(), Json::Int(1))]);
        assert!(named("model_max_budget", &by_name).is_err());
        assert!(named("aliases", &dict! { "a" => long.clone() }).is_err());
        for name in with_names() {
            assert!(named("metadata", &dict! { name => list(&long) }).is_err(), "{name}");
            assert!(named("metadata", &dict! { name => by_name.clone() }).is_err(), "{name}");
        }
        assert_eq!(named("metadata", &dict! { "note" => long }), Ok(()));
    }

    #[test]
    fn a_long_part_between_quotes_is_found_wherever_it_stands() {
        let (long, short) = ("m".repeat(NAME_BYTES + 1), "m".repeat(NAME_BYTES));
        for before in [0, 1, 100, NAME_BYTES - 1, NAME_BYTES] {
            let with = |part: &str| format!("{}\"\"{part}\"b", "a".repeat(before));
            assert!(has_short_parts(&with(&short)) && !has_short_parts(&with(&long)), "{before}");
        }
        assert!(has_short_parts("") && has_short_parts(&short) && !has_short_parts(&long));
    }

    #[test]
    fn lists_and_objects_have_a_thousand_names() {
        let list = |count: usize| Json::List(vec!["m".into(); count]);
        assert_eq!(judged("models", ColumnType::TextList, None, &list(NAMES)), Ok(()));
        assert!(judged("models", ColumnType::TextList, None, &list(NAMES + 1)).is_err());
        assert!(judged("tags", ColumnType::TextList, None, &list(NAMES + 1)).is_err());
        assert!(judged("metadata", ColumnType::Json, None, &dict! { "tags" => list(NAMES + 1) }).is_err());
    }

    #[test]
    fn texts_are_bounded_and_counters_are_not() {
        let text = |column: &str, bytes: usize| {
            judged(column, ColumnType::Text, None, &Json::from("a".repeat(bytes)))
        };
        assert!(text("key_alias", TEXT_BYTES).is_ok() && text("key_alias", TEXT_BYTES + 1).is_err());
        let spent = dict! { "a" => "a".repeat(DOCUMENT_BYTES) };
        assert_eq!(judged("model_spend", ColumnType::Json, None, &spent), Ok(()));
        let Err(refusal) =
            judge(Size::of("LiteLLM_AuditLog", "id", ColumnType::Text), "id", || None, &Json::Null)
        else {
            return;
        };
        panic!("the audit log has no bounds: {refusal:?}");
    }
}
