//! `POST /key/delete`

use crate::{post, snapshot, strict, with_team};
use latchkey_contract::mint;
use latchkey_tests::implementation::Request;

#[test]
fn keys_are_deleted_by_key_token_or_alias() {
    let mut world = strict("{}");
    let keys: Vec<String> =
        (0..4).map(|number| world.key(&format!(r#"{{"key_alias":"k{number}"}}"#))).collect();
    let body = format!(r#"{{"keys":["{}","{}"]}}"#, keys[0], mint::token(&keys[1]));
    snapshot(&mut world, "key_delete", &post("/key/delete", &body));
    snapshot(&mut world, "key_delete_by_alias", &post("/key/delete", r#"{"key_aliases":["k2","k3"]}"#));
    snapshot(&mut world, "key_delete_of_what_is_gone", &post("/key/delete", r#"{"key_aliases":["k2"]}"#));
}

#[test]
fn owners_and_team_admins_delete_keys_and_nothing_goes_if_one_is_not_theirs() {
    let (mut world, ada, bob) = with_team();
    let of_team =
        world.key(r#"{"user_id":"bob","team_id":"research","key":"sk-the-key-of-bob-in-research"}"#);
    let own = world.key(r#"{"user_id":"bob","key":"sk-the-key-of-bob-without-a-team"}"#);
    for (name, caller, keys) in [
        ("of_another", &ada, vec![&of_team, &own]),
        ("by_a_team_admin", &ada, vec![&of_team]),
        ("by_its_owner", &bob, vec![&own]),
    ] {
        let body = format!(r#"{{"keys":{keys:?}}}"#);
        snapshot(&mut world, &format!("key_delete_{name}"), &Request::post("/key/delete", caller, body));
    }
}

#[test]
fn a_former_secret_names_the_key_of_today() {
    let mut world = strict("{}");
    let key = world.key(r#"{"key_alias":"a"}"#);
    world.made("/key/regenerate", &format!(r#"{{"key":"{key}","grace_period":"1h"}}"#));
    snapshot(
        &mut world,
        "key_delete_by_a_former_secret",
        &post("/key/delete", &format!(r#"{{"keys":["{key}"]}}"#)),
    );
}
