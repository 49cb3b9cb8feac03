//! `PATCH /organization/update`

use crate::organizations::{patch, sent, with_organization};
use crate::snapshot;
use latchkey_tests::world::MASTER;

const PATH: &str = "/organization/update";

#[test]
fn an_organization_is_changed_with_its_budget() {
    let (mut world, _) = with_organization();
    let change = |body: &str| patch(PATH, &format!(r#"{{"organization_id":"acme",{body}}}"#));
    snapshot(
        &mut world,
        "organization_update",
        &change(
            r#""organization_alias":"Acme Inc.","models":["o1"],"metadata":{"b":2},"max_budget":200,"tpm_limit":null,
               "model_tpm_limit":{"gpt-4":9},"spend":3"#,
        ),
    );
    snapshot(
        &mut world,
        "organization_update_by_form",
        &change(
            r#""max_budget":1,"litellm_budget_table":{"max_budget":300,"budget_duration":"1d","budget_id":"x"}"#,
        ),
    );
    let nulls = change(r#""organization_alias":null,"models":null,"metadata":null,"budget_duration":null"#);
    snapshot(&mut world, "organization_update_null", &nulls);
    snapshot(&mut world, "organization_update_other_budget", &change(r#""budget_id":"small""#));
    snapshot(&mut world, "organization_update_of_none", &patch(PATH, r#"{"organization_id":"none"}"#));
    snapshot(&mut world, "organization_update_without_id", &patch(PATH, r#"{"organization_alias":"x"}"#));
    for body in [r#""max_budget":-1"#, r#""spend":-1"#, r#""updated_by":"me""#, r#""budget_duration":"x""#] {
        assert_eq!(world.send(&change(body)).0, 400, "{body}");
    }
    assert_eq!(world.send(&sent("POST", PATH, MASTER, "{}")).0, 405);
}

#[test]
fn an_admin_of_an_organization_does_not_change_its_limits() {
    let (mut world, [ada, ..]) = with_organization();
    let body = r#"{"organization_id":"acme","max_budget":1000}"#;
    snapshot(&mut world, "organization_update_by_its_admin", &sent("PATCH", PATH, &ada, body));
    let viewer = world.user("vic", "proxy_admin_viewer");
    assert_eq!(world.send(&sent("PATCH", PATH, &viewer, body)).0, 403);
}
