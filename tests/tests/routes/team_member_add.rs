//! `POST /team/member_add`

use crate::{post, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn users_join_a_team_one_by_one_and_together() {
    let (mut world, _, _) = with_team();
    world.made("/user/new", r#"{"user_id":"cy","user_email":"cy@example.com"}"#);
    let one = r#"{"team_id":"research","member":{"role":"user","user_email":"cy@example.com"},"max_budget_in_team":5}"#;
    snapshot(&mut world, "team_member_add", &post("/team/member_add", one));
    let many = r#"{"team_id":"research","member":[{"role":"admin","user_id":"di"},{"role":"user","user_email":"ed@example.com"}]}"#;
    snapshot(&mut world, "team_member_add_of_many", &post("/team/member_add", many));
    let again = r#"{"team_id":"research","member":{"role":"user","user_id":"bob"}}"#;
    snapshot(&mut world, "team_member_add_of_a_member", &post("/team/member_add", again));
    let unknown = r#"{"team_id":"ghost","member":{"role":"user","user_id":"cy"}}"#;
    snapshot(&mut world, "team_member_add_to_an_unknown_team", &post("/team/member_add", unknown));
}

#[test]
fn a_newcomer_has_the_budget_that_members_share() {
    let (mut world, ada, _) = with_team();
    world.made("/budget/new", r#"{"budget_id":"each","max_budget":3,"budget_duration":"7d","rpm_limit":2}"#);
    world.made("/team/update", r#"{"team_id":"research","metadata":{"team_member_budget_id":"each"}}"#);
    let shared = r#"{"team_id":"research","member":{"role":"user","user_id":"cy"}}"#;
    snapshot(
        &mut world,
        "team_member_add_with_the_shared_budget",
        &Request::post("/team/member_add", &ada, shared),
    );
    let own = r#"{"team_id":"research","member":{"role":"user","user_id":"di"},"max_budget_in_team":4}"#;
    snapshot(&mut world, "team_member_add_with_a_budget", &Request::post("/team/member_add", &ada, own));
}
