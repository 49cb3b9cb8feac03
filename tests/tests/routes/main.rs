//! The ordinary work of profile strict, route by route: whole replies, and what a request leaves in the store.
//!
//! A test shows one request or a few; `snapshot` compares what came of each with a file. `LATCHKEY_WRITE=1` writes the files.

mod snapshot;

mod audit;
mod budget_delete;
mod budget_info;
mod budget_new;
mod budget_update;
mod callers;
mod check;
mod key_aliases;
mod key_archive;
mod key_block;
mod key_bulk_update;
mod key_delete;
mod key_generate;
mod key_health;
mod key_info;
mod key_list;
mod key_regenerate;
mod key_reset_spend;
mod key_service_account_generate;
mod key_update;
mod organization_delete;
mod organization_info;
mod organization_list;
mod organization_members;
mod organization_new;
mod organization_update;
mod organizations;
mod server;
mod team_block;
mod team_bulk_member_add;
mod team_delete;
mod team_info;
mod team_lists;
mod team_member_add;
mod team_member_delete;
mod team_member_update;
mod team_model;
mod team_new;
mod team_patch;
mod team_permissions;
mod team_update;
mod user_delete;
mod user_info;
mod user_list;
mod user_new;
mod user_update;

use latchkey_tests::implementation::Request;
use latchkey_tests::world::{MASTER, World};
use snapshot::snapshot;

/// A world of profile strict in which the same requests have the same replies.
fn strict(litellm_settings: &str) -> World {
    let start = "2026-03-14T12:00:00Z".parse().expect("a moment");
    World::repeatable(start, "strict", litellm_settings)
}

/// A world in which the team `research` has the admin `ada`, the member `bob` with a budget of 20, and a key of each; gives the
/// keys of both. Either has a key without a team, too.
fn with_team() -> (World, String, String) {
    let mut world = strict("{}");
    let [ada, bob] = ["ada", "bob"].map(|id| world.user(id, "internal_user"));
    let members = r#"[{"role":"admin","user_id":"ada"},{"role":"user","user_id":"bob"}]"#;
    world.made(
        "/team/new",
        &format!(r#"{{"team_id":"research","max_budget":500,"members_with_roles":{members}}}"#),
    );
    world.made("/team/member_update", r#"{"team_id":"research","user_id":"bob","max_budget_in_team":20}"#);
    for id in ["ada", "bob"] {
        world.key(&format!(r#"{{"team_id":"research","user_id":"{id}","key_alias":"{id}-research"}}"#));
    }
    (world, ada, bob)
}

/// What the proxy admin posts.
fn post(path: &str, body: &str) -> Request {
    Request::post(path, MASTER, body)
}

/// What the proxy admin gets.
fn get(target: &str) -> Request {
    Request::get(target, MASTER)
}
