//! `GET /team/permissions_list` and `POST /team/permissions_update`

use crate::{get, post, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn what_members_may_do_is_said_and_shown() {
    let (mut world, ada, bob) = with_team();
    let list = r#"{"team_id":"research","team_member_permissions":["/key/generate","/key/list"]}"#;
    snapshot(&mut world, "team_permissions_update", &Request::post("/team/permissions_update", &ada, list));
    snapshot(
        &mut world,
        "team_permissions_update_by_a_member",
        &Request::post("/team/permissions_update", &bob, list),
    );
    snapshot(
        &mut world,
        "team_permissions_list",
        &Request::get("/team/permissions_list?team_id=research", &ada),
    );
    let none = get("/team/permissions_list?team_id=none");
    snapshot(&mut world, "team_permissions_list_of_none", &none);
    let wrong = r#"{"team_id":"research","team_member_permissions":["/nonsense"]}"#;
    snapshot(&mut world, "team_permissions_update_wrong", &post("/team/permissions_update", wrong));
}
