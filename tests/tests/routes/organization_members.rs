//! `POST /organization/member_add`, `PATCH /organization/member_update` and `DELETE /organization/member_delete`

use crate::organizations::{delete, patch, sent, with_organization};
use crate::{post, snapshot};
use latchkey_tests::implementation::Request;
use latchkey_tests::world::MASTER;

const ADD: &str = "/organization/member_add";
const UPDATE: &str = "/organization/member_update";
const DELETE: &str = "/organization/member_delete";

fn of(organization: &str, rest: &str) -> String {
    format!(r#"{{"organization_id":"{organization}",{rest}}}"#)
}

#[test]
fn users_join_an_organization() {
    let (mut world, [ada, bob, _]) = with_organization();
    let add = |rest: &str| post(ADD, &of("acme", rest));
    let several = r#""member":[{"role":"org_admin","user_id":"dan"},{"role":"internal_user","user_email":"zoe@example.com"}],
                     "max_budget_in_organization":10"#;
    snapshot(&mut world, "organization_member_add", &add(several));
    let again = r#""member":{"role":"internal_user","user_email":"ZOE@example.com"}"#;
    snapshot(&mut world, "organization_member_add_again", &add(again));
    let one = r#""member":{"role":"internal_user","user_id":"new"}"#;
    snapshot(&mut world, "organization_member_add_by_its_admin", &Request::post(ADD, &ada, of("acme", one)));
    snapshot(&mut world, "organization_member_add_by_a_member", &Request::post(ADD, &bob, of("acme", one)));
    snapshot(&mut world, "organization_member_add_elsewhere", &Request::post(ADD, &ada, of("other", one)));
    assert_eq!(world.post(&ada, ADD, &of("none", one)).0, 401);
    snapshot(&mut world, "organization_member_add_to_none", &post(ADD, &of("none", one)));
    let twice = r#""member":[{"role":"internal_user","user_id":"x"},{"role":"org_admin","user_id":"x"}]"#;
    assert_eq!(world.send(&add(twice)).0, 400);
    let another = r#""member":{"role":"internal_user","user_id":"ada","user_email":"zoe@example.com"}"#;
    assert_eq!(world.send(&add(another)).0, 400, "an id and an address of two users");
    assert_eq!(
        world
            .send(&add(r#""member":{"role":"internal_user","user_id":"y"},"max_budget_in_organization":-1"#))
            .0,
        400
    );
}

#[test]
fn who_joins_is_said_in_full() {
    let (mut world, _) = with_organization();
    for (name, body) in [
        ("nobody", "{}".to_owned()),
        ("role", of("acme", r#""member":{"role":"admin","user_id":"dan"}"#)),
        ("nameless", of("acme", r#""member":[{"role":"internal_user"}]"#)),
        ("number", of("acme", r#""member":3"#)),
        ("numbers", of("acme", r#""member":[3]"#)),
    ] {
        snapshot(&mut world, &format!("organization_member_add_wrong_{name}"), &post(ADD, &body));
    }
}

#[test]
fn a_member_gets_another_role_and_budget() {
    let (mut world, [ada, bob, _]) = with_organization();
    let update = |rest: &str| patch(UPDATE, &of("acme", rest));
    snapshot(
        &mut world,
        "organization_member_update",
        &update(r#""user_id":"bob","role":"org_admin","max_budget_in_organization":5"#),
    );
    let more = r#""user_id":"bob","max_budget_in_organization":6"#;
    snapshot(&mut world, "organization_member_update_budget", &update(more));
    snapshot(&mut world, "organization_member_update_nothing", &update(r#""user_id":"bob","role":null"#));
    snapshot(&mut world, "organization_member_update_role", &update(r#""user_id":"bob","role":"team""#));
    snapshot(&mut world, "organization_member_update_word", &update(r#""user_id":"bob","role":"admin""#));
    snapshot(
        &mut world,
        "organization_member_update_of_none",
        &update(r#""user_id":"dan","role":"org_admin""#),
    );
    snapshot(&mut world, "organization_member_update_unknown", &update(r#""user_email":"no@example.com""#));
    snapshot(
        &mut world,
        "organization_member_update_elsewhere",
        &patch(UPDATE, &of("none", r#""user_id":"bob""#)),
    );
    let by = |key: &str, rest: &str| sent("PATCH", UPDATE, key, &of("acme", rest));
    assert_eq!(world.send(&by(&bob, r#""user_id":"eve","role":"internal_user""#)).0, 200, "an admin by now");
    assert_eq!(world.send(&by(&ada, r#""user_id":"bob","role":"internal_user""#)).0, 200);
    assert_eq!(world.send(&by(&bob, r#""user_id":"eve","role":"org_admin""#)).0, 401, "and no more");
}

#[test]
fn an_admin_of_an_organization_changes_no_admin_of_the_platform() {
    let (mut world, [ada, ..]) = with_organization();
    world.user("root", "proxy_admin");
    world.made(ADD, &of("acme", r#""member":{"role":"internal_user","user_id":"root"}"#));
    let body = of("acme", r#""user_id":"root","role":"org_admin""#);
    snapshot(&mut world, "organization_member_update_of_root", &sent("PATCH", UPDATE, &ada, &body));
    assert_eq!(world.send(&patch(UPDATE, &body)).0, 200);
}

#[test]
fn a_budget_that_others_have_is_not_changed_for_one_member() {
    let (mut world, _) = with_organization();
    world.made("/budget/new", r#"{"budget_id":"shared","max_budget":7,"tpm_limit":5}"#);
    world.set_of("LiteLLM_OrganizationMembership", &["bob", "acme"], "budget_id", "\"shared\"");
    world.key(r#"{"budget_id":"shared"}"#);
    let body = of("acme", r#""user_id":"bob","max_budget_in_organization":9"#);
    snapshot(&mut world, "organization_member_update_shared_budget", &patch(UPDATE, &body));
}

#[test]
fn a_user_leaves_an_organization() {
    let (mut world, [ada, bob, _]) = with_organization();
    let key = world.key(r#"{"organization_id":"acme","user_id":"bob"}"#);
    let leave = |key: &str, rest: &str| sent("DELETE", DELETE, key, &of("acme", rest));
    snapshot(&mut world, "organization_member_delete_by_a_member", &leave(&bob, r#""user_id":"eve""#));
    snapshot(&mut world, "organization_member_delete", &leave(&ada, r#""user_id":"bob""#));
    assert_eq!((world.get(&key, "/key/info").0, world.get(&bob, "/key/info").0), (401, 200));
    snapshot(
        &mut world,
        "organization_member_delete_again",
        &delete(DELETE, &of("acme", r#""user_id":"bob""#)),
    );
    snapshot(&mut world, "organization_member_delete_nobody", &leave(MASTER, r#""user_id":null"#));
    world.made("/user/delete", r#"{"user_ids":["eve"]}"#);
    assert_eq!(world.rows("LiteLLM_OrganizationMembership").len(), 1, "ada's");
}

#[test]
fn viewers_manage_no_members() {
    let (mut world, _) = with_organization();
    for role in ["internal_user_viewer", "proxy_admin_viewer"] {
        let key = world.user(role, role);
        world.made(ADD, &of("acme", &format!(r#""member":{{"role":"org_admin","user_id":"{role}"}}"#)));
        let status =
            world.post(&key, ADD, &of("acme", r#""member":{"role":"internal_user","user_id":"x"}"#)).0;
        assert_eq!(status, if role == "proxy_admin_viewer" { 403 } else { 401 }, "{role}");
    }
}
