//! What an operation changes: the one place where changed rows become writes and conditions.

use crate::context::{Context, Halt, Outcome, Reply};
use crate::contract::{Event, Guard, Write};
use crate::error::Refusal;
use crate::json::Json;
use crate::tables::{DeprecatedToken, FormerToken, Row, Table, VirtualKey, changed, insert, unchanged};
use std::collections::BTreeSet;

/// The changes an operation gathers before it answers.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Changes {
    writes: Vec<Write>,
    guards: Vec<Guard>,
    relied_on: BTreeSet<(&'static str, Vec<String>)>,
    events: Vec<Event>,
}

impl Changes {
    /// A new row.
    pub(super) fn insert(&mut self, row: &dyn Row) {
        self.writes.push(insert(row));
    }

    /// A row that was read and is different now.
    pub(super) fn update(&mut self, old: &dyn Row, new: &dyn Row) {
        if let Some(write) = changed(old, new) {
            self.rely_on(old);
            self.writes.push(write);
        }
    }

    /// All rows in which `column` is `value`.
    pub(super) fn delete<T: Table>(&mut self, column: &'static str, value: &str) {
        self.writes.push(Write::Delete {
            table: T::NAME.into(),
            column: column.into(),
            value: value.to_owned(),
        });
    }

    /// The secrets that these keys had before.
    pub(super) fn forget(&mut self, keys: &[VirtualKey]) {
        for key in keys {
            self.delete::<FormerToken>("current", &key.token);
            self.delete::<DeprecatedToken>("active_token_id", &key.token);
        }
    }

    /// The changes hold only while this row is as it was read.
    pub(super) fn rely_on(&mut self, row: &dyn Row) {
        let place = (row.schema().name, row.key());
        if self.relied_on.insert(place) {
            self.guards.push(unchanged(row));
        }
    }

    /// Writes and conditions that were put together elsewhere.
    pub(super) fn extend(&mut self, writes: Vec<Write>, guards: Vec<Guard>) {
        self.writes.extend(writes);
        self.guards.extend(guards);
    }

    /// What happened, for log and metrics.
    pub(super) fn event(&mut self, event: &'static str, object: &str) {
        self.events.push(Event { event: event.into(), object: object.to_owned() });
    }

    /// The changes with the reply.
    pub(super) fn answer(self, reply: impl Into<Json>) -> Outcome {
        Outcome {
            reply: Reply::Json(reply.into()),
            writes: self.writes,
            guards: self.guards,
            events: self.events,
            ..Outcome::default()
        }
    }

    /// A refusal; what the reference had stored before it refused stays stored where its holes are open.
    pub(super) fn refuse(self, cx: &Context<'_>, refusal: Refusal) -> Halt {
        let left_behind = if cx.strict() { Vec::new() } else { self.writes };
        Halt::from(Refusal { left_behind, ..refusal })
    }
}

/// The refusal of an operation, wrapped as the reference's endpoint does.
pub(super) fn wrapped(halt: Halt, wrap: impl FnOnce(Refusal) -> Refusal) -> Halt {
    match halt {
        Halt::Refused(refusal) => wrap(*refusal).into(),
        Halt::Missing | Halt::BodyComing => halt,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Budget;

    #[test]
    fn a_row_that_stays_as_it_was_is_not_written() {
        let row = Budget::default();
        let mut changes = Changes::default();
        changes.update(&row, &row.clone());
        assert_eq!(changes, Changes::default());
    }
}
