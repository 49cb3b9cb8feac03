//! The tables: LiteLLM's own, as its schema.prisma of release 1.60.8 has them, with the columns the rules speak of. What later
//! releases have added is optional: a store may have it or not, and [`Lacking`] says so.
//!
//! One macro states each table once: the row type, its columns for the stores, and how a change is found.

mod all;
mod archive;
mod audit;
mod budget;
mod cells;
pub mod fit;
mod grace;
mod key;
mod lacking;
mod millis;
mod misfit;
mod object_permission;
mod organization;
mod project;
mod row;
mod schema;
pub mod storable;
mod table;
mod team;
mod unhonoured;
mod user;
mod values;

pub use all::SCHEMAS;
pub use archive::{DeletedKey, DeletedTeam};
pub use audit::AuditLog;
pub use budget::Budget;
pub use cells::Cells;
pub use grace::{DeprecatedToken, FormerToken};
pub use key::VirtualKey;
pub use lacking::Lacking;
pub use millis::Millis;
pub use misfit::{Misfit, Unfit};
pub use object_permission::ObjectPermission;
pub use organization::{Organization, OrganizationMembership};
pub use project::Project;
pub use row::{Row, Table, Told};
pub use schema::{COUNTERS, Column, ColumnType, NOTES, PRESET, Schema};
pub use team::{Team, TeamMembership, TeamModels};
pub use unhonoured::UNHONOURED;
pub use user::User;
pub use values::Cell;
pub(crate) use values::ColumnValue;
