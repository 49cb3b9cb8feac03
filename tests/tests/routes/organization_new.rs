//! `POST /organization/new`

use crate::organizations::with_organization;
use crate::{post, snapshot, strict};
use latchkey_contract::tables::{Lacking, Organization};
use latchkey_tests::implementation::Request;
use latchkey_tests::world::{MASTER, World};

const PATH: &str = "/organization/new";

#[test]
fn an_organization_is_made_with_a_budget() {
    let mut world = strict("{}");
    snapshot(
        &mut world,
        "organization_new",
        &post(
            PATH,
            r#"{"organization_id":"acme","organization_alias":"Acme","models":["gpt-4"],"max_budget":100,"soft_budget":50,
                "tpm_limit":10,"rpm_limit":5,"tpd_limit":99,"max_parallel_requests":4,"budget_duration":"30d",
                "allowed_models":["gpt-4"],"model_max_budget":{"gpt-4":{"max_budget":1,"budget_duration":"1d"}},
                "metadata":{"a":1,"b":null},"model_rpm_limit":{"gpt-4":3},"model_tpm_limit":{"gpt-4":30}}"#,
        ),
    );
    snapshot(
        &mut world,
        "organization_new_again",
        &post(PATH, r#"{"organization_id":"acme","organization_alias":"A"}"#),
    );
    snapshot(&mut world, "organization_new_without_id", &post(PATH, r#"{"organization_alias":"Acme"}"#));
    snapshot(&mut world, "organization_new_without_name", &post(PATH, "{}"));
}

#[test]
fn an_organization_gets_a_budget_that_is_there() {
    let mut world = strict("{}");
    world.made("/budget/new", r#"{"budget_id":"small","max_budget":7}"#);
    let with =
        |more: &str| post(PATH, &format!(r#"{{"organization_id":"o","organization_alias":"O",{more}}}"#));
    snapshot(&mut world, "organization_new_two_budgets", &with(r#""budget_id":"small","max_budget":3"#));
    snapshot(&mut world, "organization_new_unknown_budget", &with(r#""budget_id":"large""#));
    snapshot(&mut world, "organization_new_with_budget", &with(r#""budget_id":"small""#));
    snapshot(&mut world, "budget_delete_of_an_organization", &post("/budget/delete", r#"{"id":"small"}"#));
}

#[test]
fn what_would_not_be_stored_is_refused() {
    let mut world = strict("{}");
    for (body, said) in [
        (r#""max_budget":-1"#, "`max_budget`"),
        (r#""tpm_limit":-1"#, "`tpm_limit`"),
        (r#""model_rpm_limit":{"m":-1}"#, "model_rpm_limit"),
        (r#""budget_duration":"whenever""#, "whenever"),
        (r#""temp_budget_increase":-1"#, "`temp_budget_increase`"),
        (r#""blocked":true"#, "`blocked`"),
        (r#""object_permission":{"vector_stores":["v"]}"#, "`object_permission`"),
        (r#""max_budgt":1"#, "`max_budget`"),
        (r#""organization_id":" a""#, "white space"),
    ] {
        let (status, reply) = world.post(MASTER, PATH, &format!(r#"{{"organization_alias":"x",{body}}}"#));
        assert!(status == 400 && format!("{reply:?}").contains(said), "{body}: {status} {reply:?}");
    }
    assert!(
        world.rows("LiteLLM_OrganizationTable").is_empty() && world.rows("LiteLLM_BudgetTable").is_empty()
    );
}

#[test]
fn proxy_admins_alone_make_organizations() {
    let (mut world, [ada, ..]) = with_organization();
    snapshot(&mut world, "organization_new_by_an_admin_of_another", &Request::post(PATH, &ada, "{}"));
    let viewer = world.user("vic", "proxy_admin_viewer");
    assert_eq!(world.post(&viewer, PATH, r#"{"organization_alias":"x"}"#).0, 401);
    let root = world.key(r#"{"models":["gpt-4"]}"#);
    assert_eq!(world.post(&root, PATH, r#"{"organization_alias":"x"}"#).0, 401, "a key without a user");
    world.user("root", "proxy_admin");
    let root = world.key(r#"{"user_id":"root","models":["gpt-4"]}"#);
    for (models, status) in [("[]", 400), (r#"["o1"]"#, 400), (r#"["gpt-4"]"#, 200)] {
        let body = format!(r#"{{"organization_alias":"x","models":{models}}}"#);
        assert_eq!(world.post(&root, PATH, &body).0, status, "{models}");
    }
}

#[test]
fn organizations_want_a_licence() {
    let mut world = World::unlicensed("strict");
    snapshot(&mut world, "organization_new_without_licence", &post(PATH, r#"{"organization_alias":"x"}"#));
    assert_eq!(world.get(MASTER, "/organization/list").0, 403);
}

#[test]
fn a_database_without_organizations_says_so() {
    let lacking =
        Lacking::of(|table, _| table.name != <Organization as latchkey_contract::tables::Table>::NAME);
    let names: Vec<String> = lacking.names().iter().map(|name| format!("\"{name}\"")).collect();
    let mut world = World::with_own("strict", &format!(r#"{{"store_lacks":[{}]}}"#, names.join(",")));
    snapshot(&mut world, "organization_new_without_table", &post(PATH, r#"{"organization_alias":"x"}"#));
    for target in ["/organization/list", "/organization/info?organization_id=o"] {
        assert_eq!(world.get(MASTER, target).0, 400, "{target}");
    }
}
