//! `POST /user/new`

use crate::{post, snapshot, strict};

const EVERYTHING: &str = r#"{
    "user_id": "ada", "user_email": "ada@example.com", "user_alias": "Ada", "user_role": "internal_user", "teams": ["research"],
    "key_alias": "adas", "duration": "30d", "models": ["gpt-4"], "spend": 1.5, "max_budget": 10.5, "max_parallel_requests": 3,
    "metadata": {"office": 4}, "tpm_limit": 1000, "rpm_limit": 10, "budget_duration": "7d", "allowed_cache_controls": ["no-cache"],
    "config": {"a": 1}, "permissions": {"get_spend_routes": true}, "model_max_budget": {"gpt-4": {"max_budget": 5, "budget_duration": "1d"}},
    "model_rpm_limit": {"gpt-4": 2}, "model_tpm_limit": {"gpt-4": 200}, "guardrails": ["no-secrets"], "blocked": false,
    "aliases": {"fast": "gpt-4"}
}"#;

#[test]
fn a_user_and_the_key_have_everything_that_the_request_gives() {
    let mut world = strict("{}");
    world.made("/team/new", r#"{"team_id":"research"}"#);
    snapshot(&mut world, "user_new", &post("/user/new", EVERYTHING));
    snapshot(&mut world, "user_new_of_nothing", &post("/user/new", "{}"));
    snapshot(
        &mut world,
        "user_new_without_a_key",
        &post("/user/new", r#"{"user_id":"bob","auto_create_key":false,"max_budget":2}"#),
    );
}

#[test]
fn a_new_user_joins_the_team_of_the_key() {
    let mut world = strict("{}");
    world.made("/team/new", r#"{"team_id":"research","models":["gpt-4"]}"#);
    let body = r#"{"user_id":"ada","user_email":"ada@example.com","team_id":"research"}"#;
    snapshot(&mut world, "user_new_in_a_team", &post("/user/new", body));
    snapshot(
        &mut world,
        "user_new_in_an_unknown_team",
        &post("/user/new", r#"{"user_id":"bob","team_id":"ghost"}"#),
    );
    snapshot(
        &mut world,
        "user_new_with_unknown_teams",
        &post("/user/new", r#"{"user_id":"bob","teams":["research","ghost"]}"#),
    );
}

#[test]
fn the_settings_fill_what_a_new_user_leaves_out() {
    let mut world = strict(
        r#"{
            "default_internal_user_params": {"user_role": "internal_user", "max_budget": 7, "budget_duration": "1d", "models": ["gpt-4"]},
            "max_internal_user_budget": 9, "internal_user_budget_duration": "3d"
        }"#,
    );
    snapshot(&mut world, "user_new_by_defaults", &post("/user/new", r#"{"user_id":"ada"}"#));
    let admin = r#"{"user_id":"root","user_role":"proxy_admin"}"#;
    snapshot(&mut world, "user_new_of_an_admin", &post("/user/new", admin));
    let own = r#"{"user_id":"bob","user_role":"internal_user","max_budget":1,"budget_duration":"2d","models":["claude"]}"#;
    snapshot(&mut world, "user_new_despite_defaults", &post("/user/new", own));
}

#[test]
fn users_and_their_keys_stay_within_the_bounds() {
    let bounds = r#"{"upperbound_key_generate_params":{"max_budget":100,"budget_duration":"30d","duration":"90d","tpm_limit":1000,"rpm_limit":10,"max_parallel_requests":4}}"#;
    let mut world = strict(bounds);
    snapshot(&mut world, "user_new_bounded", &post("/user/new", r#"{"user_id":"ada"}"#));
    let within = r#"{"user_id":"bob","max_budget":50,"budget_duration":"1d","duration":"1h","tpm_limit":9,"rpm_limit":8,"max_parallel_requests":2}"#;
    snapshot(&mut world, "user_new_within_bounds", &post("/user/new", within));
    snapshot(
        &mut world,
        "user_new_above_bounds",
        &post("/user/new", r#"{"user_id":"eve","max_budget":101,"tpm_limit":1001}"#),
    );
}

#[test]
fn ids_addresses_and_aliases_are_used_once() {
    let mut world = strict("{}");
    world.made("/user/new", r#"{"user_id":"ada","user_email":"ada@example.com","key_alias":"adas"}"#);
    for (name, body) in [
        ("id", r#"{"user_id":"ada"}"#),
        ("address", r#"{"user_id":"bob","user_email":"ADA@example.com"}"#),
        ("alias", r#"{"user_id":"bob","key_alias":"adas"}"#),
    ] {
        snapshot(&mut world, &format!("user_new_with_a_taken_{name}"), &post("/user/new", body));
    }
}
