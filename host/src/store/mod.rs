//! Where the rows are. A store answers core's queries and commits core's writes; it knows no rule.

pub mod sqlite;

use latchkey_core::contract::{Guard, Query, Write};
use std::pin::Pin;

/// A boxed future, so that stores can be chosen at run time.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A store of rows.
pub trait Store: Send + Sync + std::fmt::Debug {
    /// Answers all `queries`, in their order, from one state of the store.
    fn read(&self, queries: Vec<Query>) -> Pending<'_, Result<Vec<Fact>, StoreError>>;

    /// Makes all `writes` last, if every guard holds and no unique value is taken, or none of them.
    fn commit(&self, writes: Vec<Write>, guards: Vec<Guard>) -> Pending<'_, Result<Commit, StoreError>>;
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// All is stored and survives a crash.
    Committed,
    /// A guard failed, a unique value was taken or a row was gone: nothing is stored.
    Refused,
}

/// One answered query, its rows still text: what is stored as JSON is passed on as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The query.
    pub query: Query,
    /// The rows as a JSON array.
    pub rows: String,
    /// How many rows match in all, where the query asked for a page.
    pub total: Option<u64>,
}

impl Fact {
    /// Appends the fact as JSON, as the module reads it.
    pub fn append_to(&self, out: &mut String) {
        out.push_str("{\"query\":");
        out.push_str(&serde_json::to_string(&self.query).unwrap_or_default());
        out.push_str(",\"rows\":");
        out.push_str(&self.rows);
        if let Some(total) = self.total {
            out.push_str(",\"total\":");
            out.push_str(&total.to_string());
        }
        out.push('}');
    }
}

/// Why a store gave no answer.
#[derive(Debug)]
pub enum StoreError {
    /// It cannot be reached, is full, or is damaged.
    Away(String),
    /// Too many long reads are under way.
    Busy,
    /// What was to be announced first could not be.
    Unannounced(std::io::Error),
    /// The module asked for a table or column that does not exist.
    Unknown(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Away(why) => write!(f, "the store cannot be used: {why}"),
            Self::Busy => f.write_str("too many long reads are under way"),
            Self::Unannounced(why) => write!(f, "standard output cannot be written: {why}"),
            Self::Unknown(what) => write!(f, "the store has no {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Away(error.to_string())
    }
}
