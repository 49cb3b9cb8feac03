//! The requests: models of their bodies, and the reference's validation of them.

mod coerce;
mod field;
mod model;
mod problem;

mod audit;
mod budget;
mod callback;
mod common;
mod key;
mod key_update;
mod kind;
mod member;
pub mod query;
mod team;
mod user;

pub use audit::{AuditAction, AuditQuery};
pub use budget::{BudgetConfig, BudgetDeleteRequest, BudgetNewRequest, BudgetRequest};
pub use callback::{CallbackType, KeyCallback};
pub use coerce::{Dict, Dump, Value};
pub use common::CommonFields;
pub use field::Field;
pub use key::{BlockKeyRequest, GenerateKeyRequest, KeyRequest, RegenerateKeyRequest, RotateKeyRequest};
pub use key_update::UpdateKeyRequest;
pub use kind::{FieldInfo, Kind};
pub use member::{
    Member, MemberRole, Members, TeamMemberAddRequest, TeamMemberDeleteRequest, TeamMemberUpdateRequest,
};
pub use model::Model;
pub use problem::{Place, Problem, detail};
pub use query::KeyListQuery;
pub use team::{BlockTeamRequest, DeleteTeamRequest, NewTeamRequest, TeamRequest, UpdateTeamRequest};
pub use user::{AssignableRole, DeleteUserRequest, NewUserRequest, UpdateUserRequest};

#[cfg(test)]
mod tests;
