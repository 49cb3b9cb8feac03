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
mod key_fields;
mod key_update;
mod kind;
mod many;
mod member;
mod organization;
pub(crate) mod query;
mod team;
mod team_fields;
mod user;
mod values;

pub(crate) use audit::{AuditAction, AuditQuery};
pub(crate) use budget::{BudgetConfig, BudgetDeleteRequest, BudgetNewRequest, BudgetRequest};
pub(crate) use callback::KeyCallback;
pub(crate) use coerce::{Dict, Dump, Value};
pub(crate) use common::CommonFields;
pub(crate) use field::Field;
pub use key::GenerateKeyRequest;
pub(crate) use key::{BlockKeyRequest, KeyRequest, RegenerateKeyRequest, RotateKeyRequest};
pub(crate) use key_fields::{KeyFields, KeyType};
pub use key_update::UpdateKeyRequest;
pub use kind::{FieldInfo, Kind};
pub(crate) use many::{BulkUpdateKeyRequest, BulkUpdateTeamKeysRequest, ResetSpendRequest};
pub(crate) use member::{
    BulkTeamMemberAddRequest, Member, MemberRole, Members, TeamMemberAddRequest, TeamMemberDeleteRequest,
    TeamMemberUpdateRequest,
};
pub use model::Model;
pub(crate) use organization::{
    DeleteOrganizationRequest, NewOrganizationRequest, OrgMember, OrganizationLimits,
    OrganizationMemberAddRequest, OrganizationMemberDeleteRequest, OrganizationMemberUpdateRequest,
    OrganizationRequest, OrganizationRole, UpdateOrganizationRequest,
};
pub(crate) use problem::Problem;
pub(crate) use query::KeyListQuery;
#[cfg(test)]
pub(crate) use team::TeamRequest;
pub(crate) use team::{BlockTeamRequest, DeleteTeamRequest, NewTeamRequest, UpdateTeamRequest};
pub(crate) use team::{TeamModelRequest, TeamPermissionsRequest};
pub(crate) use user::{
    AssignableRole, DeleteUserRequest, NewUserRequest, NewUserRequestTeam, UpdateUserRequest,
};
pub(crate) use values::Values;

#[cfg(test)]
mod tests;
