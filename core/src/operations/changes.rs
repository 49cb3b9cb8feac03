//! What an operation changes: the one place where changed rows become writes and conditions.

use super::archive;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome, Reply};
use crate::deviations::Hole;
use crate::error::Refusal;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{
    Cells, DeprecatedToken, FormerToken, Millis, Row, Table, Team, User, VirtualKey,
};
use latchkey_contract::wire::{
    Condition, Event, Guard, Items, Write, changed, insert, insert_copy, present, unchanged,
};
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

    /// A new row that is `original` but for what the rules know of it.
    pub(super) fn insert_copy(&mut self, row: &dyn Row, original: &dyn Row) {
        self.rely_on(original);
        self.writes.push(insert_copy(row, original));
    }

    /// A row that was read and is different now.
    pub(super) fn update(&mut self, old: &dyn Row, new: &dyn Row) {
        if let Some(write) = changed(old, new) {
            self.rely_on(old);
            self.writes.push(write);
        }
    }

    /// The row in which `column`, the primary key, is `value`.
    pub(super) fn delete<T: Table>(&mut self, column: &'static str, value: &str) {
        self.writes.push(Write::delete::<T>(column, value));
    }

    /// All rows in which each column has one of its values, however many there are: nothing of them is read.
    pub(super) fn delete_all<T: Table>(&mut self, rows: &[Among<'_>]) {
        self.writes.push(Write::delete_all::<T>(rows.iter().map(condition).collect()));
    }

    /// All such keys, with the secrets that they had before; the archive keeps what they were.
    pub(super) fn delete_keys(&mut self, cx: &Context<'_>, caller: &Caller, rows: &[Among<'_>]) {
        self.writes.extend(archive::keys(cx, caller, rows.iter().map(condition).collect()));
        let owned = |(column, values): &Among<'_>| ((*column).into(), values.to_vec());
        let of_keys = |column: &'static str| Condition::Refers {
            column: column.into(),
            table: VirtualKey::NAME.into(),
            of: "token".into(),
            member: None,
            rows: rows.iter().map(owned).collect(),
        };
        self.writes.push(Write::delete_all::<FormerToken>(vec![of_keys("current")]));
        self.writes.push(Write::delete_all::<DeprecatedToken>(vec![of_keys("active_token_id")]));
        self.delete_all::<VirtualKey>(rows);
    }

    /// What the teams with these ids were, for the archive, before they go.
    pub(super) fn archive_teams(&mut self, cx: &Context<'_>, caller: &Caller, ids: &[String]) {
        self.writes.extend(archive::teams(cx, caller, vec![condition(&("team_id", ids))]));
    }

    /// In all rows in which each column has one of its values, `name` becomes `null`.
    pub(super) fn clear<T: Table>(&mut self, name: &'static str, rows: &[Among<'_>]) {
        let set = [(name.into(), JsonText::null())].into_iter().collect();
        self.change::<T>(rows.iter().map(condition).collect(), set, None);
    }

    /// Out of the lists of all such rows go the items.
    pub(super) fn take<T: Table>(&mut self, rows: &[Among<'_>], items: Items, now: Millis) {
        self.take_where::<T>(rows.iter().map(condition).collect(), items, now);
    }

    /// Takes the teams off the users who are their members when it is carried out.
    pub(super) fn forget_teams(&mut self, ids: &[String], now: Millis) {
        let members = Condition::Refers {
            column: "user_id".into(),
            table: Team::NAME.into(),
            of: "members_with_roles".into(),
            member: Some("user_id".into()),
            rows: vec![("team_id".into(), ids.to_vec())],
        };
        let noted = Items { column: "teams".into(), member: None, values: ids.to_vec() };
        self.take_where::<User>(vec![members], noted, now);
    }

    fn take_where<T: Table>(&mut self, rows: Vec<Condition>, items: Items, now: Millis) {
        let set = [("updated_at".into(), JsonText::of(&Json::Int(now.0)))].into_iter().collect();
        self.change::<T>(rows, set, Some(items));
    }

    fn change<T: Table>(&mut self, rows: Vec<Condition>, set: Cells, take: Option<Items>) {
        self.writes.push(Write::Change { table: T::NAME.into(), rows, set, take, noted: None });
    }

    /// The changes hold only while there is a row with this primary key.
    pub(super) fn require<T: Table>(&mut self, key: &str) {
        self.guards.push(present::<T>(key));
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
        let left_behind = if cx.closes(Hole::refusals_leave_nothing) { Vec::new() } else { self.writes };
        Halt::from(Refusal { left_behind, ..refusal })
    }
}

/// A column and the values of which it has one.
pub(super) type Among<'v> = (&'static str, &'v [String]);

fn condition((column, values): &Among<'_>) -> Condition {
    Condition::In { column: (*column).into(), values: values.to_vec() }
}

/// The refusal of an operation, wrapped as the reference's endpoint does.
pub(super) fn wrapped(halt: Halt, wrap: impl FnOnce(Refusal) -> Refusal) -> Halt {
    match halt {
        Halt::Refused(refusal) => wrap(*refusal).into(),
        Halt::Missing | Halt::BodyComing(_) | Halt::Judged => halt,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::Budget;

    #[test]
    fn a_row_that_stays_as_it_was_is_not_written() {
        let row = Budget::default();
        let mut changes = Changes::default();
        changes.update(&row, &row.clone());
        assert_eq!(changes, Changes::default());
    }
}
