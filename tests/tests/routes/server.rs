//! The routes about the server itself.

use crate::snapshot::compare;
use crate::{get, snapshot, strict};
use latchkey_contract::json::Json;
use latchkey_tests::implementation::Request;

#[test]
fn the_server_says_that_it_is_alive() {
    let mut world = strict("{}");
    for name in ["liveliness", "liveness"] {
        snapshot(&mut world, &format!("health_{name}"), &get(&format!("/health/{name}")));
    }
    let response = world.response(&get("/docs"));
    let html = String::from_utf8_lossy(&response.body);
    assert!(response.status == 200 && html.contains("openapi.json"), "{html}");
    let (status, reply) = world.send(&get("/openapi.json"));
    let paths = reply.get("paths").and_then(Json::as_dict).map(<[_]>::len);
    assert!(status == 200 && paths > Some(30), "{paths:?}");
}

#[test]
fn the_policy_shows_the_rules_in_force_without_secrets() {
    let mut world = strict(
        r#"{
            "default_key_generate_params": {"max_budget": 5}, "upperbound_key_generate_params": {"max_budget": 100, "duration": "30d"},
            "key_generation_settings": {"personal_key_generation": {"allowed_user_roles": ["internal_user", "proxy_admin"]}}
        }"#,
    );
    let ada = world.user("ada", "internal_user");
    let (status, mut reply) = world.send(&Request::get("/policy", &ada));
    // it changes with every change of the rules
    reply.set("rules_digest", Json::Null);
    assert_eq!(status, 200);
    compare("policy", &reply);
}
