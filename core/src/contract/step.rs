//! What the module answers: ask the store, reply, or commit and reply.

use super::{Cells, Query};
use std::borrow::Cow;

/// One change of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// A new row with all its columns. A row with the same primary key refuses the commit like a failed guard.
    Insert {
        /// The table's name.
        table: Cow<'static, str>,
        /// All columns.
        row: Cells,
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
    /// The rows in which `column` is `value`, if any.
    Delete {
        /// The table's name.
        table: Cow<'static, str>,
        /// A text column.
        column: Cow<'static, str>,
        /// Its value.
        value: String,
    },
}

/// A condition that must hold inside the transaction; if it does not, nothing is written.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        except: Option<String>,
    },
    /// The row exists and has not changed since it was read.
    Unchanged {
        /// The table's name.
        table: Cow<'static, str>,
        /// The values of the primary key's columns, in order.
        key: Vec<String>,
        /// The `row_version` that was read.
        version: String,
    },
}

/// Something that happened, for the shell's log and metrics. It never names a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened: `key_created`, `refused`, …
    pub event: Cow<'static, str>,
    /// The object it happened to: a token, a team id, …; for a refusal the machine code.
    pub object: String,
}

/// The head of an answer; a body follows in the frame unless it is [`StepHead::Read`].
#[derive(Debug, Clone, PartialEq)]
pub enum StepHead {
    /// Answer these queries and call again with all facts so far.
    Read {
        /// What is not known yet.
        queries: Vec<Query>,
        /// Whether the same request and facts will ask the same at any other time.
        lasting: bool,
    },
    /// Read the body, and call again with it and with all facts so far.
    Body,
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
        writes: Vec<Write>,
        /// The conditions.
        guards: Vec<Guard>,
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
        super::join(self.head.to_json().as_bytes(), &self.body)
    }
}
