//! `POST /team/new`

use crate::{get, post, snapshot, strict};
use latchkey_tests::implementation::Request;

#[test]
fn a_team_has_everything_that_the_request_gives() {
    let mut world = strict("{}");
    world.made("/budget/new", r#"{"budget_id":"each","max_budget":3}"#);
    world.made("/user/new", r#"{"user_id":"cy","user_email":"cy@example.com"}"#);
    let body = r#"{
        "team_alias": "Research", "team_id": "research", "admins": ["root"], "members": ["mo"],
        "members_with_roles": [{"role": "admin", "user_id": "ada"}, {"role": "user", "user_id": "bob"}, {"role": "user", "user_email": "cy@example.com"}],
        "metadata": {"floor": 2, "team_member_budget_id": "each"}, "tpm_limit": 1000, "rpm_limit": 10, "max_budget": 100,
        "budget_duration": "7d", "models": ["gpt-4"], "blocked": false, "model_aliases": {"fast": "gpt-4"}, "tags": ["eu"],
        "guardrails": ["no-secrets"]
    }"#;
    snapshot(&mut world, "team_new", &post("/team/new", body));
    snapshot(&mut world, "team_new_shown", &get("/team/info?team_id=research"));
    snapshot(&mut world, "team_new_of_nothing", &post("/team/new", "{}"));
    snapshot(&mut world, "team_new_with_a_taken_id", &post("/team/new", r#"{"team_id":"research"}"#));
    let negative = r#"{"team_id":"debts","max_budget":-1}"#;
    snapshot(&mut world, "team_new_with_a_negative_budget", &post("/team/new", negative));
}

#[test]
fn an_admin_with_a_limited_key_makes_no_larger_team() {
    let mut world = strict("{}");
    world.user("root", "proxy_admin");
    let key =
        world.key(r#"{"user_id":"root","max_budget":10,"tpm_limit":100,"rpm_limit":10,"models":["gpt-4"]}"#);
    for (name, body) in [
        (
            "within_limits",
            r#"{"team_id":"a","max_budget":10,"tpm_limit":100,"rpm_limit":10,"models":["gpt-4"]}"#,
        ),
        ("of_an_admin_with_a_larger_budget", r#"{"team_id":"b","max_budget":11,"models":["gpt-4"]}"#),
    ] {
        snapshot(&mut world, &format!("team_new_{name}"), &Request::post("/team/new", &key, body));
    }
}

#[test]
fn a_team_stays_within_its_organization() {
    use latchkey_contract::tables::{Budget, Organization};
    let mut world = strict("{}");
    world.put(&Budget {
        budget_id: "of-acme".to_owned(),
        max_budget: Some(50.0),
        tpm_limit: Some(500),
        rpm_limit: Some(5),
        ..Budget::default()
    });
    world.put(&Organization {
        organization_id: "acme".to_owned(),
        budget_id: "of-acme".to_owned(),
        models: vec!["gpt-4".to_owned(), "claude".to_owned()],
        ..Organization::default()
    });
    for (name, body) in [
        (
            "in_an_organization",
            r#"{"team_id":"a","organization_id":"acme","max_budget":50,"tpm_limit":500,"rpm_limit":5,"models":["gpt-4"]}"#,
        ),
        ("in_an_organization_with_its_models", r#"{"team_id":"b","organization_id":"acme"}"#),
        (
            "above_the_budget_of_the_organization",
            r#"{"team_id":"c","organization_id":"acme","max_budget":51}"#,
        ),
        (
            "above_the_tokens_of_the_organization",
            r#"{"team_id":"c","organization_id":"acme","tpm_limit":501}"#,
        ),
        (
            "above_the_requests_of_the_organization",
            r#"{"team_id":"c","organization_id":"acme","rpm_limit":6}"#,
        ),
        (
            "with_other_models_than_the_organization",
            r#"{"team_id":"c","organization_id":"acme","models":["gpt-5"]}"#,
        ),
        ("in_an_unknown_organization", r#"{"team_id":"c","organization_id":"ghost"}"#),
    ] {
        snapshot(&mut world, &format!("team_new_{name}"), &post("/team/new", body));
    }
}
