//! Which keys open the door: whether a key may be used now.

use crate::{snapshot, strict, with_team};
use latchkey_contract::mint;
use latchkey_tests::implementation::Request;
use latchkey_tests::world::MASTER;

const KEYS: &str = "LiteLLM_VerificationToken";
const USERS: &str = "LiteLLM_UserTable";
const TEAMS: &str = "LiteLLM_TeamTable";

#[test]
fn a_key_that_has_spent_its_budget_makes_no_keys() {
    let (mut world, _, bob) = with_team();
    let make = Request::post("/key/generate", &bob, "{}");
    world.made("/key/update", &format!(r#"{{"key":"{bob}","max_budget":5}}"#));
    for (spend, expected) in [("4.99", 200), ("5.0", 400)] {
        world.set(KEYS, &mint::token(&bob), "spend", spend);
        assert_eq!(world.status(&make), expected, "{spend}");
    }
    snapshot(&mut world, "caller_over_the_budget_of_the_key", &make);
}

#[test]
fn a_key_that_has_spent_the_amount_of_its_budget_row_makes_no_keys() {
    let mut world = strict("{}");
    world.user("bob", "internal_user");
    world.made("/budget/new", r#"{"budget_id":"small","max_budget":3}"#);
    let key = world.key(r#"{"user_id":"bob","budget_id":"small"}"#);
    let make = Request::post("/key/generate", &key, r#"{"max_budget":1}"#);
    assert_eq!(world.status(&make), 200);
    world.set(KEYS, &mint::token(&key), "spend", "3.5");
    snapshot(&mut world, "caller_over_the_budget_row", &make);
}

#[test]
fn a_user_who_has_spent_the_budget_makes_no_keys() {
    let (mut world, _, bob) = with_team();
    let make = Request::post("/key/generate", &bob, "{}");
    world.set(USERS, "bob", "max_budget", "5.0");
    for (spend, expected) in [("5.0", 200), ("5.01", 400)] {
        world.set(USERS, "bob", "spend", spend);
        assert_eq!(world.status(&make), expected, "{spend}");
    }
    snapshot(&mut world, "caller_over_the_budget_of_the_user", &make);
}

#[test]
fn a_member_who_has_spent_the_budget_in_the_team_makes_no_keys_with_a_key_of_it() {
    let (mut world, _, _) = with_team();
    let key = world.key(r#"{"team_id":"research","user_id":"bob"}"#);
    let make = Request::post("/key/generate", &key, r#"{"team_id":"research"}"#);
    for (spend, expected) in [("0.0", 200), ("20.0", 200), ("20.5", 400)] {
        world.set_of("LiteLLM_TeamMembership", &["bob", "research"], "spend", spend);
        assert_eq!(world.status(&make), expected, "{spend}");
    }
    snapshot(&mut world, "caller_over_the_budget_in_the_team", &make);
}

#[test]
fn a_key_of_a_team_that_has_spent_its_budget_or_is_blocked_makes_no_keys() {
    let (mut world, _, _) = with_team();
    let key = world.key(r#"{"team_id":"research","user_id":"ada"}"#);
    let make = Request::post("/key/generate", &key, r#"{"team_id":"research"}"#);
    for (spend, expected) in [("500.0", 200), ("500.5", 400)] {
        world.set(TEAMS, "research", "spend", spend);
        assert_eq!(world.status(&make), expected, "{spend}");
    }
    snapshot(&mut world, "caller_over_the_budget_of_the_team", &make);
    world.set(TEAMS, "research", "spend", "0.0");
    world.made("/team/update", r#"{"team_id":"research","blocked":true}"#);
    snapshot(&mut world, "caller_of_a_blocked_team", &make);
}

#[test]
fn an_increase_for_a_time_counts_until_it_ends() {
    let (mut world, _, bob) = with_team();
    let make = Request::post("/key/generate", &bob, r#"{"max_budget":1}"#);
    let body = r#"{"key":"KEY","max_budget":5,"temp_budget_increase":5,"temp_budget_expiry":"2026-03-15T00:00:00Z"}"#;
    world.made("/key/update", &body.replace("KEY", &bob));
    for (spend, expected) in [("9.5", 200), ("10.0", 400)] {
        world.set(KEYS, &mint::token(&bob), "spend", spend);
        assert_eq!(world.status(&make), expected, "{spend}");
    }
    world.set(KEYS, &mint::token(&bob), "spend", "9.5");
    world.sleep(43_200.0);
    assert_eq!(world.status(&make), 400);
}

#[test]
fn an_expired_key_and_an_unknown_one_open_nothing() {
    let mut world = strict("{}");
    let key = world.key(r#"{"duration":"1h"}"#);
    assert_eq!(world.get(&key, "/key/info").0, 200);
    world.sleep(3_600.0);
    snapshot(&mut world, "caller_with_an_expired_key", &Request::get("/key/info", &key));
    snapshot(
        &mut world,
        "caller_with_an_unknown_key",
        &Request::get("/key/info", "sk-unknown-key-of-the-tests"),
    );
    snapshot(&mut world, "caller_without_a_form", &Request::get("/key/info", "unknown"));
    let mut without = Request::get("/key/info", MASTER);
    without.headers.clear();
    snapshot(&mut world, "caller_without_a_key", &without);
}

#[test]
fn a_key_is_read_from_the_headers_of_other_clients() {
    let mut world = strict("{}");
    let key = world.key(r#"{"user_id":"ada"}"#);
    for (name, value) in [
        ("x-api-key", key.clone()),
        ("api-key", key.clone()),
        ("x-goog-api-key", key.clone()),
        ("authorization", format!("Bearer {key}")),
    ] {
        let mut request = Request::get("/key/info", MASTER);
        request.headers = vec![(name.to_owned(), value)];
        assert_eq!(world.status(&request), 200, "{name}");
    }
}
