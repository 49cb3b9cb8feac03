//! Auditing: each changed object leaves one row in the audit log, committed together with the change.
//!
//! Operations know nothing of it. What they decided to write is carried out here on the rows as they were read, and what
//! differs afterwards is noted. Rows that an operation changes without having read them are asked for.

mod known;
mod replay;
mod row;

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::contract::{Cells, Facts, Guard, Write};
use crate::tables::{Schema, insert};
use known::Known;
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
            outcome.writes.extend(rows(cx, caller, operation, &changes));
            for guard in changes.iter().filter_map(as_it_was) {
                if !outcome.guards.contains(&guard) {
                    outcome.guards.push(guard);
                }
            }
            Ok(outcome)
        }
        Err(Halt::Refused(mut refusal)) => {
            let changes = changes(cx, &refusal.left_behind)?;
            refusal.left_behind.extend(rows(cx, caller, operation, &changes));
            Err(Halt::Refused(refusal))
        }
        Err(halt @ (Halt::Missing | Halt::BodyComing)) => Err(halt),
    }
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

fn rows(cx: &Context<'_>, caller: &Caller, operation: &str, changes: &[Change]) -> Vec<Write> {
    let number = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    let row = |(at, change)| insert(&row::row(cx, caller, operation, number(at), change));
    changes.iter().enumerate().map(row).collect()
}

/// The condition that the row is still as the audit row says it was.
fn as_it_was(change: &Change) -> Option<Guard> {
    let before = change.before.as_ref()?;
    let version = before.get("row_version")?.value().as_str()?.to_owned();
    Some(Guard::Unchanged {
        table: change.schema.name.into(),
        key: known::primary_key(change.schema, before),
        version,
    })
}

/// The row of this table with this primary key, if the shell has brought it.
pub(crate) fn stored_row(facts: &Facts, schema: &Schema, key: &[String]) -> Option<Cells> {
    Known::of(facts).row(schema, key).cloned()
}

/// The audited table called `name`: all but the audit log itself and what is Latchkey's own.
fn audited(name: &str) -> Option<&'static Schema> {
    let schema = crate::tables::SCHEMAS.iter().find(|schema| schema.name == name)?;
    let is_own =
        name.starts_with("latchkey_") || name == <crate::tables::AuditLog as crate::tables::Table>::NAME;
    (!is_own).then_some(schema)
}

#[cfg(test)]
mod tests;
