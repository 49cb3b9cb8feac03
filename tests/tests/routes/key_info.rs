//! `GET /key/info` and `POST /v2/key/info`

use crate::{get, post, snapshot, strict, with_team};
use latchkey_contract::mint;
use latchkey_tests::implementation::Request;

const EVERYTHING: &str = r#"{
    "key_alias": "search", "duration": "30d", "models": ["gpt-4", "claude"], "spend": 1.5, "max_budget": 10.5, "user_id": "ada",
    "team_id": "research", "max_parallel_requests": 3, "metadata": {"service": "search"}, "tpm_limit": 1000, "rpm_limit": 10,
    "budget_duration": "7d", "model_max_budget": {"gpt-4": {"max_budget": 5, "budget_duration": "1d"}}, "aliases": {"fast": "gpt-4"},
    "budget_id": "small", "tags": ["eu"]
}"#;

#[test]
fn a_key_is_shown_whole_by_key_and_by_token() {
    let mut world = strict("{}");
    world.made(
        "/team/new",
        r#"{"team_id":"research","members_with_roles":[{"role":"user","user_id":"ada"}]}"#,
    );
    world.made("/budget/new", r#"{"budget_id":"small","max_budget":3,"rpm_limit":4}"#);
    let key = world.key(EVERYTHING);
    snapshot(&mut world, "key_info", &get(&format!("/key/info?key={key}")));
    snapshot(&mut world, "key_info_by_token", &get(&format!("/key/info?key={}", mint::token(&key))));
    snapshot(&mut world, "key_info_of_itself", &Request::get("/key/info", &key));
    snapshot(&mut world, "key_info_of_an_unknown_key", &get("/key/info?key=sk-unknown-key-of-the-tests"));
}

#[test]
fn several_keys_are_shown_to_whoever_may_see_them() {
    let (mut world, ada, bob) = with_team();
    let of_team =
        world.key(r#"{"user_id":"bob","team_id":"research","key":"sk-the-key-of-bob-in-research"}"#);
    let own = world.key(r#"{"user_id":"bob","key":"sk-the-key-of-bob-without-a-team"}"#);
    let body = format!(r#"{{"keys":["{of_team}","{own}","sk-unknown-key-of-the-tests"]}}"#);
    for (name, caller) in [("by_a_team_admin", &ada), ("by_their_owner", &bob)] {
        snapshot(
            &mut world,
            &format!("v2_key_info_{name}"),
            &Request::post("/v2/key/info", caller, body.clone()),
        );
    }
    snapshot(
        &mut world,
        "v2_key_info_by_alias",
        &post("/v2/key/info", r#"{"key_aliases":["bob-research"]}"#),
    );
    snapshot(
        &mut world,
        "key_info_by_a_team_admin",
        &Request::get(&format!("/key/info?key={of_team}"), &ada),
    );
    snapshot(&mut world, "key_info_of_another", &Request::get(&format!("/key/info?key={own}"), &ada));
}
