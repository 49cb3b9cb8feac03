//! Auditing: each changed object leaves one row in the audit log, committed together with the change.
//!
//! Operations know nothing of it. What they decided to write is carried out here on the rows as they were read, and what
//! differs afterwards is noted. Rows that an operation changes without having read them are asked for.

mod known;
mod replay;
mod row;

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use known::{Known, audited};
use latchkey_contract::json::JsonText;
use latchkey_contract::tables::{Cells, Schema};
use latchkey_contract::wire::{Facts, Guard, Write, insert};
use replay::Change;

/// Adds the audit rows to what an operation decided: to its changes, or to what it left behind when it refused.
pub(crate) fn record(
    cx: &Context<'_>,
    caller: &Caller,
    operation: &str,
    decided: Result<Outcome, Halt>,
) -> Result<Outcome, Halt> {
    if !cx.settings.store_audit_logs {
        return decided;
    }
    match decided {
        Ok(mut outcome) => {
            let changes = changes(cx, &outcome.writes)?;
            let sets = note(cx, caller, &mut outcome.writes);
            outcome.writes.extend(rows(cx, caller, operation, sets, &changes));
            for guard in changes.iter().filter_map(as_it_was) {
                if !outcome.guards.contains(&guard) {
                    outcome.guards.push(guard);
                }
            }
            Ok(outcome)
        }
        Err(Halt::Refused(mut refusal)) => {
            let changes = changes(cx, &refusal.left_behind)?;
            let sets = note(cx, caller, &mut refusal.left_behind);
            refusal.left_behind.extend(rows(cx, caller, operation, sets, &changes));
            Err(Halt::Refused(refusal))
        }
        Err(halt @ (Halt::Missing | Halt::BodyComing(_) | Halt::Judged)) => Err(halt),
    }
}

/// For whom a proxy admin says to act, as an audit row would have it.
pub(crate) fn named_actor(cx: &Context<'_>, caller: &Caller) -> Option<String> {
    row::named(cx, caller).map(crate::redact::keys_in)
}

/// What `writes` do to which rows.
fn changes(cx: &Context<'_>, writes: &[Write]) -> Result<Vec<Change>, Halt> {
    if writes.is_empty() {
        return Ok(Vec::new());
    }
    let known = Known::of(cx.facts());
    known.complete(cx, writes)?;
    Ok(replay::replay(writes, &known))
}

/// The audit rows for `changes`, numbered from `first` on.
fn rows(cx: &Context<'_>, caller: &Caller, operation: &str, first: usize, changes: &[Change]) -> Vec<Write> {
    let row = |(at, change)| insert(&row::row(cx, caller, operation, number(first + at), change));
    changes.iter().enumerate().map(row).collect()
}

/// Tells the store how to note what it changes by conditions, and gives the number of such writes.
fn note(cx: &Context<'_>, caller: &Caller, writes: &mut [Write]) -> usize {
    let mut sets = 0;
    for write in writes {
        let (table, set, take, noted) = match write {
            Write::Change { table, set, take, noted, .. } => (table, Some(set), take.as_ref(), noted),
            Write::Delete { table, rows, noted } => {
                if audited(table).is_some_and(|schema| known::single(schema, rows).is_some()) {
                    continue;
                }
                (table, None, None, noted)
            }
            Write::Insert { .. } | Write::Update { .. } | Write::Copy { .. } => continue,
        };
        if let Some(schema) = audited(table) {
            *noted = Some(row::note(cx, caller, number(sets), schema, set.as_deref(), take));
            sets += 1;
        }
    }
    sets
}

fn number(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// The condition that the row is still as the audit row says it was.
fn as_it_was(change: &Change) -> Option<Guard> {
    let before = change.before.as_ref()?;
    let mut row = String::new();
    before.write(&mut row);
    Some(Guard::Same {
        table: change.schema.name.into(),
        key: known::primary_key(change.schema, before),
        row: JsonText::written(row),
        counters: false,
    })
}

/// The row of this table with this primary key, if the shell has brought it.
pub(crate) fn stored_row(facts: &Facts, schema: &Schema, key: &[String]) -> Option<Cells> {
    Known::of(facts).row(schema, key).cloned()
}

#[cfg(test)]
mod tests;
