//! `GET /v2/team/list` and `GET /team/available`

use crate::{get, snapshot, strict, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn teams_are_listed_page_by_page() {
    let (mut world, ada, _) = with_team();
    world.made("/team/new", r#"{"team_id":"b","team_alias":"Beta"}"#);
    world.made("/team/new", r#"{"team_id":"g","team_alias":"Gamma"}"#);
    for (name, query) in [
        ("", ""),
        ("_page", "?page=2&page_size=2"),
        ("_by_alias", "?team_alias=BET&page_size=5"),
        ("_by_search", "?search=amm"),
        ("_of_a_user", "?user_id=ada"),
        ("_sorted", "?sort_by=team_alias&sort_order=desc&page_size=1"),
        ("_deleted", "?status=deleted"),
        ("_wrong", "?page=0&page_size=101"),
        ("_in_no_state", "?status=zork"),
    ] {
        snapshot(&mut world, &format!("v2_team_list{name}"), &get(&format!("/v2/team/list{query}")));
    }
    snapshot(
        &mut world,
        "v2_team_list_by_a_user",
        &Request::get("/v2/team/list?user_id=ada&page_size=5", &ada),
    );
    snapshot(&mut world, "v2_team_list_of_others", &Request::get("/v2/team/list", &ada));
}

#[test]
fn teams_that_are_open_are_shown() {
    let mut world = strict(r#"{"default_internal_user_params":{"available_teams":["open","own","gone"]}}"#);
    for id in ["open", "own", "closed"] {
        world.made("/team/new", &format!(r#"{{"team_id":"{id}"}}"#));
    }
    let ada = world.user("ada", "internal_user");
    world.made("/team/member_add", r#"{"team_id":"own","member":{"role":"user","user_id":"ada"}}"#);
    snapshot(&mut world, "team_available", &Request::get("/team/available", &ada));
    snapshot(&mut world, "team_available_to_nobody", &get("/team/available"));
}
