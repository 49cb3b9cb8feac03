//! `GET /key/list`

use crate::{get, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn keys_are_found_by_every_filter() {
    let (mut world, ada, bob) = with_team();
    let blocked = world.key(r#"{"user_id":"bob","key_alias":"Blocked","max_budget":3}"#);
    world.made("/key/block", &format!(r#"{{"key":"{blocked}"}}"#));
    world.key(r#"{"key_alias":"short","duration":"1s","max_budget":1}"#);
    world.sleep(5.0);
    for (name, query) in [
        ("", ""),
        ("_page", "?page=2&size=3"),
        ("_last_page", "?page=3&size=3"),
        ("_of_a_user", "?user_id=bob"),
        ("_of_a_team", "?team_id=research"),
        ("_by_alias", "?key_alias=bob-research"),
        ("_by_search", "?search=BLOCK"),
        ("_blocked", "?status=blocked"),
        ("_expired", "?status=expired"),
        ("_active", "?status=active"),
        ("_whole", "?return_full_object=true&size=2"),
        ("_by_budget", "?sort_by=max_budget&sort_order=asc&size=3"),
        ("_oldest_first", "?sort_order=asc&size=3"),
    ] {
        snapshot(&mut world, &format!("key_list{name}"), &get(&format!("/key/list{query}")));
    }
    snapshot(&mut world, "key_list_by_a_user", &Request::get("/key/list?return_full_object=true", &bob));
    snapshot(&mut world, "key_list_by_a_team_admin", &Request::get("/key/list?include_team_keys=true", &ada));
    snapshot(
        &mut world,
        "key_list_of_a_team_by_its_admin",
        &Request::get("/key/list?team_id=research", &ada),
    );
    snapshot(&mut world, "key_list_of_a_team_by_a_member", &Request::get("/key/list?team_id=research", &bob));
    snapshot(&mut world, "key_list_of_another_user", &Request::get("/key/list?user_id=ada", &bob));
}

#[test]
fn one_key_is_found_by_its_hash_and_what_is_wrong_is_told() {
    let (mut world, _, bob) = with_team();
    let token = latchkey_contract::mint::token(&bob);
    snapshot(&mut world, "key_list_by_hash", &get(&format!("/key/list?key_hash={token}")));
    snapshot(
        &mut world,
        "key_list_wrong",
        &get("/key/list?page=0&size=101&status=gone&sort_by=colour&sort_order=up"),
    );
}
