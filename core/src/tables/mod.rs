//! The tables: LiteLLM's own, as its schema.prisma of release 1.60.8 has them, with the columns the rules speak of.
//!
//! One macro states each table once: the row type, its columns for the stores, and how a change is found.

mod audit;
mod budget;
mod columns;
pub mod fit;
mod grace;
mod key;
pub mod storable;
mod team;
#[cfg(test)]
mod tests;
mod user;

pub use audit::AuditLog;
pub use budget::Budget;
#[cfg(test)]
pub(crate) use columns::stored;
pub use columns::{
    Cell, Column, ColumnType, ColumnValue, Millis, Row, Schema, Table, changed, insert, unchanged,
};
pub(crate) use columns::{read_text, read_texts};
pub use grace::FormerToken;
pub use key::VirtualKey;
pub use team::{Team, TeamMembership, TeamModels};
pub use user::User;

/// Every table, for the stores.
pub const SCHEMAS: &[Schema] = &[
    VirtualKey::SCHEMA,
    User::SCHEMA,
    Team::SCHEMA,
    TeamMembership::SCHEMA,
    TeamModels::SCHEMA,
    Budget::SCHEMA,
    AuditLog::SCHEMA,
    FormerToken::SCHEMA,
];
