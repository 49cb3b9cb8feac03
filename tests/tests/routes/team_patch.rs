//! `PATCH /team/{team_id}`

use crate::{MASTER, snapshot, with_team};
use latchkey_tests::implementation::Request;

#[test]
fn a_team_is_changed_by_its_path() {
    let (mut world, ada, _) = with_team();
    let patch = |team: &str, key: &str, body: &str| Request {
        method: "PATCH".to_owned(),
        ..Request::post(&format!("/team/{team}"), key, body)
    };
    snapshot(&mut world, "team_patch", &patch("research", MASTER, r#"{"max_budget":null,"team_alias":"R"}"#));
    snapshot(&mut world, "team_patch_of_another", &patch("research", MASTER, r#"{"team_id":"other"}"#));
    snapshot(&mut world, "team_patch_of_none", &patch("none", MASTER, r#"{"team_alias":"R"}"#));
    snapshot(&mut world, "team_patch_by_its_admin", &patch("research", &ada, r#"{"team_alias":"R"}"#));
    // a path that is another route's is no way around the judgement of roles
    snapshot(&mut world, "team_patch_of_a_route", &patch("info", &ada, r#"{"team_alias":"R"}"#));
}
