//! Who is asking.

use latchkey_contract::tables::{Budget, Project, Team, TeamMembership, TeamModels, User, VirtualKey};

/// The id under which the holder of the master key acts.
pub(crate) const MASTER_USER_ID: &str = "default_user_id";

/// The team of the dashboard's session keys.
pub(crate) const DASHBOARD_TEAM_ID: &str = "litellm-dashboard";

/// A role on the platform (the reference's `LitellmUserRoles`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// May do everything.
    ProxyAdmin,
    /// May see everything.
    ProxyAdminViewer,
    /// Administers an organization.
    OrgAdmin,
    /// Creates, sees and deletes own keys.
    InternalUser,
    /// Sees own keys.
    InternalUserViewer,
    /// A team, for tokens of an identity provider.
    Team,
    /// A customer.
    Customer,
}

impl Role {
    /// Every role.
    pub const ALL: &[Self] = &[
        Self::ProxyAdmin,
        Self::ProxyAdminViewer,
        Self::OrgAdmin,
        Self::InternalUser,
        Self::InternalUserViewer,
        Self::Team,
        Self::Customer,
    ];

    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProxyAdmin => "proxy_admin",
            Self::ProxyAdminViewer => "proxy_admin_viewer",
            Self::OrgAdmin => "org_admin",
            Self::InternalUser => "internal_user",
            Self::InternalUserViewer => "internal_user_viewer",
            Self::Team => "team",
            Self::Customer => "customer",
        }
    }

    /// The role called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.as_str() == name)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An authenticated caller.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The role; a key whose user is unknown acts as an internal user.
    pub user_role: Option<Role>,
    /// The user.
    pub user_id: Option<String>,
    /// The team of the caller's key.
    pub team_id: Option<String>,
    /// The token of the caller's key.
    pub token: Option<String>,
    /// Whether the caller holds the master key.
    pub is_master: bool,
    /// Whether the secret in use is a former one of the key, which still works for a while.
    pub is_former: bool,
    /// The caller's key; the master key has no row.
    pub key: Option<VirtualKey>,
    /// The caller's user.
    pub user: Option<User>,
    /// The team of the caller's key.
    pub team: Option<Team>,
    /// The model aliases of that team.
    pub team_models: Option<TeamModels>,
    /// The membership of the user in that team.
    pub membership: Option<TeamMembership>,
    /// The budget of the caller's key.
    pub budget: Option<Budget>,
    /// The project of the caller's key.
    pub project: Option<Project>,
}

impl Caller {
    /// The holder of the master key.
    pub fn master(token: String) -> Self {
        Self {
            user_role: Some(Role::ProxyAdmin),
            user_id: Some(MASTER_USER_ID.to_owned()),
            token: Some(token),
            is_master: true,
            ..Self::default()
        }
    }

    /// Whether the caller may do everything.
    pub fn is_proxy_admin(&self) -> bool {
        self.user_role == Some(Role::ProxyAdmin)
    }

    /// Whether the caller may see everything.
    pub fn sees_all(&self) -> bool {
        matches!(self.user_role, Some(Role::ProxyAdmin | Role::ProxyAdminViewer))
    }

    /// What the key in use may spend: its attached budget's limit, or else its own.
    pub fn max_budget(&self) -> Option<f64> {
        let attached = self.budget.as_ref().and_then(|budget| budget.max_budget);
        attached.or_else(|| self.key.as_ref()?.max_budget)
    }

    /// The role's name as messages print it.
    pub fn role_text(&self) -> &'static str {
        self.user_role.map_or("None", Role::as_str)
    }

    /// Who changed something, for the columns that name a person.
    pub fn actor(&self) -> &str {
        self.user_id.as_deref().filter(|id| !id.is_empty()).unwrap_or(MASTER_USER_ID)
    }
}

/// An id as messages print it: Python's `None` where there is none.
pub(crate) fn or_none(id: Option<&str>) -> &str {
    id.unwrap_or("None")
}
