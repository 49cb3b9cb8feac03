//! `POST /team/member_update`

use crate::{get, post, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn a_members_budget_and_role_change() {
    let (mut world, ada, bob) = with_team();
    for (name, body) in [
        ("", r#"{"team_id":"research","user_id":"bob","max_budget_in_team":30,"role":"admin"}"#),
        ("_of_a_first_budget", r#"{"team_id":"research","user_id":"ada","max_budget_in_team":40}"#),
        ("_to_null", r#"{"team_id":"research","user_id":"bob","max_budget_in_team":null}"#),
        ("_of_nothing", r#"{"team_id":"research","user_id":"bob"}"#),
        ("_of_a_stranger", r#"{"team_id":"research","user_id":"cy","max_budget_in_team":1}"#),
        ("_in_an_unknown_team", r#"{"team_id":"ghost","user_id":"bob","max_budget_in_team":1}"#),
    ] {
        snapshot(&mut world, &format!("team_member_update{name}"), &post("/team/member_update", body));
    }
    let body = r#"{"team_id":"research","user_id":"bob","max_budget_in_team":2,"role":"user"}"#;
    snapshot(
        &mut world,
        "team_member_update_by_a_team_admin",
        &Request::post("/team/member_update", &ada, body),
    );
    snapshot(&mut world, "team_member_update_by_a_member", &Request::post("/team/member_update", &bob, body));
    snapshot(&mut world, "team_member_update_shown", &get("/team/info?team_id=research"));
}

#[test]
fn a_budget_that_members_share_stays_shared() {
    let (mut world, _, _) = with_team();
    world.made("/budget/new", r#"{"budget_id":"each","max_budget":3,"budget_duration":"7d","rpm_limit":2}"#);
    let team = r#"{"team_id":"shared","metadata":{"team_member_budget_id":"each"},"members_with_roles":[{"role":"user","user_id":"bob"}]}"#;
    world.made("/team/new", team);
    let body = r#"{"team_id":"shared","user_id":"bob","max_budget_in_team":2}"#;
    snapshot(&mut world, "team_member_update_of_a_shared_budget", &post("/team/member_update", body));
}
