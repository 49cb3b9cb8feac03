//! What a store is made of, as far as that can be told without changing it.

use latchkey_contract::tables::Lacking;

/// Something that is missing, and the statement that makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// `schema`, `table` or `index`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What makes it.
    pub sql: String,
}

/// An amount that is not a finite number, which PostgreSQL's columns can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFinite {
    /// The table.
    pub table: &'static str,
    /// The row's primary key.
    pub key: String,
    /// The column.
    pub column: &'static str,
}

/// What a store is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// The engine and its release.
    pub engine: String,
    /// What a start would make, in order.
    pub missing: Vec<Missing>,
    /// Columns that the rules need and a table does not have, as `table.column`: it is of an older release.
    pub columns: Vec<String>,
    /// Optional tables and columns that are missing.
    pub lacking: Lacking,
    /// Columns that the rules do not know, as `table.column`. They are left as they are.
    pub unknown: Vec<String>,
    /// Tables that the rules do not know, without those that only say how the others were made.
    pub foreign: Vec<String>,
    /// Amounts that are no finite numbers.
    pub not_finite: Vec<NotFinite>,
    /// What keeps a host from starting or working, in sentences.
    pub obstacles: Vec<String>,
    /// Whether rows cannot be read.
    pub is_closed: bool,
    /// What endangers rows or answers, in sentences.
    pub dangers: Vec<String>,
}

/// Whether a table only says how the others were made.
pub(super) fn is_bookkeeping(table: &str) -> bool {
    table.starts_with("latchkey_") || table.starts_with("sqlite_") || table.ends_with("_migrations")
}
