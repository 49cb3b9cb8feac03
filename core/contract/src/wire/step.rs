//! What the module answers: ask the store, reply, or commit and reply.

use super::Query;
use super::frame::write_frame;
use super::message::message;
use crate::json::JsonText;
use crate::tables::{Cells, Schema, Table, Team};
use std::borrow::Cow;

message! {
    /// One change: of one row by its primary key, or of all rows that meet conditions, which the store finds itself.
    #[derive(Debug, Clone, PartialEq)]
    pub enum Write {
        /// A new row with all its columns. A row with the same primary key refuses the commit like a failed guard.
        "insert" => Insert {
            /// The table's name.
            table: Cow<'static, str>,
            /// All columns.
            row: Cells,
            /// The primary key of the row that gives the values of columns that the rules do not know, where the table has such:
            /// a copy of a row keeps what others wrote there.
            like: Option<Vec<String>>,
        },
        /// Some columns of the row with this primary key. A missing row refuses the commit like a failed guard.
        "update" => Update {
            /// The table's name.
            table: Cow<'static, str>,
            /// The values of the primary key's columns, in order.
            key: Vec<String>,
            /// The changed columns.
            set: Cells,
        },
        /// The rows that meet all conditions, if any, are changed.
        "change" => Change {
            /// The table's name.
            table: Cow<'static, str>,
            /// Which rows; with `take` there may be no condition.
            rows: Vec<Condition>,
            /// The changed columns.
            set: Cells,
            /// Items that go out of a list; only rows whose list has one are changed.
            take: Option<Items>,
            /// How the store notes each changed row in the audit log.
            noted: Option<Note>,
        },
        /// Of the rows that meet all conditions, of which there is one at least, copies are kept in another table.
        "copy" => Copy {
            /// The table's name.
            table: Cow<'static, str>,
            /// Which rows.
            rows: Vec<Condition>,
            /// The other table's name. The store makes the values of its primary key.
            into: Cow<'static, str>,
            /// How those begin. The store appends the row's number in the set, in twelve hexadecimal digits.
            id: String,
            /// The columns that are copied.
            columns: Vec<Cow<'static, str>>,
            /// The values of other columns, the same in all copies.
            set: Cells,
        },
        /// The rows that meet all conditions, of which there is one at least, are deleted, if there are any.
        "delete" => Delete {
            /// The table's name.
            table: Cow<'static, str>,
            /// Which rows.
            rows: Vec<Condition>,
            /// How the store notes each deleted row in the audit log.
            noted: Option<Note>,
        },
    } if Write::is_bounded
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

    /// Whether it is about some rows: none is about all rows of a table.
    fn is_bounded(&self) -> bool {
        match self {
            Self::Insert { .. } | Self::Update { .. } => true,
            Self::Change { rows, take, .. } => !rows.is_empty() || take.is_some(),
            Self::Copy { rows, .. } | Self::Delete { rows, .. } => !rows.is_empty(),
        }
    }
}

message! {
    /// A condition on rows.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Condition {
        /// The text column has one of these values.
        "in" => In {
            /// The column.
            column: Cow<'static, str>,
            /// The values.
            values: Vec<String>,
        },
        /// One of the text columns contains this, in any case.
        "contains" => Contains {
            /// The columns.
            columns: Vec<Cow<'static, str>>,
            /// The text.
            text: String,
        },
        /// The text column has the value that `of` has in a row of another table, or an item of it.
        "refers" => Refers {
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
}

impl Condition {
    /// The column has this value.
    pub fn is(column: &'static str, value: &str) -> Self {
        Self::In { column: column.into(), values: vec![value.to_owned()] }
    }
}

message! {
    /// Items of a column that holds a list.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Items {
        /// The column: a list of text, or a document that is a list of objects.
        pub column: Cow<'static, str>,
        /// The member of such an object; none where the items are text.
        pub member: Option<Cow<'static, str>>,
        /// The items, or their members' values.
        pub values: Vec<String>,
    }
}

