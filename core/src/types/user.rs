//! Requests about users.

use super::CommonFields;
use super::coerce::choice;
use super::member::object_names_a_user;
use super::model::request_model;
use latchkey_contract::json::Json;

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
        /// Teams to join.
        teams: optional Vec<Json>,
        /// Whether a key is made, too.
        auto_create_key: plain bool = true,
        /// Whether the user is told by e-mail.
        send_invite_email: optional bool,
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
    }
}

request_model! {
    /// `POST /user/delete`
    pub(crate) DeleteUserRequest {
        /// The users.
        user_ids: required Vec<String>,
    }
}
