//! What the tests of organizations share.

use crate::{MASTER, strict};
use latchkey_tests::implementation::Request;
use latchkey_tests::world::World;

/// A request with a body by this method.
pub(crate) fn sent(method: &str, path: &str, key: &str, body: &str) -> Request {
    Request { method: method.to_owned(), ..Request::post(path, key, body) }
}

/// A world in which the organization `acme` with the team `research` has the admin `ada`, the member `bob`, who is in the
/// team, and the member `eve` with a budget; gives the keys of `ada`, `bob` and of `dan`, who belongs to nothing.
pub(crate) fn with_organization() -> (World, [String; 3]) {
    let mut world = strict("{}");
    let [ada, bob, dan, _] = ["ada", "bob", "dan", "eve"].map(|id| world.user(id, "internal_user"));
    world.made(
        "/organization/new",
        r#"{"organization_id":"acme","organization_alias":"Acme","models":["gpt-4"],"max_budget":100,"tpm_limit":50,
            "metadata":{"floor":3}}"#,
    );
    world.made("/organization/new", r#"{"organization_id":"other","organization_alias":"Other"}"#);
    world.made(
        "/organization/member_add",
        r#"{"organization_id":"acme","member":[{"role":"org_admin","user_id":"ada"},{"role":"internal_user","user_id":"bob"}]}"#,
    );
    world.made(
        "/organization/member_add",
        r#"{"organization_id":"acme","member":{"role":"internal_user_viewer","user_id":"eve"},"max_budget_in_organization":5}"#,
    );
    for (team, members) in [("research", r#"[{"role":"user","user_id":"bob"}]"#), ("sales", "[]")] {
        let team = format!(
            r#"{{"team_id":"{team}","organization_id":"acme","max_budget":10,"members_with_roles":{members}}}"#
        );
        world.made("/team/new", &team);
    }
    (world, [ada, bob, dan])
}

/// What the proxy admin changes.
pub(crate) fn patch(path: &str, body: &str) -> Request {
    sent("PATCH", path, MASTER, body)
}

/// What the proxy admin deletes.
pub(crate) fn delete(path: &str, body: &str) -> Request {
    sent("DELETE", path, MASTER, body)
}
