//! `GET /user/list`, `GET /v2/user/info` and `GET /user/filter/ui`

use crate::{get, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn users_are_listed_page_by_page() {
    let (mut world, ada, _) = with_team();
    world.made(
        "/user/new",
        r#"{"user_id":"eve","user_email":"Eve@Example.com","user_role":"proxy_admin_viewer"}"#,
    );
    for (name, query) in [
        ("", "?page_size=2"),
        ("_last_page", "?page_size=2&page=2"),
        ("_by_address", "?user_email=EXAMPLE"),
        ("_by_ids", "?user_ids=ada,eve"),
        ("_by_search", "?search=VE"),
        ("_by_role", "?role=proxy_admin_viewer"),
        ("_of_a_team", "?team=research&sort_by=user_id"),
        ("_wrong", "?page=0&page_size=101"),
        ("_wrongly_sorted", "?sort_by=zork"),
    ] {
        snapshot(&mut world, &format!("user_list{name}"), &get(&format!("/user/list{query}")));
    }
    snapshot(&mut world, "user_list_by_a_user", &Request::get("/user/list", &ada));
}

#[test]
fn a_user_is_shown_and_found() {
    let (mut world, ada, bob) = with_team();
    snapshot(&mut world, "v2_user_info", &get("/v2/user/info?user_id=bob"));
    snapshot(&mut world, "v2_user_info_of_the_caller", &Request::get("/v2/user/info", &bob));
    snapshot(&mut world, "v2_user_info_of_another", &Request::get("/v2/user/info?user_id=bob", &ada));
    snapshot(&mut world, "user_filter_ui", &get("/user/filter/ui?user_id=A&page_size=2"));
    snapshot(&mut world, "user_filter_ui_by_a_team_admin", &Request::get("/user/filter/ui", &ada));
    snapshot(&mut world, "user_filter_ui_by_a_user", &Request::get("/user/filter/ui", &bob));
}
