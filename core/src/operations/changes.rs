//! What an operation changes: the one place where changed rows become writes and conditions.

use super::issue_key::unchanged;
use crate::context::{Context, Halt, Outcome, Reply};
use crate::contract::{Cells, Event, Guard, Write};
use crate::error::Refusal;
use crate::json::Json;
use crate::tables::{FormerToken, Table, VirtualKey, changed, fit, insert, storable};
use std::borrow::Cow;

/// The changes an operation gathers before it answers.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Changes {
    writes: Vec<Write>,
    guards: Vec<Guard>,
    events: Vec<Event>,
}

impl Changes {
    /// A new row.
    pub(super) fn insert<T: Table>(&mut self, row: &T) {
        self.writes.push(insert(row));
    }

    /// A row that was read and is different now.
    pub(super) fn update<T: Table>(&mut self, old: &T, new: &T) {
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
        }
    }

    /// The changes hold only while this row is as it was read.
    pub(super) fn rely_on<T: Table>(&mut self, row: &T) {
        let guard = unchanged(row);
        if !self.guards.contains(&guard) {
            self.guards.push(guard);
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
        }
    }

    /// A refusal; what the reference had stored before it refused stays stored where its holes are open.
    pub(super) fn refuse(self, cx: &Context<'_>, refusal: Refusal) -> Halt {
        let left_behind = if cx.strict() { Vec::new() } else { self.writes };
        Halt::from(Refusal { left_behind, ..refusal })
    }
}

/// `old` with other values in some columns, an object by column name; moments are milliseconds.
pub(super) fn amended<T: Table>(old: &T, values: &Json) -> Result<T, Refusal> {
    let misfit = || storable::misfit(T::NAME);
    let text = serde_json::to_string(old).map_err(|_| misfit())?;
    let mut cells: Cells = serde_json::from_str(&text).map_err(|_| misfit())?;
    cells.extend(
        fit::cells(&T::SCHEMA, values)?.into_iter().map(|(name, cell)| (Cow::Owned(name.into_owned()), cell)),
    );
    let text = serde_json::to_string(&cells).map_err(|_| misfit())?;
    serde_json::from_str(&text).map_err(|_| misfit())
}

/// The refusal of an operation, wrapped as the reference's endpoint does.
pub(super) fn wrapped(halt: Halt, wrap: impl FnOnce(Refusal) -> Refusal) -> Halt {
    match halt {
        Halt::Refused(refusal) => wrap(*refusal).into(),
        Halt::Missing => Halt::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dict;
    use crate::tables::Budget;

    #[test]
    fn an_amended_row_keeps_its_version_and_what_was_not_mentioned() {
        let old = Budget {
            budget_id: "b".to_owned(),
            max_budget: Some(1.0),
            row_version: "7".to_owned(),
            ..Budget::default()
        };
        let new = amended(&old, &dict! { "tpm_limit" => 5, "unknown" => 1 }).expect("it fits");
        assert_eq!((new.max_budget, new.tpm_limit, new.row_version.as_str()), (Some(1.0), Some(5), "7"));
        assert!(amended(&old, &dict! { "tpm_limit" => "x" }).is_err());
    }

    #[test]
    fn a_row_that_stays_as_it_was_is_not_written() {
        let row = Budget::default();
        let mut changes = Changes::default();
        changes.update(&row, &row.clone());
        assert_eq!(changes, Changes::default());
    }
}
