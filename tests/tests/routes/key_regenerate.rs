//! `POST /key/regenerate` and `POST /key/{key}/regenerate`

use crate::{get, post, snapshot, strict, with_team};
use latchkey_contract::mint;
use latchkey_contract::tables::{DeprecatedToken, Millis};
use latchkey_tests::implementation::Request;
use latchkey_tests::world::text;

#[test]
fn a_key_gets_a_new_secret_and_keeps_the_rest() {
    let mut world = strict("{}");
    let key =
        world.key(r#"{"key_alias":"a","max_budget":5,"metadata":{"a":1},"duration":"9d","tags":["x"]}"#);
    let reply =
        snapshot(&mut world, "key_regenerate", &post("/key/regenerate", &format!(r#"{{"key":"{key}"}}"#)));
    let new = text(&reply, "key");
    assert_eq!(world.get(&key, "/key/info").0, 401);
    assert_eq!(world.get(&new, "/key/info").0, 200);
}

#[test]
fn a_key_is_changed_while_it_gets_a_new_secret() {
    let mut world = strict("{}");
    world.made("/team/new", r#"{"team_id":"research"}"#);
    let key = world.key(r#"{"key_alias":"a","max_budget":5,"metadata":{"a":1}}"#);
    let body = r#"{
        "key_alias": "search", "duration": "30d", "models": ["gpt-4", "claude"], "max_budget": 10.5, "team_id": "research",
        "max_parallel_requests": 3, "metadata": {"service": "search"}, "tpm_limit": 1000, "rpm_limit": 10, "budget_duration": "7d",
        "model_rpm_limit": {"gpt-4": 2}, "model_tpm_limit": {"gpt-4": 200}, "guardrails": ["no-secrets"],
        "aliases": {"fast": "gpt-4"}, "tags": ["search", "eu"], "enforced_params": ["user"]
    }"#;
    snapshot(&mut world, "key_regenerate_with_changes", &post(&format!("/key/{key}/regenerate"), body));
}

#[test]
fn the_old_secret_works_for_the_time_of_grace() {
    let mut world = strict("{}");
    let key = world.key(r#"{"user_id":"ada"}"#);
    let body = format!(r#"{{"key":"{key}","grace_period":"1h"}}"#);
    let reply = snapshot(&mut world, "key_regenerate_with_grace", &post("/key/regenerate", &body));
    let new = text(&reply, "key");
    snapshot(&mut world, "key_regenerate_shown_by_the_old_key", &Request::get("/key/info", &key));
    let body = format!(r#"{{"key":"{new}","grace_period":"2h"}}"#);
    let reply = snapshot(&mut world, "key_regenerate_twice_with_grace", &post("/key/regenerate", &body));
    assert_eq!(world.get(&key, "/key/info").0, 200);
    world.sleep(3_590.0);
    assert_eq!(world.get(&key, "/key/info").0, 200);
    world.sleep(10.0);
    assert_eq!(world.get(&key, "/key/info").0, 401);
    assert_eq!(world.get(&new, "/key/info").0, 200);
    world.sleep(3_700.0);
    assert_eq!(world.get(&new, "/key/info").0, 401);
    assert_eq!(world.get(&text(&reply, "key"), "/key/info").0, 200);
}

#[test]
fn owners_and_team_admins_renew_keys_and_others_do_not() {
    let (mut world, ada, bob) = with_team();
    let of_team =
        world.key(r#"{"user_id":"bob","team_id":"research","key":"sk-the-key-of-bob-in-research"}"#);
    let own = world.key(r#"{"user_id":"bob","key":"sk-the-key-of-bob-without-a-team"}"#);
    for (name, caller, key) in
        [("of_another", &ada, &own), ("by_its_owner", &bob, &own), ("by_a_team_admin", &ada, &of_team)]
    {
        let body = format!(r#"{{"key":"{key}"}}"#);
        snapshot(
            &mut world,
            &format!("key_regenerate_{name}"),
            &Request::post("/key/regenerate", caller, body),
        );
    }
    let looser = r#"{"max_budget":1000}"#;
    let key = world.key(r#"{"user_id":"bob","max_budget":5,"key":"sk-a-limited-key-of-bob"}"#);
    snapshot(
        &mut world,
        "key_regenerate_looser",
        &Request::post(&format!("/key/{key}/regenerate"), &bob, looser),
    );
    snapshot(
        &mut world,
        "key_regenerate_of_itself",
        &Request::post("/key/regenerate", &key, format!(r#"{{"key":"{key}"}}"#)),
    );
    snapshot(&mut world, "key_regenerate_listed", &get("/key/list?user_id=bob&return_full_object=true"));
}

#[test]
fn a_secret_that_ends_this_moment_is_forgotten() {
    let mut world = strict("{}");
    let key = world.key("{}");
    for (id, revoke_at) in [("now", 1_773_489_602_000), ("later", 1_773_489_602_001)] {
        world.put(&DeprecatedToken {
            id: id.to_owned(),
            token: id.to_owned(),
            active_token_id: mint::token(&key),
            revoke_at: Millis(revoke_at),
            ..DeprecatedToken::default()
        });
    }
    let body = format!(r#"{{"key":"{key}","grace_period":"1h"}}"#);
    snapshot(&mut world, "key_regenerate_with_secrets_that_end", &post("/key/regenerate", &body));
}

#[test]
fn a_key_gets_the_secret_that_is_wanted_if_it_is_new_and_has_the_form_of_one() {
    let (mut world, ada, bob) = with_team();
    let own = world.key(r#"{"user_id":"bob","key":"sk-the-key-of-bob-without-a-team"}"#);
    let wanted = "sk-a-secret-that-bob-has-chosen";
    let body = |key: &str, new: &str| format!(r#"{{"key":"{key}","new_key":"{new}"}}"#);
    for (name, caller, new) in [
        ("otherwise", &bob, "a-secret-that-bob-has-chosen"),
        ("short", &bob, "sk-short"),
        ("strange", &bob, "sk-with a space inside"),
        ("of_another", &bob, ada.as_str()),
        ("as_it_was", &bob, own.as_str()),
        ("by_another", &ada, bob.as_str()),
        ("wanted", &bob, wanted),
        ("former", &bob, own.as_str()),
    ] {
        let key = if name == "former" { wanted } else { own.as_str() };
        let request = Request::post("/key/regenerate", caller, body(key, new));
        snapshot(&mut world, &format!("key_regenerate_new_key_{name}"), &request);
    }
    assert_eq!(world.get(&own, "/key/info").0, 401);
    assert_eq!(world.get(wanted, "/key/info").0, 200);
    // null is no wish, and a dry run tells of both rules
    let request = Request::post(&format!("/key/{wanted}/regenerate"), &bob, r#"{"new_key":null}"#.to_owned());
    assert_eq!(world.status(&request), 200);
    let body = body("bob-research", "sk-short");
    let body = body.replace("bob-research", &mint::token(&ada));
    snapshot(&mut world, "key_regenerate_new_key_dry_run", &post("/key/regenerate?dry_run=true", &body));
}
