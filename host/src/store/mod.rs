//! Where the rows are. A store answers core's queries and commits core's writes; it knows no rule.

mod cache;
mod database;
pub mod engines;
pub mod postgres;
mod row_locks;
pub mod snapshot;
pub mod sqlite;
pub mod survey;
mod tags;
pub mod values;

pub use database::{Database, Origin};
pub(crate) use row_locks::RowLocks;

use latchkey_contract::json::{JsonText, Limits, Reader};
use latchkey_contract::tables::{Cells, Lacking, SCHEMAS, Schema};
pub use latchkey_contract::wire::Fact;
use latchkey_contract::wire::{Conflict, Guard, Query, Write};
use std::pin::Pin;
use std::sync::Arc;

/// A boxed future, so that stores can be chosen at run time.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A store of rows.
pub trait Store: Send + Sync + std::fmt::Debug {
    /// Which of the optional tables and columns it does not have.
    fn lacking(&self) -> &Lacking;

    /// Answers all `queries`, in their order, from one state of the store.
    fn read(&self, queries: Vec<Query>) -> Pending<'_, Result<Vec<Fact>, StoreError>>;

    /// Makes all `writes` last, if every guard holds and no unique value is taken, or none of them.
    fn commit(&self, writes: Vec<Write>, guards: Vec<Guard>) -> Pending<'_, Result<Commit, StoreError>>;

    /// A value that the server keeps for itself.
    fn meta<'a>(&'a self, name: &'a str) -> Pending<'a, Result<Option<String>, StoreError>>;

    /// Keeps a value for the server itself unless the name has one; returns the one that is kept. Of several processes
    /// that do this at one time, one keeps its value. That one runs `announce` before, and keeps nothing if it fails.
    fn keep_meta<'a>(
        &'a self,
        name: &'a str,
        value: &'a str,
        announce: Announce,
    ) -> Pending<'a, Result<String, StoreError>>;

    /// Whether `holder` alone may do what is called `name` for so many milliseconds from now on: nobody else holds it now.
    fn lease<'a>(&'a self, name: &'a str, holder: &'a str, ms: u64) -> Pending<'a, Result<bool, StoreError>>;

    /// Forgets a value that the server kept for itself.
    fn forget_meta<'a>(&'a self, name: &'a str) -> Pending<'a, Result<(), StoreError>>;
}

/// The name under which the digest of a minted master key is kept.
pub(crate) const MASTER_KEY: &str = "master_key_sha256";

/// What is to happen before a value is kept.
pub type Announce = Box<dyn FnOnce() -> std::io::Result<()> + Send>;

/// Opens the database and makes what is missing in it.
pub async fn open(database: &Database) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match database {
        Database::File(path) => Arc::new(sqlite::Sqlite::open(path)?),
        Database::Server(address) => Arc::new(postgres::Postgres::open(address).await?),
    })
}

/// Whether answering may take longer than looking up some rows.
fn is_long(query: &Query) -> bool {
    match query {
        Query::Caller { .. } | Query::CustomRule { .. } | Query::Probe { .. } => false,
        Query::Rows { table, column, values } | Query::Brief { table, column, values, .. } => {
            // by any other column than the key there may be as many rows as the table has
            let is_key =
                |schema: &Schema| schema.name == table && matches!(schema.key, [key] if key == column);
            values.len() > 16 || !SCHEMAS.iter().any(is_key)
        }
        Query::All { .. } | Query::Page { .. } | Query::Keys { .. } | Query::Audit { .. } => true,
    }
}

/// The cells of a row as it was read.
fn counting(row: &JsonText) -> Result<Cells, StoreError> {
    let read = Cells::read(&mut Reader::of_text(row.as_str(), &Limits::STORED));
    read.map_err(|_| StoreError::Unknown("guard that is no row".to_owned()))
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// All is stored and survives a crash.
    Committed,
    /// A guard failed, a unique value was taken or a row was gone: nothing is stored.
    Refused,
    /// Rows of others refer to one that is to go: nothing is stored.
    Referred,
    /// The database has no room for one of the values: nothing is stored.
    Unstorable,
}

impl Commit {
    /// Why nothing is stored, if it is so.
    pub const fn conflict(self) -> Option<Conflict> {
        match self {
            Self::Committed => None,
            Self::Refused => Some(Conflict::Lost),
            Self::Referred => Some(Conflict::Referred),
            Self::Unstorable => Some(Conflict::Unstorable),
        }
    }
}

/// Why a store gave no answer.
#[derive(Debug)]
pub enum StoreError {
    /// It cannot be reached, is full, or is damaged.
    Away(String),
    /// Waiting for others took too long.
    Busy,
    /// What was to be announced first could not be.
    Unannounced(std::io::Error),
    /// The module asked for a table or column that does not exist.
    Unknown(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Away(why) => f.write_str(why),
            Self::Busy => f.write_str("waiting for others took too long"),
            Self::Unannounced(why) => write!(f, "standard output cannot be written: {why}"),
            Self::Unknown(what) => write!(f, "the store has no {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<latchkey_contract::sql::Unknown> for StoreError {
    fn from(unknown: latchkey_contract::sql::Unknown) -> Self {
        Self::Unknown(unknown.0)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Away(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::{Table, TeamMembership, VirtualKey};

    #[test]
    fn only_a_few_rows_by_their_primary_key_are_a_short_read() {
        assert!(!is_long(&Query::one::<VirtualKey>("token", "a")));
        assert!(is_long(&Query::one::<VirtualKey>("team_id", "a")));
        assert!(is_long(&Query::one::<TeamMembership>("user_id", "a")));
        let values = vec![String::new(); 17];
        assert!(is_long(&Query::Rows { table: VirtualKey::NAME.into(), column: "token".into(), values }));
    }
}
