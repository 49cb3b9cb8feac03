//! `DELETE /organization/delete`

use crate::organizations::{delete, sent, with_organization};
use crate::{get, snapshot};

const PATH: &str = "/organization/delete";

#[test]
fn an_organization_goes_with_its_memberships_and_keys() {
    let (mut world, [_, _, dan]) = with_organization();
    snapshot(
        &mut world,
        "organization_delete_with_teams",
        &delete(PATH, r#"{"organization_ids":["other","acme"]}"#),
    );
    world.made("/team/delete", r#"{"team_ids":["research","sales"]}"#);
    let key = world.key(r#"{"organization_id":"acme","user_id":"dan"}"#);
    world.set("LiteLLM_UserTable", "eve", "organization_id", "\"acme\"");
    let both = r#"{"organization_ids":["acme","none"]}"#;
    snapshot(&mut world, "organization_delete_of_none", &delete(PATH, both));
    snapshot(&mut world, "organization_delete", &delete(PATH, r#"{"organization_ids":["acme","acme"]}"#));
    assert_eq!(world.get(&key, "/key/info").0, 401);
    assert_eq!(world.get(&dan, "/key/info").0, 200);
    assert_eq!(world.send(&get("/organization/info?organization_id=acme")).0, 404);
    assert_eq!(world.send(&delete(PATH, r#"{"organization_ids":[]}"#)).0, 200);
}

#[test]
fn proxy_admins_alone_delete_organizations() {
    let (mut world, [ada, ..]) = with_organization();
    let body = r#"{"organization_ids":["other"]}"#;
    snapshot(&mut world, "organization_delete_by_an_admin", &sent("DELETE", PATH, &ada, body));
}

#[test]
fn a_team_that_is_made_meanwhile_keeps_its_organization() {
    let (mut world, _) = with_organization();
    let (one, meanwhile) = (
        delete(PATH, r#"{"organization_ids":["other"]}"#),
        crate::post("/team/new", r#"{"team_id":"late","organization_id":"other"}"#),
    );
    assert_eq!(world.send_while(&one, &meanwhile).status, 409);
    assert_eq!(world.send(&get("/organization/info?organization_id=other")).0, 200);
}
