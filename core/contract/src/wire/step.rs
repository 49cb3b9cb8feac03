//! What the module answers: ask the store, reply, or commit and reply.

use super::Query;
use super::frame::write_frame;
use crate::json::JsonText;
use crate::tables::{Cells, Schema, Table, Team};
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One change: of one row by its primary key, or of all rows that meet conditions, which the store finds itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Write {
    /// A new row with all its columns. A row with the same primary key refuses the commit like a failed guard.
    Insert {
        /// The table's name.
        table: Cow<'static, str>,
        /// All columns.
        row: Cells,
        /// The primary key of the row that gives the values of columns that the rules do not know, where the table has such:
        /// a copy of a row keeps what others wrote there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        like: Option<Vec<String>>,
    },
    /// Some columns of the row with this primary key. A missing row refuses the commit like a failed guard.
    Update {
        /// The table's name.
        table: Cow<'static, str>,
        /// The values of the primary key's columns, in order.
        key: Vec<String>,
        /// The changed columns.
        set: Cells,
    },
    /// The rows that meet all conditions, if any, are changed.
    Change {
        /// The table's name.
        table: Cow<'static, str>,
        /// Which rows; with `take` there may be no condition.
        rows: Vec<Condition>,
        /// The changed columns.
        set: Cells,
        /// Items that go out of a list; only rows whose list has one are changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        take: Option<Items>,
        /// How the store notes each changed row in the audit log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        noted: Option<Note>,
    },
    /// The rows that meet all conditions, of which there is one at least, are deleted, if there are any.
    Delete {
        /// The table's name.
        table: Cow<'static, str>,
        /// Which rows.
        rows: Vec<Condition>,
        /// How the store notes each deleted row in the audit log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        noted: Option<Note>,
    },
}

impl Write {
    /// Deletes the rows of table `T` in which `column` is `value`.
    pub fn delete<T: Table>(column: &'static str, value: &str) -> Self {
        Self::delete_all::<T>(vec![Condition::is(column, value)])
    }

    /// Deletes the rows of table `T` that meet all conditions.
    pub fn delete_all<T: Table>(rows: Vec<Condition>) -> Self {
        Self::Delete { table: T::NAME.into(), rows, noted: None }
    }
}

/// A condition on rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// The text column has one of these values.
    In {
        /// The column.
        column: Cow<'static, str>,
        /// The values.
        values: Vec<String>,
    },
    /// The text column has the value that `of` has in a row of another table, or an item of it.
    Refers {
        /// The column.
        column: Cow<'static, str>,
        /// The other table.
        table: Cow<'static, str>,
        /// A column of the other table: of text, or with `member` a document that is a list of objects.
        of: Cow<'static, str>,
        /// The member of such an object that is meant.
        member: Option<Cow<'static, str>>,
        /// In the other table's row each of these text columns has one of the values, and there is one at least.
        rows: Vec<(Cow<'static, str>, Vec<String>)>,
    },
}

impl Condition {
    /// The column has this value.
    pub fn is(column: &'static str, value: &str) -> Self {
        Self::In { column: column.into(), values: vec![value.to_owned()] }
    }
}

/// Items of a column that holds a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// The column: a list of text, or a document that is a list of objects.
    pub column: Cow<'static, str>,
    /// The member of such an object; none where the items are text.
    pub member: Option<Cow<'static, str>>,
    /// The items, or their members' values.
    pub values: Vec<String>,
}

impl Items {
    /// Whether they are the users in the lists of teams, of whom stores keep an index.
    pub fn are_members_of_teams(&self, table: &Schema) -> bool {
        table.name == Team::SCHEMA.name
            && self.column == "members_with_roles"
            && self.member.as_deref() == Some("user_id")
    }
}