impl Items {
    /// Whether they are the users in the lists of teams, of whom stores keep an index.
    pub fn are_members_of_teams(&self, table: &Schema) -> bool {
        table.name == Team::SCHEMA.name
            && self.column == "members_with_roles"
            && self.member.as_deref() == Some("user_id")
    }
}

message! {
    /// A row of the audit log for each row of a set.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Note {
        /// How the ids begin. The store appends `-` and the row's number in the set, in eight digits.
        pub id: String,
        /// The columns that are the same in all of them. The store adds `id`, `object_id`, `before_value` and
        /// `updated_values`.
        pub row: Cells,
        /// The columns that are shown in `before_value` and, of a changed row, in `updated_values`.
        pub shown: Vec<Cow<'static, str>>,
    }
}

message! {
    /// A condition that must hold inside the transaction; if it does not, nothing is written.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Guard {
        /// No row has this value in this column, except the one whose primary key is `except`.
        "absent" => Absent {
            /// The table's name.
            table: Cow<'static, str>,
            /// A text column.
            column: Cow<'static, str>,
            /// The value.
            value: String,
            /// The primary key of the row that may have it.
            except: Option<String>,
        },
        /// The row exists, and its columns are as they were read.
        "same" => Same {
            /// The table's name.
            table: Cow<'static, str>,
            /// The values of the primary key's columns, in order.
            key: Vec<String>,
            /// The row as it was read.
            row: JsonText,
            /// Whether [`crate::tables::COUNTERS`] are as they were read, too.
            counters: bool,
        },
        /// The row exists.
        "present" => Present {
            /// The table's name.
            table: Cow<'static, str>,
            /// The values of the primary key's columns, in order.
            key: Vec<String>,
        },
    }
}

message! {
    /// A row by its table and its primary key.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RowName {
        /// The table's name.
        pub table: Cow<'static, str>,
        /// The values of the primary key's columns, in order.
        pub key: Vec<String>,
    }
}

message! {
    /// Something that happened, for the shell's log and metrics. It never names a secret.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Event {
        /// What happened: `key_created`, `refused`, …
        pub event: Cow<'static, str>,
        /// The object it happened to: a token, a team id, …; for a refusal the machine code.
        pub object: String,
    }
}

message! {
    /// The head of an answer; in the frame a body follows that of a reply.
    #[derive(Debug, Clone, PartialEq)]
    pub enum StepHead {
        /// Answer these queries and call again with all facts so far.
        "read" => Read {
            /// What is not known yet.
            queries: Vec<Query>,
            /// Whether the same request and facts will ask the same at any other time.
            lasting: bool,
        },
        /// Read the body, and call again with it and with all facts so far.
        "body" => Body {
            /// One name for all requests of the same user; none where the sender is unknown.
            sender: Option<String>,
        },
        /// Send this reply.
        "reply" => Reply {
            /// The operation's name: the route with underscores, or `none`.
            operation: Cow<'static, str>,
            /// HTTP status.
            status: u16,
            /// Response headers.
            headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
            /// For log and metrics.
            events: Vec<Event>,
            /// Whether the same request and facts will get the same reply at any other time.
            lasting: bool,
        },
        /// Commit all writes in one transaction if every guard holds, then send this reply.
        "write" => Write {
            /// The operation's name.
            operation: Cow<'static, str>,
            /// HTTP status.
            status: u16,
            /// Response headers.
            headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
            /// For log and metrics.
            events: Vec<Event>,
            /// The changes, in order.
            writes: Vec<Write>,
            /// The conditions.
            guards: Vec<Guard>,
            /// The rows that must not go before a further attempt, if this one is refused.
            relies_on: Vec<RowName>,
        },
        /// Send the request on to another server, and its reply back. If that server cannot be reached, send this one.
        "forward" => Forward {
            /// The operation's name, for the log.
            operation: Cow<'static, str>,
            /// The address of the other server: scheme, host and port, without a path.
            base: String,
            /// HTTP status of the reply that this module gives.
            status: u16,
            /// Its headers.
            headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
            /// For log and metrics, if that reply is sent.
            events: Vec<Event>,
        },
    }
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
        write_frame(&self.head, &self.body)
    }
}

#[cfg(test)]
mod tests;
