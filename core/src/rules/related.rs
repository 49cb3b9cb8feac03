//! What a request for a key names beside its owner, its team and its budget.

use super::guaranteed_limits::Siblings;
use latchkey_contract::tables::{Budget, ObjectPermission, Organization, OrganizationMembership, Project};
use latchkey_contract::wire::{Guard, unchanged, unchanged_in};

/// The rows, as far as the request names them and they exist.
#[derive(Debug, Default)]
pub struct Related {
    /// The organization.
    pub organization: Option<Organization>,
    /// The caller's membership in it, unless they are a proxy admin.
    pub membership: Option<OrganizationMembership>,
    /// The project.
    pub project: Option<Project>,
    /// The project's budget.
    pub project_budget: Option<Budget>,
    /// What the key as it is may use beside models.
    pub object_permission: Option<ObjectPermission>,
    /// The budget of each end user.
    pub end_user_budget: Option<Budget>,
    /// The keys of the team, where the key is guaranteed some of the team's throughput.
    pub siblings: Option<Siblings>,
}

impl Related {
    /// What must still hold when the key is stored.
    pub(crate) fn guards(&self) -> Vec<Guard> {
        let mut guards = Vec::new();
        guards.extend(self.organization.as_ref().map(|row| unchanged(row)));
        let of_member = |row: &OrganizationMembership| unchanged_in(row, &["user_id", "organization_id"]);
        guards.extend(self.membership.as_ref().map(of_member));
        guards.extend(self.project.as_ref().map(|row| unchanged(row)));
        guards.extend(self.project_budget.as_ref().map(|row| unchanged(row)));
        guards.extend(self.object_permission.as_ref().map(|row| unchanged(row)));
        guards.extend(self.end_user_budget.as_ref().map(|row| unchanged(row)));
        guards
    }
}
