//! `POST /team/bulk_member_add`

use crate::{post, snapshot, with_team};
use latchkey_contract::json::write;
use latchkey_tests::world::MASTER;

const PATH: &str = "/team/bulk_member_add";

#[test]
fn many_users_join_at_once_and_those_who_are_members_stay_as_they_are() {
    let (mut world, ada, _) = with_team();
    let members = r#"[{"role":"user","user_id":"bob"},{"role":"user","user_id":"cat"},{"role":"user","user_email":"dan@example.com"},{"role":"user","user_id":"cat"}]"#;
    let body = format!(r#"{{"team_id":"research","members":{members},"max_budget_in_team":2}}"#);
    let (status, said) = world.post(&ada, PATH, &body);
    assert_eq!(status, 401, "{said:?}");
    snapshot(&mut world, "team_bulk_member_add", &post(PATH, &body));
    snapshot(&mut world, "team_bulk_member_add_of_members", &post(PATH, &body));
}

#[test]
fn nobody_joins_where_one_of_them_cannot() {
    let (mut world, _, _) = with_team();
    world.made("/user/new", r#"{"user_id":"eve","user_email":"eve@example.com"}"#);
    let members =
        r#"[{"role":"user","user_id":"cat"},{"role":"user","user_id":"zoe","user_email":"eve@example.com"}]"#;
    let body = format!(r#"{{"team_id":"research","members":{members}}}"#);
    snapshot(&mut world, "team_bulk_member_add_of_two_users_in_one", &post(PATH, &body));
    let verdict = post(&format!("{PATH}?dry_run=true"), &body);
    snapshot(&mut world, "team_bulk_member_add_dry_run", &verdict);
    snapshot(&mut world, "team_bulk_member_add_to_none", &post(PATH, &body.replace("research", "none")));
}

#[test]
fn all_users_join_where_the_request_says_so() {
    let (mut world, _, _) = with_team();
    world.made("/user/new", r#"{"user_id":"eve"}"#);
    let (status, reply) = world.post(MASTER, PATH, r#"{"team_id":"research","all_users":true}"#);
    assert_eq!(status, 200, "{reply:?}");
    let (_, team) = world.get(MASTER, "/team/info?team_id=research");
    let members = team.get("team_info").and_then(|team| team.get("members_with_roles")).map(write);
    assert!(members.is_some_and(|members| members.contains(r#""user_id":"eve""#)));
}

#[test]
fn a_request_brings_one_member_at_least_and_500_at_the_most() {
    let (mut world, _, _) = with_team();
    let none = post(PATH, r#"{"team_id":"research","members":[]}"#);
    snapshot(&mut world, "team_bulk_member_add_of_nobody", &none);
    let members: Vec<String> = (0..501).map(|at| format!(r#"{{"role":"user","user_id":"u{at}"}}"#)).collect();
    let body = format!(r#"{{"team_id":"research","members":[{}]}}"#, members.join(","));
    let (status, _) = world.post(MASTER, PATH, &body);
    assert_eq!(status, 400);
}
