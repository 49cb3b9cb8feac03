//! Deleted keys: `GET /key/list?status=deleted` and `GET /key/info`

use crate::{get, snapshot, with_team};
use latchkey_contract::mint;
use latchkey_tests::implementation::Request;

#[test]
fn deleted_keys_are_shown_as_they_were_with_who_deleted_them() {
    let (mut world, ada, bob) = with_team();
    let own = world.key(
        r#"{"user_id":"bob","key":"sk-the-key-of-bob-without-a-team","key_alias":"own","models":["gpt-4"],"tags":["eu"]}"#,
    );
    let of_team =
        world.key(r#"{"user_id":"bob","team_id":"research","key":"sk-the-key-of-bob-in-research"}"#);
    world.made("/key/delete", r#"{"key_aliases":["own"]}"#);
    let body = format!(r#"{{"keys":["{of_team}"]}}"#);
    assert_eq!(world.status(&Request::post("/key/delete", &ada, body)), 200);
    snapshot(&mut world, "key_info_deleted", &get(&format!("/key/info?key={own}")));
    let token = mint::token(&of_team);
    let info = |key: &str| format!("/key/info?key={key}");
    snapshot(&mut world, "key_info_deleted_by_a_team_admin", &Request::get(&info(&token), &ada));
    snapshot(&mut world, "key_info_deleted_of_another", &Request::get(&info(&own), &ada));
    for (name, query) in [
        ("", ""),
        ("_whole", "&return_full_object=true&sort_by=key_alias&size=1"),
        ("_with_users", "&expand=user&key_alias=own"),
        ("_of_a_team", "&team_id=research"),
        ("_that_expired", "&expires=expired"),
    ] {
        let target = format!("/key/list?status=deleted{query}");
        snapshot(&mut world, &format!("key_list_deleted{name}"), &get(&target));
    }
    let target = "/key/list?status=deleted&return_full_object=true";
    snapshot(&mut world, "key_list_deleted_by_their_owner", &Request::get(target, &bob));
    let target = "/key/list?status=deleted&include_team_keys=true";
    snapshot(&mut world, "key_list_deleted_by_a_team_admin", &Request::get(target, &ada));
}
