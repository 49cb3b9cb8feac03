//! `POST /team/delete`

use crate::{get, post, snapshot, with_team};

#[test]
fn a_team_goes_with_its_keys_and_its_users_leave_it() {
    let (mut world, _, _) = with_team();
    snapshot(
        &mut world,
        "team_delete_of_an_unknown_team",
        &post("/team/delete", r#"{"team_ids":["research","ghost"]}"#),
    );
    snapshot(&mut world, "team_delete", &post("/team/delete", r#"{"team_ids":["research"]}"#));
    snapshot(&mut world, "team_delete_seen_by_a_user", &get("/user/info?user_id=bob"));
}
