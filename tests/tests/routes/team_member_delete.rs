//! `POST /team/member_delete`

use crate::{get, post, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn who_leaves_a_team_leaves_its_keys_and_the_budget_within_it() {
    let (mut world, _, _) = with_team();
    let body = r#"{"team_id":"research","user_id":"bob"}"#;
    snapshot(&mut world, "team_member_delete", &post("/team/member_delete", body));
    snapshot(&mut world, "team_member_delete_shown", &get("/team/info?team_id=research"));
    snapshot(&mut world, "team_member_delete_of_who_has_left", &post("/team/member_delete", body));
    let unknown = r#"{"team_id":"ghost","user_id":"bob"}"#;
    snapshot(&mut world, "team_member_delete_from_an_unknown_team", &post("/team/member_delete", unknown));
}

#[test]
fn admins_of_a_team_take_members_out_by_address() {
    let (mut world, ada, bob) = with_team();
    world.made("/user/update", r#"{"user_id":"bob","user_email":"bob@example.com"}"#);
    let body = r#"{"team_id":"research","user_email":"bob@example.com"}"#;
    snapshot(&mut world, "team_member_delete_by_a_member", &Request::post("/team/member_delete", &bob, body));
    snapshot(
        &mut world,
        "team_member_delete_by_a_team_admin",
        &Request::post("/team/member_delete", &ada, body),
    );
}
