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
mod user;

pub use audit::AuditLog;
pub use budget::Budget;
pub use columns::{Column, ColumnType, ColumnValue, Millis, Schema, Table, changed, insert};
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
