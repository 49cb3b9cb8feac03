//! The table of all routes.

use super::key::listing::{EXPIRIES, SORTABLE, STATUSES};
use super::{budget, key, organization, server, team, user};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::http::request::Request;
use crate::http::route::{Param, Route};
use crate::openapi::replies as reply;
use crate::time::DateTime;
use crate::types::{
    AuditAction, BlockKeyRequest, BlockTeamRequest, BudgetDeleteRequest, BudgetNewRequest, BudgetRequest,
    BulkTeamMemberAddRequest, BulkUpdateKeyRequest, BulkUpdateTeamKeysRequest, DeleteOrganizationRequest,
    DeleteTeamRequest, DeleteUserRequest, GenerateKeyRequest, KeyRequest, Kind, NewOrganizationRequest,
    NewTeamRequest, NewUserRequest, OrganizationMemberAddRequest, OrganizationMemberDeleteRequest,
    OrganizationMemberUpdateRequest, OrganizationRequest, ResetSpendRequest, RotateKeyRequest,
    TeamMemberAddRequest, TeamMemberDeleteRequest, TeamMemberUpdateRequest, TeamModelRequest,
    TeamPermissionsRequest, UpdateKeyRequest, UpdateOrganizationRequest, UpdateTeamRequest,
    UpdateUserRequest,
};

/// Describes the routes of the table, itself among them.
fn openapi_json(cx: &Context<'_>, _: &Caller, _: &Request) -> Result<Outcome, Halt> {
    Ok(server::openapi_json::run(cx, ROUTES))
}

