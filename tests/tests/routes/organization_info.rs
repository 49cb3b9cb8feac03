//! `GET` and `POST /organization/info`

use crate::organizations::with_organization;
use crate::{get, post, snapshot};
use latchkey_tests::implementation::Request;

const ACME: &str = "/organization/info?organization_id=acme";

#[test]
fn an_organization_is_shown_to_its_admins() {
    let (mut world, [ada, bob, dan]) = with_organization();
    snapshot(&mut world, "organization_info", &get(ACME));
    snapshot(&mut world, "organization_info_by_its_admin", &Request::get(ACME, &ada));
    snapshot(&mut world, "organization_info_by_a_member", &Request::get(ACME, &bob));
    snapshot(&mut world, "organization_info_by_a_stranger", &Request::get(ACME, &dan));
    let unknown = world.send(&Request::get("/organization/info?organization_id=none", &dan));
    assert_eq!(unknown.0, 401, "one that does not exist is nobody's");
    let viewer = world.user("vic", "proxy_admin_viewer");
    assert_eq!(world.get(&viewer, ACME).0, 200);
    snapshot(&mut world, "organization_info_of_none", &get("/organization/info?organization_id=none"));
    snapshot(&mut world, "organization_info_without_id", &get("/organization/info"));
    snapshot(
        &mut world,
        "organization_info_without_id_by_a_member",
        &Request::get("/organization/info", &bob),
    );
}

#[test]
fn several_organizations_are_shown_with_their_budgets() {
    let (mut world, [ada, bob, _]) = with_organization();
    let asked = |ids: &str| post("/organization/info", &format!(r#"{{"organizations":{ids}}}"#));
    snapshot(&mut world, "organization_infos", &asked(r#"["acme","none"]"#));
    snapshot(&mut world, "organization_infos_of_none", &asked("[]"));
    for (key, ids, status) in [
        (&ada, r#"["acme"]"#, 200),
        (&ada, r#"["acme","other"]"#, 401),
        (&ada, "[]", 401),
        (&bob, r#"["acme"]"#, 401),
    ] {
        let body = format!(r#"{{"organizations":{ids}}}"#);
        assert_eq!(world.post(key, "/organization/info", &body).0, status, "{ids}");
    }
}
