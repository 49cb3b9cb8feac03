//! `POST /key/block` and `POST /key/unblock`

use crate::{post, snapshot, strict, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn a_blocked_key_opens_nothing_until_it_is_unblocked() {
    let mut world = strict("{}");
    let key = world.key(r#"{"key_alias":"a","max_budget":5,"metadata":{"a":1}}"#);
    let body = format!(r#"{{"key":"{key}"}}"#);
    snapshot(&mut world, "key_block", &post("/key/block", &body));
    snapshot(&mut world, "key_block_seen_by_the_key", &Request::get("/key/info", &key));
    snapshot(&mut world, "key_unblock", &post("/key/unblock", &body));
    assert_eq!(world.get(&key, "/key/info").0, 200);
    let unknown = r#"{"key":"sk-unknown-key-of-the-tests"}"#;
    snapshot(&mut world, "key_block_of_an_unknown_key", &post("/key/block", unknown));
    snapshot(&mut world, "key_unblock_of_an_unknown_key", &post("/key/unblock", unknown));
}

#[test]
fn admins_of_a_team_block_its_keys() {
    let (mut world, ada, bob) = with_team();
    let of_team = world.key(r#"{"user_id":"bob","team_id":"research"}"#);
    let body = format!(r#"{{"key":"{of_team}"}}"#);
    snapshot(&mut world, "key_block_by_a_member", &Request::post("/key/block", &bob, body.clone()));
    snapshot(&mut world, "key_block_by_a_team_admin", &Request::post("/key/block", &ada, body.clone()));
    snapshot(&mut world, "key_unblock_by_a_team_admin", &Request::post("/key/unblock", &ada, body));
}
