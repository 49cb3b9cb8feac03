//! `POST /key/service-account/generate`

use crate::{post, snapshot, with_team};
use latchkey_tests::implementation::Request;

const PATH: &str = "/key/service-account/generate";

#[test]
fn a_service_account_belongs_to_a_team_and_to_no_user() {
    let (mut world, ada, bob) = with_team();
    let named = r#"{"team_id":"research","key_alias":"nightly","user_id":"bob"}"#;
    snapshot(&mut world, "key_service_account_generate", &post(PATH, named));
    let own = r#"{"team_id":"research","metadata":{"service_account_id":"s1"}}"#;
    snapshot(&mut world, "key_service_account_generate_by_a_team_admin", &Request::post(PATH, &ada, own));
    world.made(
        "/team/permissions_update",
        r#"{"team_id":"research","team_member_permissions":["/key/generate"]}"#,
    );
    snapshot(&mut world, "key_service_account_generate_by_a_member", &Request::post(PATH, &bob, own));
    snapshot(&mut world, "key_service_account_generate_without_team", &post(PATH, "{}"));
    snapshot(&mut world, "key_service_account_generate_of_no_team", &post(PATH, r#"{"team_id":"none"}"#));
    let stranger = world.user("eve", "internal_user");
    snapshot(&mut world, "key_service_account_generate_by_a_stranger", &Request::post(PATH, &stranger, own));
}