/// All routes.
pub(crate) const ROUTES: &[Route] = &[
    Route::public("/health/liveliness", "health_liveliness", server::health_liveliness::run)
        .answers("Whether the process is alive", Kind::Text),
    Route::public("/health/liveness", "health_liveliness", server::health_liveliness::run)
        .answers("Whether the process is alive", Kind::Text),
    Route::public("/health/readiness", "health_readiness", server::health_readiness::run)
        .answers("Whether the store answers", reply::READINESS),
    Route::public("/openapi.json", "openapi_json", openapi_json).answers("This description", reply::OBJECT),
    Route::public("/docs", "docs", server::docs::run)
        .answers("This description, for people", Kind::Text)
        .as_media("text/html"),
    Route::post("/key/generate", "key_generate", key::generate::run)
        .answers("Issues a virtual key", reply::ISSUED_KEY)
        .takes::<GenerateKeyRequest>(r#"{"key_alias": "my-app", "duration": "30d", "max_budget": 10}"#)
        .foresees(key::generate::foresee)
        .asks_of(key::count::ask_of)
        .changes()
        .refuses(&[404]),
    Route::get("/key/info", "key_info", key::info::run)
        .answers("Shows a virtual key", reply::KEY_INFO)
        .asks(&[Param::text("key", "the key or its hash; without it the caller's own")])
        .foresees(key::info::foresee)
        .refuses(&[404]),
    Route::post("/v2/key/info", "v2_key_info", key::v2_info::run)
        .answers("Shows several virtual keys", reply::KEY_INFOS)
        .takes::<KeyRequest>(r#"{"keys": ["sk-1234567890123456"]}"#)
        .refuses(&[404]),
    Route::post("/key/update", "key_update", key::update::run)
        .answers("Changes a virtual key", reply::CHANGED_KEY)
        .takes::<UpdateKeyRequest>(r#"{"key": "sk-1234567890123456", "max_budget": 20}"#)
        .changes()
        .refuses(&[404]),
    Route::post("/key/delete", "key_delete", key::delete::run)
        .answers("Deletes virtual keys", reply::DELETED_KEYS)
        .takes::<KeyRequest>(r#"{"keys": ["sk-1234567890123456"]}"#)
        .changes()
        .refuses(&[404]),
    Route::post("/key/block", "key_block", key::block::run)
        .answers("Takes a virtual key out of service", reply::BLOCKED_KEY)
        .or_null()
        .takes::<BlockKeyRequest>(r#"{"key": "sk-1234567890123456"}"#)
        .changes()
        .refuses(&[404]),
    Route::post("/key/unblock", "key_unblock", key::unblock::run)
        .answers("Puts a blocked virtual key back into service", reply::KEY)
        .or_null()
        .takes::<BlockKeyRequest>(r#"{"key": "sk-1234567890123456"}"#)
        .changes()
        .refuses(&[404]),
    Route::post("/key/{key:path}/regenerate", "key_regenerate", key::regenerate::run)
        .answers("Gives a virtual key a new secret", reply::RENEWED_KEY)
        .takes::<RotateKeyRequest>(r#"{"max_budget": 20}"#)
        .or_no_body()
        .changes()
        .refuses(&[404]),
    Route::post("/key/regenerate", "key_regenerate", key::regenerate::run)
        .answers("Gives a virtual key a new secret", reply::RENEWED_KEY)
        .takes::<RotateKeyRequest>(r#"{"key": "sk-1234567890123456", "grace_period": "1h"}"#)
        .needs("key")
        .changes()
        .strict_only()
        .refuses(&[404]),
    Route::get("/key/list", "key_list", key::list::run)
        .answers("Lists virtual keys, page by page", reply::KEY_PAGE)
        .asks(&[
            Param::integer("page", 1, None, "which page"),
            Param::integer("size", 1, Some(100), "keys on a page, 10 by default"),
            Param::text("user_id", "keys of this owner only"),
            Param::text("team_id", "keys of this team only"),
            Param::text("key_alias", "keys of this alias only"),
        ])
        .asks_in_strict(&[
            Param::text("organization_id", "keys of this organization's teams only"),
            Param::text("key_hash", "the key with this hash only"),
            Param::text("search", "keys with this hash, or this text in their alias"),
            Param::choice(STATUSES, "status", "keys in this state only"),
            Param::choice(EXPIRIES, "expires", "keys that have expired, or have not"),
            Param::text("project_id", "keys of this project only"),
            Param::text("agent_id", "keys of this agent only"),
            Param::text("access_group_id", "is refused: it is no filter of this server"),
            Param::of::<bool>(
                "substring_matching",
                "keys with a part of this alias, for admins of this `user_id`",
            ),
            Param::choice(&["user"], "expand", "whole keys with their owners"),
            Param::of::<bool>(
                "include_created_by_keys",
                "has no effect: who made a key sees it if it is theirs",
            ),
            Param::of::<bool>("return_full_object", "whole keys, not only their hashes"),
            Param::of::<bool>("include_team_keys", "keys of teams the caller administers, too"),
            Param::choice(SORTABLE, "sort_by", "by which column, `created_at` by default"),
            Param::choice(&["asc", "desc"], "sort_order", "in which direction, `desc` by default"),
        ])
        .refuses(&[422]),
    Route::get("/key/aliases", "key_aliases", key::aliases::run)
        .answers("Lists aliases of virtual keys, page by page", reply::ALIAS_PAGE)
        .asks(&[
            Param::integer("page", 1, None, "which page"),
            Param::integer("size", 1, Some(100), "aliases on a page, 50 by default"),
            Param::text("search", "aliases with this text in them"),
            Param::text("team_id", "aliases of this team's keys only"),
        ])
        .refuses(&[422])
        .strict_only(),
    Route::post("/key/{key:path}/reset_spend", "key_reset_spend", key::reset_spend::run)
        .answers("Sets back what a virtual key has spent", reply::RESET_SPEND)
        .takes::<ResetSpendRequest>(r#"{"reset_to": 0}"#)
        .changes()
        .strict_only()
        .refuses(&[404]),
    Route::post(
        "/key/service-account/generate",
        "key_service-account_generate",
        key::service_account_generate::run,
    )
    .answers("Issues a virtual key of a team that is no user's", reply::ISSUED_KEY)
    .takes::<GenerateKeyRequest>(r#"{"team_id": "research", "key_alias": "nightly"}"#)
    .changes()
    .strict_only()
    .refuses(&[404]),
    Route::post("/key/bulk_update", "key_bulk_update", key::bulk_update::run)
        .answers("Changes several virtual keys", reply::CHANGED_KEYS)
        .takes::<BulkUpdateKeyRequest>(r#"{"keys": [{"key": "sk-1234567890123456", "max_budget": 20}]}"#)
        .changes()
        .strict_only(),
    Route::post("/team/key/bulk_update", "team_key_bulk_update", team::key_bulk_update::run)
        .answers("Makes one change of several virtual keys of a team", reply::CHANGED_KEYS)
        .takes::<BulkUpdateTeamKeysRequest>(
            r#"{"team_id": "research", "all_keys_in_team": true, "update_fields": {"max_budget": 20}}"#,
        )
        .changes()
        .strict_only()
        .refuses(&[404]),
    Route::post("/key/health", "key_health", key::health::run)
        .answers("Whether the logging of the calling key works", reply::KEY_HEALTH),
    Route::post("/user/new", "user_new", user::new::run)
        .answers("Makes a user, and a key unless it is not wanted", reply::NEW_USER)
        .takes::<NewUserRequest>(r#"{"user_email": "ada@example.com", "user_role": "internal_user"}"#)
        .changes(),
    Route::post("/user/update", "user_update", user::update::run)
        .answers("Changes a user", reply::CHANGED_USER)
        .or_null()
        .takes::<UpdateUserRequest>(r#"{"user_id": "ada", "max_budget": 50}"#)
        .changes()
        .refuses(&[404]),
    Route::get("/user/info", "user_info", user::info::run)
        .answers("Shows a user with their keys and teams", reply::USER_INFO)
        .asks(&[Param::text("user_id", "the user; without it, all keys and teams for a proxy admin")]),
    Route::get("/user/list", "user_list", user::list::run)
        .answers("Lists users, page by page", reply::USER_PAGE)
        .asks(&[
            Param::integer("page", 1, None, "which page"),
            Param::integer("page_size", 1, Some(100), "users on a page, 25 by default"),
            Param::text("role", "users with this role only"),
            Param::text(
                "user_ids",
                "the users with these ids, with commas between them, or with a part of this one",
            ),
            Param::text("sso_user_ids", "the users with these ids at the identity provider"),
            Param::text("organization_ids", "users of these organizations only"),
            Param::text("user_email", "users with this text in their address"),
            Param::text("search", "users with this text in their id or address"),
            Param::text("team", "users of this team only"),
            Param::choice(user::list::SORTABLE, "sort_by", "by which column, the newest first by default"),
            Param::choice(&["asc", "desc"], "sort_order", "in which direction, `asc` by default"),
        ])
        .refuses(&[422])
        .strict_only(),
    Route::get("/v2/user/info", "v2_user_info", user::v2_info::run)
        .answers("Shows a user without keys and teams", reply::OBJECT)
        .asks(&[Param::text("user_id", "the user; without it the caller")])
        .refuses(&[404])
        .strict_only(),
    Route::get("/user/filter/ui", "user_filter_ui", user::filter_ui::run)
        .answers("Finds users by a part of their id or address", reply::FOUND_USERS)
        .asks(&[
            Param::integer("page", 1, None, "which page"),
            Param::integer("page_size", 1, Some(100), "users on a page, 50 by default"),
            Param::text("user_id", "users with this text in their id"),
            Param::text("user_email", "users with this text in their address"),
            Param::text("search", "users with this text in either"),
            Param::text("team_id", "has no effect"),
        ])
        .refuses(&[422])
        .strict_only(),
    Route::post("/user/delete", "user_delete", user::delete::run)
        .answers("Deletes users and their keys", Kind::Integer)
        .takes::<DeleteUserRequest>(r#"{"user_ids": ["ada"]}"#)
        .changes()
        .refuses(&[404]),
    Route::post("/team/new", "team_new", team::new::run)
        .answers("Makes a team", reply::TEAM)
        .takes::<NewTeamRequest>(r#"{"team_alias": "research", "max_budget": 100}"#)
        .changes(),
    Route::post("/team/update", "team_update", team::update::run)
        .answers("Changes a team", reply::CHANGED_TEAM)
        .takes::<UpdateTeamRequest>(r#"{"team_id": "research", "blocked": true}"#)
        .changes()
        .refuses(&[404]),
    Route::get("/team/info", "team_info", team::info::run)
        .answers("Shows a team, its keys and its members' budgets", reply::TEAM_INFO)
        .asks(&[Param::text("team_id", "the team").required()])
        .refuses(&[404, 422]),
    Route::get("/team/list", "team_list", team::list::run)
        .answers("Lists teams with their keys", reply::TEAM_LIST)
        .asks(&[Param::text("user_id", "teams of this user only")]),
    Route::get("/v2/team/list", "v2_team_list", team::v2_list::run)
        .answers("Lists teams, page by page", reply::TEAM_PAGE)
        .asks(&[
            Param::integer("page", 1, None, "which page"),
            Param::integer("page_size", 1, Some(100), "teams on a page, 10 by default"),
            Param::text("user_id", "teams of this user only"),
            Param::text("organization_id", "teams of this organization only"),
            Param::text("team_id", "the team with this id"),
            Param::text("team_alias", "teams with this text in their alias"),
            Param::text("search", "teams with this text in their id or alias"),
            Param::text("search_team_id_match", "has no effect"),
            Param::choice(&["deleted"], "status", "deleted teams, for those who see everything"),
            Param::choice(team::v2_list::SORTABLE, "sort_by", "by which column, the newest first by default"),
            Param::choice(&["asc", "desc"], "sort_order", "in which direction, `asc` by default"),
        ])
        .refuses(&[422])
        .strict_only(),
    Route::get("/team/available", "team_available", team::available::run)
        .answers("Lists teams that the caller may join", Kind::List(&reply::TEAM))
        .refuses(&[404])
        .strict_only(),
    Route::post("/team/block", "team_block", team::block::run)
        .answers("Takes a team's virtual keys out of service", reply::TEAM_ROW)
        .takes::<BlockTeamRequest>(r#"{"team_id": "research"}"#)
        .changes()
        .refuses(&[404]),
    Route::post("/team/unblock", "team_unblock", team::unblock::run)
        .answers("Puts a blocked team's virtual keys back into service", reply::TEAM_ROW)
        .takes::<BlockTeamRequest>(r#"{"team_id": "research"}"#)
        .changes()
        .refuses(&[404]),
    Route::post("/team/model/add", "team_model_add", team::model_add::run)
        .answers("Lets a team call further models", reply::TEAM_ROW)
        .takes::<TeamModelRequest>(r#"{"team_id": "research", "models": ["gpt-4o"]}"#)
        .changes()
        .strict_only()
        .refuses(&[404]),
    Route::post("/team/model/delete", "team_model_delete", team::model_delete::run)
        .answers("Takes models away from a team", reply::TEAM_ROW)
        .takes::<TeamModelRequest>(r#"{"team_id": "research", "models": ["gpt-4o"]}"#)
        .changes()
        .strict_only()
        .refuses(&[404]),
    Route::get("/team/permissions_list", "team_permissions_list", team::permissions_list::run)
        .answers("Shows what a team's members may do with its keys", reply::PERMISSIONS)
        .asks(&[Param::text("team_id", "the team").required()])
        .refuses(&[404])
        .strict_only(),
    Route::post("/team/permissions_update", "team_permissions_update", team::permissions_update::run)
        .answers("Says what a team's members may do with its keys", reply::TEAM)
        .takes::<TeamPermissionsRequest>(
            r#"{"team_id": "research", "team_member_permissions": ["/key/generate"]}"#,
        )
        .changes()
        .strict_only()
        .refuses(&[404]),
    Route::patch("/team/{team_id}", "team_patch", team::patch::run)
        .answers("Changes a team", reply::TEAM)
        .takes::<UpdateTeamRequest>(r#"{"team_id": "research", "max_budget": 20}"#)
        .changes()
        .strict_only()
        .refuses(&[404]),
    Route::post("/team/member_add", "team_member_add", team::member_add::run)
        .answers("Lets users join a team", reply::ENLARGED_TEAM)
        .takes::<TeamMemberAddRequest>(
            r#"{"team_id": "research", "member": {"role": "user", "user_id": "ada"}}"#,
        )
        .changes(),
    Route::post("/team/bulk_member_add", "team_bulk_member_add", team::bulk_member_add::run)
        .answers("Lets many users join a team", reply::JOINED_MEMBERS)
        .takes::<BulkTeamMemberAddRequest>(
            r#"{"team_id": "research", "members": [{"role": "user", "user_id": "ada"}]}"#,
        )
        .changes()
        .strict_only(),
    Route::post("/team/member_delete", "team_member_delete", team::member_delete::run)
        .answers("Takes a user out of a team", reply::TEAM)
        .takes::<TeamMemberDeleteRequest>(r#"{"team_id": "research", "user_id": "ada"}"#)
        .changes(),
    Route::post("/team/member_update", "team_member_update", team::member_update::run)
        .answers("Changes a member's role and budget", reply::CHANGED_MEMBER)
        .takes::<TeamMemberUpdateRequest>(r#"{"team_id": "research", "user_id": "ada", "role": "admin"}"#)
        .changes(),
    Route::post("/team/delete", "team_delete", team::delete::run)
        .answers("Deletes teams and their keys", reply::DELETED_TEAMS)
        .takes::<DeleteTeamRequest>(r#"{"team_ids": ["research"]}"#)
        .changes()
        .refuses(&[404]),
    Route::post("/organization/new", "organization_new", organization::new::run)
        .answers("Makes an organization, and its budget", reply::ORGANIZATION)
        .takes::<NewOrganizationRequest>(r#"{"organization_alias": "acme", "max_budget": 1000}"#)
        .changes()
        .strict_only(),
    Route::patch("/organization/update", "organization_update", organization::update::run)
        .answers("Changes an organization and its budget", reply::WHOLE_ORGANIZATION)
        .takes::<UpdateOrganizationRequest>(r#"{"organization_id": "acme", "max_budget": 2000}"#)
        .changes()
        .strict_only()
        .refuses(&[404]),
    Route::delete("/organization/delete", "organization_delete", organization::delete::run)
        .answers("Deletes organizations without teams", reply::ORGANIZATION_LIST)
        .takes::<DeleteOrganizationRequest>(r#"{"organization_ids": ["acme"]}"#)
        .changes()
        .strict_only()
        .refuses(&[404]),
    Route::get("/organization/info", "organization_info", organization::info::run)
        .answers("Shows an organization, its members and its teams", reply::WHOLE_ORGANIZATION)
        .asks(&[Param::text("organization_id", "the organization").required()])
        .strict_only()
        .refuses(&[404, 422]),
    Route::post("/organization/info", "organization_info", organization::info::several)
        .answers("Shows several organizations with their budgets", reply::ORGANIZATION_ROWS)
        .takes::<OrganizationRequest>(r#"{"organizations": ["acme"]}"#)
        .strict_only(),
    Route::get("/organization/list", "organization_list", organization::list::run)
        .answers("Lists organizations with their members and teams", reply::ORGANIZATION_LIST)
        .asks(&[
            Param::text("org_id", "the organization with this id"),
            Param::text("org_alias", "organizations with this text in their alias"),
        ])
        .strict_only(),
    Route::post("/organization/member_add", "organization_member_add", organization::member_add::run)
        .answers("Lets users join an organization", reply::ENLARGED_ORGANIZATION)
        .takes::<OrganizationMemberAddRequest>(
            r#"{"organization_id": "acme", "member": {"role": "internal_user", "user_id": "ada"}}"#,
        )
        .changes()
        .strict_only()
        .refuses(&[404]),
    Route::patch(
        "/organization/member_update",
        "organization_member_update",
        organization::member_update::run,
    )
    .answers("Changes a member's role and budget in an organization", reply::ORGANIZATION_MEMBER)
    .takes::<OrganizationMemberUpdateRequest>(
        r#"{"organization_id": "acme", "user_id": "ada", "role": "org_admin"}"#,
    )
    .changes()
    .strict_only()
    .refuses(&[404]),
    Route::delete(
        "/organization/member_delete",
        "organization_member_delete",
        organization::member_delete::run,
    )
    .answers("Takes a user out of an organization", reply::FORMER_ORGANIZATION_MEMBER)
    .takes::<OrganizationMemberDeleteRequest>(r#"{"organization_id": "acme", "user_id": "ada"}"#)
    .changes()
    .strict_only()
    .refuses(&[404]),
    Route::post("/budget/new", "budget_new", budget::new::run)
        .answers("Makes a budget that keys and members may share", reply::BUDGET)
        .takes::<BudgetNewRequest>(r#"{"max_budget": 100, "budget_duration": "30d"}"#)
        .changes(),
    Route::post("/budget/update", "budget_update", budget::update::run)
        .answers("Changes a budget", reply::BUDGET)
        .or_null()
        .takes::<BudgetNewRequest>(r#"{"budget_id": "small", "max_budget": 200}"#)
        .changes()
        .refuses(&[404]),
    Route::post("/budget/info", "budget_info", budget::info::run)
        .answers("Shows budgets", reply::BUDGETS)
        .takes::<BudgetRequest>(r#"{"budgets": ["small"]}"#),
    Route::get("/budget/list", "budget_list", budget::list::run).answers("Lists all budgets", reply::BUDGETS),
    Route::post("/budget/delete", "budget_delete", budget::delete::run)
        .answers("Deletes a budget and shows it once more", reply::BUDGET)
        .or_null()
        .takes::<BudgetDeleteRequest>(r#"{"id": "small"}"#)
        .changes()
        .refuses(&[404]),
    Route::get("/policy", "policy", server::policy::run)
        .answers("The rules in force, for forms that judge before they send", reply::POLICY)
        .strict_only(),
    Route::get("/audit", "audit", server::audit::run)
        .answers("Lists who changed what, newest first", reply::AUDIT_PAGE)
        .asks(&[
            Param::integer("page", 1, None, "which page"),
            Param::integer("size", 1, Some(100), "changes on a page, 10 by default"),
            Param::text("object_id", "changes of this object only: a key or its hash, a user id, …"),
            Param::text("changed_by", "changes by this actor only"),
            Param::of::<AuditAction>("action", "changes of this sort only"),
            Param::text("table_name", "changes in this table only"),
            Param::of::<DateTime>("since", "changes at or after this moment only"),
            Param::of::<DateTime>("until", "changes before this moment only"),
        ])
        .refuses(&[422])
        .strict_only(),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_named_like_its_route() {
        for route in
            ROUTES.iter().filter(|route| !route.path.contains('{') && route.path != "/health/liveness")
        {
            let named = route.path.trim_start_matches('/').replace(['/', '.'], "_");
            assert_eq!(route.operation, named);
        }
    }
}
