//! `GET /user/info`

use crate::{get, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn a_user_is_shown_with_keys_and_teams() {
    let (mut world, ada, bob) = with_team();
    snapshot(&mut world, "user_info", &get("/user/info?user_id=bob"));
    snapshot(&mut world, "user_info_of_oneself", &Request::get("/user/info", &bob));
    snapshot(&mut world, "user_info_of_another", &Request::get("/user/info?user_id=bob", &ada));
    snapshot(&mut world, "user_info_of_an_unknown_user", &get("/user/info?user_id=ghost"));
    snapshot(&mut world, "user_info_of_all", &get("/user/info"));
}
