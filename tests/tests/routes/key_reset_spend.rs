//! `POST /key/{key}/reset_spend`

use crate::{post, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn spend_is_set_back() {
    let (mut world, ada, bob) = with_team();
    let key = world.key(r#"{"team_id":"research","user_id":"bob","spend":5,"max_budget":3}"#);
    let path = format!("/key/{key}/reset_spend");
    snapshot(&mut world, "key_reset_spend", &post(&path, r#"{"reset_to":2.5}"#));
    snapshot(&mut world, "key_reset_spend_above", &post(&path, r#"{"reset_to":4}"#));
    snapshot(&mut world, "key_reset_spend_by_a_team_admin", &Request::post(&path, &ada, r#"{"reset_to":1}"#));
    snapshot(&mut world, "key_reset_spend_by_the_owner", &Request::post(&path, &bob, r#"{"reset_to":0}"#));
    snapshot(
        &mut world,
        "key_reset_spend_of_none",
        &post("/key/sk-nothing/reset_spend", r#"{"reset_to":0}"#),
    );
}
