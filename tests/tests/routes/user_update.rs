//! `POST /user/update`

use crate::{get, post, snapshot, strict};

#[test]
fn every_field_of_a_user_can_be_changed_and_taken_away() {
    let mut world = strict("{}");
    world.made("/team/new", r#"{"team_id":"research"}"#);
    world.made("/user/new", r#"{"user_id":"ada","metadata":{"office":4}}"#);
    let body = r#"{
        "user_id": "ada", "user_email": "ada@example.com", "user_role": "internal_user_viewer", "password": "a long and secret password",
        "models": ["gpt-4"], "spend": 1.5, "max_budget": 10.5, "max_parallel_requests": 3, "metadata": {"floor": 2}, "tpm_limit": 1000,
        "rpm_limit": 10, "budget_duration": "7d", "allowed_cache_controls": ["no-cache"],
        "model_max_budget": {"gpt-4": {"max_budget": 5, "budget_duration": "1d"}}
    }"#;
    snapshot(&mut world, "user_update", &post("/user/update", body));
    let nothing = r#"{
        "user_id": "ada", "user_email": null, "max_budget": null, "max_parallel_requests": null, "tpm_limit": null, "rpm_limit": null,
        "budget_duration": null, "models": []
    }"#;
    snapshot(&mut world, "user_update_to_null", &post("/user/update", nothing));
    snapshot(&mut world, "user_update_shown", &get("/user/info?user_id=ada"));
}

#[test]
fn users_are_found_by_address_and_unknown_ones_are_told() {
    let mut world = strict("{}");
    world.made("/user/new", r#"{"user_id":"ada","user_email":"ada@example.com"}"#);
    snapshot(
        &mut world,
        "user_update_by_address",
        &post("/user/update", r#"{"user_email":"ada@example.com","max_budget":3}"#),
    );
    snapshot(
        &mut world,
        "user_update_of_an_unknown_user",
        &post("/user/update", r#"{"user_id":"bob","max_budget":3}"#),
    );
    world.made("/user/new", r#"{"user_id":"bob"}"#);
    let taken = r#"{"user_id":"bob","user_email":"ada@example.com"}"#;
    snapshot(&mut world, "user_update_with_a_taken_address", &post("/user/update", taken));
}

#[test]
fn users_change_nothing_of_themselves_or_others() {
    let mut world = strict("{}");
    let ada = world.user("ada", "internal_user");
    world.user("bob", "internal_user");
    for body in [
        r#"{"user_id":"ada","user_email":"ada@example.com"}"#,
        r#"{"user_id":"ada","max_budget":100}"#,
        r#"{"user_id":"ada","user_role":"proxy_admin"}"#,
        r#"{"user_id":"bob","user_email":"x@example.com"}"#,
    ] {
        assert_eq!(world.post(&ada, "/user/update", body).0, 401, "{body}");
    }
}
