//! `POST /key/update`

use crate::{get, post, snapshot, strict, with_team};
use latchkey_tests::implementation::Request;

const EVERYTHING: &str = r#"{
    "key": "KEY", "key_alias": "search", "duration": "30d", "models": ["gpt-4", "claude"], "spend": 1.5, "max_budget": 10.5,
    "user_id": "ada", "team_id": "research", "max_parallel_requests": 3, "metadata": {"service": "search"}, "tpm_limit": 1000,
    "rpm_limit": 10, "budget_duration": "7d", "allowed_cache_controls": ["no-cache"], "config": {"a": 1},
    "permissions": {"get_spend_routes": true}, "model_max_budget": {"gpt-4": {"max_budget": 5, "budget_duration": "1d"}},
    "model_rpm_limit": {"gpt-4": 2}, "model_tpm_limit": {"gpt-4": 200}, "guardrails": ["no-secrets"], "blocked": false,
    "aliases": {"fast": "gpt-4"}, "tags": ["search", "eu"], "enforced_params": ["user"], "budget_id": "small",
    "temp_budget_increase": 5, "temp_budget_expiry": "2026-04-01T00:00:00Z"
}"#;

#[test]
fn every_field_of_a_key_can_be_changed_and_taken_away() {
    let mut world = strict("{}");
    world.made(
        "/team/new",
        r#"{"team_id":"research","members_with_roles":[{"role":"user","user_id":"ada"}]}"#,
    );
    world.made("/budget/new", r#"{"budget_id":"small","max_budget":3}"#);
    let key = world.key(r#"{"metadata":{"kept":"no"},"tags":["old"]}"#);
    snapshot(&mut world, "key_update", &post("/key/update", &EVERYTHING.replace("KEY", &key)));
    let nothing = format!(
        r#"{{"key":"{key}","key_alias":null,"duration":null,"max_budget":null,"max_parallel_requests":null,"tpm_limit":null,
            "rpm_limit":null,"budget_duration":null,"budget_id":null,"models":[],"guardrails":null,"tags":null}}"#
    );
    snapshot(&mut world, "key_update_to_null", &post("/key/update", &nothing));
    snapshot(&mut world, "key_update_shown", &get(&format!("/key/info?key={key}")));
}

#[test]
fn what_a_change_leaves_out_stays() {
    let mut world = strict("{}");
    let key = world.key(r#"{"metadata":{"a":1},"max_budget":5,"models":["gpt-4"],"duration":"1d","tags":["x"],"model_rpm_limit":{"gpt-4":2}}"#);
    snapshot(
        &mut world,
        "key_update_of_one_field",
        &post("/key/update", &format!(r#"{{"key":"{key}","tpm_limit":7}}"#)),
    );
    let metadata = format!(r#"{{"key":"{key}","metadata":{{"b":2}}}}"#);
    snapshot(&mut world, "key_update_of_metadata", &post("/key/update", &metadata));
    let tags = format!(r#"{{"key":"{key}","tags":["y"],"model_tpm_limit":{{"gpt-4":9}}}}"#);
    snapshot(&mut world, "key_update_of_tags", &post("/key/update", &tags));
    snapshot(&mut world, "key_update_of_nothing", &post("/key/update", &format!(r#"{{"key":"{key}"}}"#)));
}

#[test]
fn owners_change_what_is_theirs_to_change() {
    let (mut world, ada, bob) = with_team();
    let own = world.key(
        r#"{"user_id":"bob","max_budget":5,"models":["gpt-4","claude"],"tpm_limit":10,"duration":"9d"}"#,
    );
    for (name, key, body) in [
        (
            "tighter",
            &bob,
            r#""max_budget":4,"models":["gpt-4"],"tpm_limit":9,"key_alias":"mine","metadata":{"note":1}"#,
        ),
        ("looser", &bob, r#""max_budget":6"#),
        ("other_models", &bob, r#""models":["gpt-5"]"#),
        ("all_models", &bob, r#""models":[]"#),
        ("given_away", &bob, r#""user_id":"ada""#),
        ("without_a_limit", &bob, r#""tpm_limit":null"#),
        ("later", &bob, r#""duration":"30d""#),
        ("of_another", &ada, r#""max_budget":1"#),
    ] {
        let body = format!(r#"{{"key":"{own}",{body}}}"#);
        snapshot(&mut world, &format!("key_update_{name}"), &Request::post("/key/update", key, body));
    }
}

#[test]
fn admins_of_a_team_change_its_keys_and_members_move_theirs_into_it() {
    let (mut world, ada, bob) = with_team();
    let of_team = world.key(r#"{"user_id":"bob","team_id":"research"}"#);
    let change = format!(r#"{{"key":"{of_team}","max_budget":7,"rpm_limit":3}}"#);
    snapshot(&mut world, "key_update_by_a_team_admin", &Request::post("/key/update", &ada, change));
    let own = world.key(r#"{"user_id":"bob","max_budget":5}"#);
    let moved = format!(r#"{{"key":"{own}","team_id":"research"}}"#);
    snapshot(&mut world, "key_update_into_a_team", &Request::post("/key/update", &bob, moved));
    let unknown = r#"{"key":"sk-unknown-key-of-the-tests","max_budget":7}"#;
    snapshot(&mut world, "key_update_of_an_unknown_key", &post("/key/update", unknown));
}
