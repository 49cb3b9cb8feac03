//! `POST /key/bulk_update` and `POST /team/key/bulk_update`

use crate::{post, snapshot, strict, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn several_keys_change_and_what_could_not_is_told() {
    let mut world = strict("{}");
    let [a, b] = ["a", "b"].map(|alias| world.key(&format!(r#"{{"key_alias":"{alias}"}}"#)));
    let items = format!(
        r#"{{"key":"{a}","max_budget":5,"tags":["x"]}},{{"key":"{b}","max_budget":-5}},{{"key":"sk-none"}},{{"key":"{a}"}}"#
    );
    snapshot(&mut world, "key_bulk_update", &post("/key/bulk_update", &format!(r#"{{"keys":[{items}]}}"#)));
    snapshot(&mut world, "key_bulk_update_of_none", &post("/key/bulk_update", r#"{"keys":[]}"#));
    snapshot(
        &mut world,
        "key_bulk_update_invalid",
        &post("/key/bulk_update", r#"{"keys":[{"max_budget":1}]}"#),
    );
    let many = vec![r#"{"key":"x"}"#; 501].join(",");
    snapshot(
        &mut world,
        "key_bulk_update_of_many",
        &post("/key/bulk_update", &format!(r#"{{"keys":[{many}]}}"#)),
    );
    let user = world.user("ada", "internal_user");
    snapshot(
        &mut world,
        "key_bulk_update_by_a_user",
        &Request::post("/key/bulk_update", &user, r#"{"keys":[]}"#),
    );
}

#[test]
fn the_keys_of_a_team_change_together() {
    const PATH: &str = "/team/key/bulk_update";
    let (mut world, ada, bob) = with_team();
    let all = r#"{"team_id":"research","all_keys_in_team":true,"update_fields":{"max_budget":7}}"#;
    snapshot(&mut world, "team_key_bulk_update", &post(PATH, all));
    snapshot(&mut world, "team_key_bulk_update_by_its_admin", &Request::post(PATH, &ada, all));
    snapshot(&mut world, "team_key_bulk_update_by_a_member", &Request::post(PATH, &bob, all));
    let stranger = world.user("eve", "internal_user");
    snapshot(&mut world, "team_key_bulk_update_by_a_stranger", &Request::post(PATH, &stranger, all));
    for (name, selection, fields) in [
        ("of_others", r#""key_ids":["sk-none"]"#, r#"{"max_budget":7}"#),
        ("of_none", r#""key_ids":[]"#, r#"{"max_budget":7}"#),
        ("strange", r#""all_keys_in_team":true"#, r#"{"user_id":"x"}"#),
        ("empty", r#""all_keys_in_team":true"#, "{}"),
        ("wrong", r#""all_keys_in_team":true"#, r#"{"max_budget":"x"}"#),
    ] {
        let body = format!(r#"{{"team_id":"research",{selection},"update_fields":{fields}}}"#);
        snapshot(&mut world, &format!("team_key_bulk_update_{name}"), &post(PATH, &body));
    }
    let none = r#"{"team_id":"none","all_keys_in_team":true,"update_fields":{"max_budget":7}}"#;
    snapshot(&mut world, "team_key_bulk_update_of_no_team", &post(PATH, none));
}
