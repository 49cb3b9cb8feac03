//! `POST /team/block` and `POST /team/unblock`

use crate::{get, post, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn a_team_is_blocked_and_unblocked() {
    let (mut world, ada, _) = with_team();
    let of_team = world.key(r#"{"team_id":"research","user_id":"ada"}"#);
    snapshot(&mut world, "team_block", &post("/team/block", r#"{"team_id":"research"}"#));
    snapshot(&mut world, "team_block_closes_its_keys", &Request::get("/key/info", &of_team));
    snapshot(&mut world, "team_unblock", &post("/team/unblock", r#"{"team_id":"research"}"#));
    assert_eq!(world.send(&get("/team/info?team_id=research")).0, 200);
    snapshot(&mut world, "team_block_of_none", &post("/team/block", r#"{"team_id":"none"}"#));
    snapshot(
        &mut world,
        "team_block_by_its_admin",
        &Request::post("/team/block", &ada, r#"{"team_id":"research"}"#),
    );
}
