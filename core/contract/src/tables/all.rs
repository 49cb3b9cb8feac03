//! All tables.

use super::{
    AuditLog, Budget, DeletedKey, DeletedTeam, DeprecatedToken, FormerToken, ObjectPermission, Organization,
    OrganizationMembership, Project, Schema, Table, Team, TeamMembership, TeamModels, User, VirtualKey,
};

/// Every table, for the stores; those first that refer to others.
pub const SCHEMAS: &[Schema] = &[
    VirtualKey::SCHEMA,
    Project::SCHEMA,
    OrganizationMembership::SCHEMA,
    User::SCHEMA,
    Team::SCHEMA,
    TeamMembership::SCHEMA,
    TeamModels::SCHEMA,
    Organization::SCHEMA,
    ObjectPermission::SCHEMA,
    Budget::SCHEMA,
    AuditLog::SCHEMA,
    FormerToken::SCHEMA,
    DeprecatedToken::SCHEMA,
    DeletedKey::SCHEMA,
    DeletedTeam::SCHEMA,
];
