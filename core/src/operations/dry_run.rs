//! `?dry_run=true` on a call that changes something: the verdict instead of the change.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::Refusal;
use crate::http::request::Request;
use crate::http::route::Route;
use crate::redact;
use crate::rules::bounded;
use crate::verdict::{Passed, Verdict};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{Cells, Table as _, User};
use latchkey_contract::wire::{Condition, Write};
use std::borrow::Cow;

/// Judges the request and changes nothing: the operation runs, and rules that refuse are noted on the way. What guards its
/// cost or what the caller may know ends it, as it ends the operation. A call that changes nothing is answered as ever.
pub(crate) fn run(
    cx: &Context<'_>,
    route: &Route,
    caller: &Caller,
    request: &Request,
) -> Result<Outcome, Halt> {
    if !route.changes {
        return bounded(cx, (route.run)(cx, caller, request));
    }
    cx.begin_dry_run();
    let ended = bounded(cx, (route.run)(cx, caller, request));
    let mut verdict = cx.end_dry_run();
    match ended {
        Ok(_) if verdict.effective.is_some() || !verdict.is_allowed() => {}
        Ok(outcome) => {
            // what else the rows hold is not for everybody
            let whole = caller.sees_all();
            let writes = outcome.writes.iter().filter(|write| whole || !is_of_users(write));
            let writes: Vec<Json> = writes.map(|write| shown(write, whole)).collect();
            verdict.heard(route.operation, Ok(Passed::Allowed));
            verdict.effective = Some(dict! { "writes" => writes });
        }
        Err(Halt::Refused(refusal)) => verdict.stopped(route.operation, *refusal),
        Err(Halt::Judged) => {}
        Err(halt @ (Halt::Missing | Halt::BodyComing(_))) => return Err(halt),
    }
    Ok(Outcome::reply(said(&verdict)))
}

/// A verdict whose violations repeat no key, as refusals do not.
fn said(verdict: &Verdict) -> Json {
    let mut shown = verdict.to_json();
    if let Some(violations) = shown.get("violations").cloned() {
        shown.set("violations", redact::said(violations));
    }
    shown
}

/// The verdict on a request that is refused before its operation reads it.
pub(crate) fn refused(route: &Route, refusal: Refusal) -> Outcome {
    Outcome::reply(said(&Verdict::of(route.operation, Err(refusal))))
}

/// Whether the change is one of users: who there is by some address or id is not for everybody.
fn is_of_users(write: &Write) -> bool {
    let (Write::Insert { table, .. }
    | Write::Update { table, .. }
    | Write::Change { table, .. }
    | Write::Copy { table, .. }
    | Write::Delete { table, .. }) = write;
    table == User::NAME
}

/// Which rows a change is about: a value, or several, by column, or (`whole` is false) the columns alone; rows that refer to
/// others by the columns of those.
fn conditions(rows: &[Condition], whole: bool) -> Json {
    let among = |(column, values): (&Cow<'static, str>, &Vec<String>)| match values.as_slice() {
        _ if !whole => (column.clone(), Json::Null),
        [value] => (column.clone(), Json::from(value.clone())),
        _ => (column.clone(), Json::from(values.clone())),
    };
    let shown = |condition: &Condition| match condition {
        Condition::In { column, values } => among((column, values)),
        Condition::Contains { columns, text } => {
            let column = columns.first().cloned().unwrap_or_default();
            (column, if whole { text.clone().into() } else { Json::Null })
        }
        Condition::Refers { column, rows, .. } => {
            let rows = rows.iter().map(|(column, values)| among((column, values)));
            (column.clone(), Json::Dict(rows.collect()))
        }
    };
    Json::Dict(rows.iter().map(shown).collect())
}

/// A change as it would be made, with the values of the columns or (`whole` is false) their names alone; rows hold no
/// secrets.
fn shown(write: &Write, whole: bool) -> Json {
    let cells = |cells: &Cells| match whole {
        true => Json::Dict(cells.iter().map(|(name, cell)| (name.clone(), JsonText::value(cell))).collect()),
        false => Json::List(cells.iter().map(|(name, _)| Json::from(name.to_string())).collect()),
    };
    match write {
        Write::Insert { table, row, .. } => dict! { "table" => table.as_ref(), "insert" => cells(row) },
        Write::Update { table, key, set } => {
            let key = if whole { Json::from(key.clone()) } else { Json::Null };
            dict! { "table" => table.as_ref(), "update" => key, "set" => cells(set) }
        }
        Write::Change { table, rows, set, take, .. } => {
            let rows = conditions(rows, whole);
            let mut shown = dict! { "table" => table.as_ref(), "change" => rows, "set" => cells(set) };
            if let Some(items) = take {
                let values = if whole { Json::from(items.values.clone()) } else { Json::Null };
                shown.set("take", dict! { items.column.clone() => values });
            }
            shown
        }
        Write::Copy { table, rows, into, .. } => {
            dict! { "table" => table.as_ref(), "copy" => conditions(rows, whole), "into" => into.as_ref() }
        }
        Write::Delete { table, rows, .. } => {
            dict! { "table" => table.as_ref(), "delete" => conditions(rows, whole) }
        }
    }
}
