//! `POST /key/generate`

use crate::{post, snapshot, strict, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn a_key_has_everything_that_the_request_gives() {
    let mut world = strict("{}");
    world.made(
        "/team/new",
        r#"{"team_id":"research","members_with_roles":[{"role":"user","user_id":"ada"}]}"#,
    );
    let body = r#"{
        "key": "sk-a-key-of-our-own-choice", "key_alias": "search", "duration": "30d", "models": ["gpt-4", "claude"], "spend": 1.5,
        "max_budget": 10.5, "user_id": "ada", "team_id": "research", "max_parallel_requests": 3, "metadata": {"service": "search"},
        "tpm_limit": 1000, "rpm_limit": 10, "budget_duration": "7d", "allowed_cache_controls": ["no-cache"],
        "config": {"a": 1}, "permissions": {"get_spend_routes": true}, "model_max_budget": {"gpt-4": {"max_budget": 5, "budget_duration": "1d"}},
        "model_rpm_limit": {"gpt-4": 2}, "model_tpm_limit": {"gpt-4": 200}, "guardrails": ["no-secrets"], "blocked": false,
        "aliases": {"fast": "gpt-4"}, "tags": ["search", "eu"], "enforced_params": ["user"], "soft_budget": 8
    }"#;
    snapshot(&mut world, "key_generate", &post("/key/generate", body));
}

#[test]
fn an_empty_request_makes_a_key_without_limits() {
    let mut world = strict("{}");
    snapshot(&mut world, "key_generate_of_nothing", &post("/key/generate", "{}"));
}

#[test]
fn defaults_fill_what_a_request_leaves_out_and_bounds_what_they_leave_out() {
    let mut world = strict(
        r#"{
            "default_key_generate_params": {"max_budget": 5, "models": ["gpt-4"], "tpm_limit": 100, "metadata": {"origin": "default"}},
            "upperbound_key_generate_params": {
                "max_budget": 100, "budget_duration": "30d", "max_parallel_requests": 9, "tpm_limit": 10000, "rpm_limit": 60, "duration": "90d"
            }
        }"#,
    );
    snapshot(&mut world, "key_generate_by_defaults", &post("/key/generate", r#"{"key_alias":"plain"}"#));
    let body =
        r#"{"max_budget":50,"tpm_limit":500,"duration":"1h","models":["claude"],"budget_duration":"1d"}"#;
    snapshot(&mut world, "key_generate_within_bounds", &post("/key/generate", body));
    let body = r#"{"max_budget":101,"tpm_limit":10001,"rpm_limit":61,"max_parallel_requests":10,"duration":"91d","budget_duration":"31d"}"#;
    for name in
        ["max_budget", "tpm_limit", "rpm_limit", "max_parallel_requests", "duration", "budget_duration"]
    {
        let value = latchkey_tests::world::json(body)
            .get(name)
            .map(latchkey_contract::json::write)
            .unwrap_or_default();
        let body = format!(r#"{{"{name}":{value}}}"#);
        assert_eq!(world.generate(&body), 400, "{body}");
    }
}

#[test]
fn a_key_of_a_budget_takes_its_limits_from_there() {
    let mut world = strict("{}");
    world.made("/budget/new", r#"{"budget_id":"small","max_budget":3,"tpm_limit":30}"#);
    snapshot(
        &mut world,
        "key_generate_of_a_budget",
        &post("/key/generate", r#"{"budget_id":"small","key_alias":"a"}"#),
    );
}

#[test]
fn users_make_keys_for_themselves_alone_and_with_their_team() {
    let (mut world, ada, bob) = with_team();
    let own = Request::post("/key/generate", &bob, r#"{"key_alias":"bobs","models":["gpt-4"]}"#);
    snapshot(&mut world, "key_generate_by_a_user", &own);
    let of_team = Request::post("/key/generate", &ada, r#"{"team_id":"research","max_budget":10}"#);
    snapshot(&mut world, "key_generate_by_a_team_admin", &of_team);
    let foreign = Request::post("/key/generate", &bob, r#"{"user_id":"ada"}"#);
    snapshot(&mut world, "key_generate_for_another", &foreign);
}

#[test]
fn an_alias_and_a_key_are_used_once() {
    let mut world = strict("{}");
    world.key(r#"{"key":"sk-a-key-of-our-own-choice","key_alias":"a"}"#);
    snapshot(&mut world, "key_generate_with_a_taken_alias", &post("/key/generate", r#"{"key_alias":"a"}"#));
    snapshot(
        &mut world,
        "key_generate_with_a_taken_key",
        &post("/key/generate", r#"{"key":"sk-a-key-of-our-own-choice"}"#),
    );
}

#[test]
fn the_settings_say_who_makes_keys_and_with_what() {
    let mut world = strict(
        r#"{"key_generation_settings": {
            "team_key_generation": {"allowed_team_member_roles": ["admin"], "required_params": ["tags"]},
            "personal_key_generation": {"allowed_user_roles": ["proxy_admin"], "required_params": ["key_alias"]}
        }}"#,
    );
    let [ada, bob] = ["ada", "bob"].map(|id| world.user(id, "internal_user"));
    let members = r#"[{"role":"admin","user_id":"ada"},{"role":"user","user_id":"bob"}]"#;
    world.made("/team/new", &format!(r#"{{"team_id":"t","members_with_roles":{members}}}"#));
    for (name, key, body) in [
        ("by_a_role_that_may_not", &ada, r#"{"key_alias":"x"}"#),
        ("by_a_member_who_may_not", &bob, r#"{"team_id":"t","tags":["a"]}"#),
        ("without_what_teams_ask_for", &ada, r#"{"team_id":"t"}"#),
        ("with_what_teams_ask_for", &ada, r#"{"team_id":"t","tags":["a"]}"#),
    ] {
        snapshot(&mut world, &format!("key_generate_{name}"), &Request::post("/key/generate", key, body));
    }
    snapshot(&mut world, "key_generate_without_what_persons_are_asked_for", &post("/key/generate", "{}"));
}

#[test]
fn a_key_hands_on_no_more_than_it_has() {
    let mut world = strict("{}");
    world.user("ada", "internal_user");
    let limited = world.key(
        r#"{"user_id":"ada","max_budget":10,"models":["gpt-4"],"tpm_limit":100,"rpm_limit":10,"max_parallel_requests":2,"duration":"10d","budget_duration":"5d"}"#,
    );
    snapshot(&mut world, "key_generate_by_a_limited_key", &Request::post("/key/generate", &limited, "{}"));
    for (name, body) in [
        ("a_larger_budget", r#"{"max_budget":11}"#),
        ("other_models", r#"{"models":["claude"]}"#),
        ("more_tokens", r#"{"tpm_limit":101}"#),
        ("more_requests", r#"{"rpm_limit":11}"#),
        ("more_at_a_time", r#"{"max_parallel_requests":3}"#),
        ("a_later_end", r#"{"duration":"11d"}"#),
        ("a_sooner_renewal", r#"{"budget_duration":"1d"}"#),
        (
            "all_at_once",
            r#"{"max_budget":10,"models":["gpt-4"],"tpm_limit":100,"rpm_limit":10,"max_parallel_requests":2,"duration":"9d","budget_duration":"5d"}"#,
        ),
    ] {
        snapshot(
            &mut world,
            &format!("key_generate_hands_on_{name}"),
            &Request::post("/key/generate", &limited, body),
        );
    }
}
