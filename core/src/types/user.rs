//! Requests about users.

use super::coerce::choice;
use super::key_fields::{BudgetLimitEntry, ObjectPermissionBase};
use super::member::object_names_a_user;
use super::model::request_model;
use super::{CommonFields, Dict, Dump, Kind, Problem, Value};
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;

choice! {
    /// A role that a user may be given.
    AssignableRole, listed as "<LitellmUserRoles.PROXY_ADMIN: 'proxy_admin'>, <LitellmUserRoles.PROXY_ADMIN_VIEW_ONLY: 'proxy_admin_viewer'>, <LitellmUserRoles.INTERNAL_USER: 'internal_user'> or <LitellmUserRoles.INTERNAL_USER_VIEW_ONLY: 'internal_user_viewer'>" {
        /// May do everything.
        ProxyAdmin = "proxy_admin",
        /// May see everything.
        ProxyAdminViewer = "proxy_admin_viewer",
        /// May manage their own keys.
        InternalUser = "internal_user",
        /// May see their own keys.
        InternalUserViewer = "internal_user_viewer",
    }
}

choice! {
    /// A role within a team that a user joins.
    JoiningRole, listed as "'user' or 'admin'" {
        /// May use the team's keys.
        User = "user",
        /// May manage the team's keys and members.
        Admin = "admin",
    }
}

request_model! {
    /// A team that a new user joins.
    pub(crate) NewUserRequestTeam {
        /// The team.
        team_id: required String,
        /// Dollars the user may spend within the team.
        max_budget_in_team: optional f64,
        /// The role within the team.
        user_role: plain JoiningRole = "user",
    }
}

/// A password that is set by somebody else than the user, which nobody may.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NoPassword {}

impl Value for NoPassword {
    const KIND: Kind = Kind::Text;

    fn read(_input: &Json) -> Result<Self, Vec<Problem>> {
        let message = "password cannot be set via /user/new. Users set their own password through an invitation link (POST /invitation/new).";
        // the problem does not repeat the password
        Err(vec![Problem::rule(message, &Json::Null)])
    }

    fn dump_as(&self, _how: Dump) -> Json {
        match *self {}
    }
}

request_model! {
    /// `POST /user/new`
    #[derive(Default)]
    pub(crate) NewUserRequest {
        extends common: CommonFields;
        /// E-mail address.
        user_email: optional String,
        /// A name for people.
        user_alias: optional String,
        /// The role.
        user_role: optional AssignableRole,
        /// Teams to join, each by its id or with a role and a budget.
        teams: optional Vec<Json>,
        /// Whether a key is made, too.
        auto_create_key: plain bool = true,
        /// Whether the user is told by e-mail.
        send_invite_email: optional bool,
        /// Nobody sets the password of another.
        password: recent NoPassword,
    } recent values {
        /// The id at the identity provider.
        sso_user_id: String,
        /// Organizations to join.
        organizations: Vec<String>,
        /// The agent that the key is for.
        agent_id: String,
        /// Budgets of the key with windows of their own.
        budget_limits: Vec<BudgetLimitEntry>,
        /// Models to go on with where the budget of a model is spent.
        budget_fallbacks: Dict<Vec<String>>,
        /// Requests a minute by MCP server.
        mcp_rpm_limit: Dict<Integer>,
        /// Requests a minute by tag.
        tag_rpm_limit: Dict<Integer>,
        /// Policies that hold for every request.
        policies: Vec<String>,
        /// Prompts that may be used.
        prompts: Vec<String>,
        /// Servers, agents, stores and tools that the user and the key may use.
        object_permission: ObjectPermissionBase,
    }
}

request_model! {
    /// `POST /user/update`
    #[derive(Default)]
    pub(crate) UpdateUserRequest {
        extends common: CommonFields, null by default ["spend", "metadata"];
        before object_names_a_user;
        /// The dashboard's password.
        password: optional String,
        /// E-mail address.
        user_email: optional String,
        /// The role.
        user_role: optional AssignableRole,
    } recent values {
        /// A name for people.
        user_alias: String,
        /// Policies that hold for every request.
        policies: Vec<String>,
        /// Requests a minute by MCP server.
        mcp_rpm_limit: Dict<Integer>,
        /// Requests a minute by tag.
        tag_rpm_limit: Dict<Integer>,
        /// Servers, agents, stores and tools that may be used.
        object_permission: ObjectPermissionBase,
    }
}

request_model! {
    /// `POST /user/delete`
    pub(crate) DeleteUserRequest {
        /// The users.
        user_ids: required Vec<String>,
    }
}
