//! What members of a team may be permitted.

/// What a member may want to do with a key of the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRoute {
    /// Make one.
    Generate,
    /// Make one that belongs to no user.
    ServiceAccount,
    /// Change it.
    Update,
    /// Give it a new secret.
    Regenerate,
    /// Delete it.
    Delete,
    /// Take it out of service.
    Block,
    /// Put it back into service.
    Unblock,
}

impl KeyRoute {
    /// The route, as the team's list names it.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Generate => "/key/generate",
            Self::ServiceAccount => "/key/service-account/generate",
            Self::Update => "/key/update",
            Self::Regenerate => "/key/regenerate",
            Self::Delete => "/key/delete",
            Self::Block => "/key/block",
            Self::Unblock => "/key/unblock",
        }
    }

    /// The name of the reference's constant, which its message prints.
    pub(super) const fn constant(self) -> &'static str {
        match self {
            Self::Generate => "KeyManagementRoutes.KEY_GENERATE",
            Self::ServiceAccount => "KeyManagementRoutes.KEY_GENERATE_SERVICE_ACCOUNT",
            Self::Update => "KeyManagementRoutes.KEY_UPDATE",
            Self::Regenerate => "KeyManagementRoutes.KEY_REGENERATE",
            Self::Delete => "KeyManagementRoutes.KEY_DELETE",
            Self::Block => "KeyManagementRoutes.KEY_BLOCK",
            Self::Unblock => "KeyManagementRoutes.KEY_UNBLOCK",
        }
    }
}
