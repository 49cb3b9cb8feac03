//! The tables: LiteLLM's own, as its schema.prisma of release 1.60.8 has them, with the columns the rules speak of. What later
//! releases have added is optional: a store may have it or not, and [`Lacking`] says so.
//!
//! One macro states each table once: the row type, its columns for the stores, and how a change is found.

mod audit;
mod budget;
mod columns;
pub mod fit;
mod grace;
mod key;
mod lacking;
mod organization;
mod project;
pub mod storable;
mod team;
#[cfg(test)]
mod tests;
mod unhonoured;
mod user;

pub use audit::AuditLog;
pub use budget::Budget;
#[cfg(test)]
pub(crate) use columns::stored;
pub use columns::{
    COUNTERS, Cell, Column, ColumnType, ColumnValue, Millis, Row, Schema, Table, Told, changed, insert,
    insert_copy, present, unchanged,
};
pub(crate) use columns::{read_text, read_texts};
pub use grace::{DeprecatedToken, FormerToken};
pub use key::VirtualKey;
pub use lacking::Lacking;
pub use organization::Organization;
pub use project::Project;
pub use team::{Team, TeamMembership, TeamModels};
pub use unhonoured::UNHONOURED;
pub use user::User;

/// Every table, for the stores; those first that refer to others.
pub const SCHEMAS: &[Schema] = &[
    VirtualKey::SCHEMA,
    Project::SCHEMA,
    User::SCHEMA,
    Team::SCHEMA,
    TeamMembership::SCHEMA,
    TeamModels::SCHEMA,
    Organization::SCHEMA,
    Budget::SCHEMA,
    AuditLog::SCHEMA,
    FormerToken::SCHEMA,
    DeprecatedToken::SCHEMA,
];
