//! `POST /user/delete`

use crate::{get, post, snapshot, with_team};

#[test]
fn a_user_goes_with_keys_memberships_and_budgets() {
    let (mut world, _, _) = with_team();
    snapshot(&mut world, "user_delete", &post("/user/delete", r#"{"user_ids":["bob"]}"#));
    snapshot(&mut world, "user_delete_seen_in_the_team", &get("/team/info?team_id=research"));
    snapshot(
        &mut world,
        "user_delete_of_an_unknown_user",
        &post("/user/delete", r#"{"user_ids":["ada","ghost"]}"#),
    );
}
