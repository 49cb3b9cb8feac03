//! `GET /key/aliases`

use crate::{get, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn aliases_are_listed_in_their_order() {
    let (mut world, ada, bob) = with_team();
    world.key("{}");
    world.key(r#"{"key_alias":"Zebra"}"#);
    for (name, query) in [
        ("", ""),
        ("_page", "?page=2&size=2"),
        ("_by_search", "?search=ZEB"),
        ("_of_a_team", "?team_id=research"),
    ] {
        snapshot(&mut world, &format!("key_aliases{name}"), &get(&format!("/key/aliases{query}")));
    }
    snapshot(&mut world, "key_aliases_by_a_user", &Request::get("/key/aliases", &bob));
    snapshot(&mut world, "key_aliases_by_a_team_admin", &Request::get("/key/aliases?search=bob", &ada));
    snapshot(&mut world, "key_aliases_wrong", &get("/key/aliases?page=0&size=101"));
}
