//! `GET /team/info` and `GET /team/list`

use crate::{get, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn a_team_is_shown_with_keys_and_budgets_to_its_members() {
    let (mut world, ada, bob) = with_team();
    world.made("/team/new", r#"{"team_id":"other"}"#);
    snapshot(&mut world, "team_info", &get("/team/info?team_id=research"));
    snapshot(&mut world, "team_info_by_its_admin", &Request::get("/team/info?team_id=research", &ada));
    snapshot(&mut world, "team_info_by_a_member", &Request::get("/team/info?team_id=research", &bob));
    snapshot(&mut world, "team_info_by_a_stranger", &Request::get("/team/info?team_id=other", &bob));
    snapshot(&mut world, "team_info_of_an_unknown_team", &get("/team/info?team_id=ghost"));
    snapshot(&mut world, "team_list", &get("/team/list"));
    snapshot(&mut world, "team_list_of_a_user", &get("/team/list?user_id=bob"));
    snapshot(&mut world, "team_list_by_a_member", &Request::get("/team/list?user_id=bob", &bob));
    snapshot(&mut world, "team_list_by_a_stranger", &Request::get("/team/list?user_id=ada", &bob));
}
