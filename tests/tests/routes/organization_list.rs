//! `GET /organization/list`

use crate::organizations::with_organization;
use crate::{get, snapshot};
use latchkey_contract::json::Json;
use latchkey_tests::implementation::Request;

const PATH: &str = "/organization/list";

#[test]
fn organizations_are_listed_as_far_as_they_are_the_callers() {
    let (mut world, [ada, bob, dan]) = with_organization();
    snapshot(&mut world, "organization_list", &get(PATH));
    snapshot(&mut world, "organization_list_by_an_admin", &Request::get(PATH, &ada));
    snapshot(&mut world, "organization_list_by_a_member", &Request::get(PATH, &bob));
    for (key, target, expected) in [
        (&dan, PATH, 0),
        (&bob, "/organization/list?org_id=other", 0),
        (&bob, "/organization/list?org_id=acme", 1),
        (&bob, "/organization/list?org_alias=OTH", 0),
    ] {
        let (status, reply) = world.get(key, target);
        assert_eq!((status, reply.as_list().map(<[Json]>::len)), (200, Some(expected)), "{target}");
    }
    snapshot(&mut world, "organization_list_by_alias", &get("/organization/list?org_alias=OTH"));
}