/// A row of the audit log for each row of a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// How the ids begin. The store appends `-` and the row's number in the set, in eight digits.
    pub id: String,
    /// The columns that are the same in all of them. The store adds `id`, `object_id`, `before_value` and
    /// `updated_values`.
    pub row: Cells,
    /// The columns that are shown in `before_value` and, of a changed row, in `updated_values`.
    pub shown: Vec<Cow<'static, str>>,
}

/// A condition that must hold inside the transaction; if it does not, nothing is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Guard {
    /// No row has this value in this column, except the one whose primary key is `except`.
    Absent {
        /// The table's name.
        table: Cow<'static, str>,
        /// A text column.
        column: Cow<'static, str>,
        /// The value.
        value: String,
        /// The primary key of the row that may have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        except: Option<String>,
    },
    /// The row exists, and all its columns but [`crate::tables::COUNTERS`] are as they were read.
    Same {
        /// The table's name.
        table: Cow<'static, str>,
        /// The values of the primary key's columns, in order.
        key: Vec<String>,
        /// The row as it was read.
        row: JsonText,
    },
    /// The row exists.
    Present {
        /// The table's name.
        table: Cow<'static, str>,
        /// The values of the primary key's columns, in order.
        key: Vec<String>,
    },
}

/// A row by its table and its primary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RowName {
    /// The table's name.
    pub table: Cow<'static, str>,
    /// The values of the primary key's columns, in order.
    pub key: Vec<String>,
}

/// Something that happened, for the shell's log and metrics. It never names a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// What happened: `key_created`, `refused`, …
    pub event: Cow<'static, str>,
    /// The object it happened to: a token, a team id, …; for a refusal the machine code.
    pub object: String,
}

/// The head of an answer; a body follows in the frame unless it is [`StepHead::Read`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepHead {
    /// Answer these queries and call again with all facts so far.
    Read {
        /// What is not known yet.
        queries: Vec<Query>,
        /// Whether the same request and facts will ask the same at any other time.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lasting: bool,
    },
    /// Read the body, and call again with it and with all facts so far.
    Body {
        /// One name for all requests of the same user; none where the sender is unknown.
        sender: Option<String>,
    },
    /// Send this reply.
    Reply {
        /// The operation's name: the route with underscores, or `none`.
        operation: Cow<'static, str>,
        /// HTTP status.
        status: u16,
        /// Response headers.
        headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
        /// For log and metrics.
        events: Vec<Event>,
        /// Whether the same request and facts will get the same reply at any other time.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lasting: bool,
    },
    /// Commit all writes in one transaction if every guard holds, then send this reply.
    Write {
        /// The operation's name.
        operation: Cow<'static, str>,
        /// HTTP status.
        status: u16,
        /// Response headers.
        headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
        /// For log and metrics.
        events: Vec<Event>,
        /// The changes, in order.
        #[serde(deserialize_with = "bounded")]
        writes: Vec<Write>,
        /// The conditions.
        guards: Vec<Guard>,
        /// The rows that must not go before a further attempt, if this one is refused.
        relies_on: Vec<RowName>,
    },
}

/// An answer of the module.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What to do.
    pub head: StepHead,
    /// The reply's body.
    pub body: Vec<u8>,
}

impl Step {
    /// The answer as a frame.
    pub fn into_frame(self) -> Vec<u8> {
        // no text of a step is other than JSON, so that each can be written
        write_frame(&self.head, &self.body).unwrap_or_default()
    }
}

/// Reads writes, none of which means all rows of a table.
fn bounded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Write>, D::Error> {
    let writes: Vec<Write> = Vec::deserialize(deserializer)?;
    let is_of_all = |write: &Write| match write {
        Write::Insert { .. } | Write::Update { .. } => false,
        Write::Change { rows, take, .. } => rows.is_empty() && take.is_none(),
        Write::Delete { rows, .. } => rows.is_empty(),
    };
    if writes.iter().any(is_of_all) { Err(D::Error::custom("a write of all rows")) } else { Ok(writes) }
}

#[cfg(test)]
mod tests;
