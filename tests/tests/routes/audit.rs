//! `GET /audit`

use crate::{get, post, snapshot, strict};

#[test]
fn the_log_shows_what_changed_and_what_went_along() {
    let mut world = strict(r#"{"store_audit_logs":true}"#);
    snapshot(
        &mut world,
        "audit_of_a_team",
        &post("/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"bob"}]}"#),
    );
    world.made("/team/member_update", r#"{"team_id":"t","user_id":"bob","max_budget_in_team":2}"#);
    world.key(r#"{"team_id":"t","user_id":"bob","key_alias":"a"}"#);
    snapshot(
        &mut world,
        "audit_of_a_member_who_leaves",
        &post("/team/member_delete", r#"{"team_id":"t","user_id":"bob"}"#),
    );
    snapshot(&mut world, "audit_of_a_team_that_goes", &post("/team/delete", r#"{"team_ids":["t"]}"#));
    snapshot(&mut world, "audit", &get("/audit?size=3"));
    snapshot(&mut world, "audit_last_page", &get("/audit?size=3&page=3"));
}
