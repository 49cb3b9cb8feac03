//! `POST /budget/update`

use crate::{post, snapshot, strict};

#[test]
fn every_amount_of_a_budget_changes_and_null_changes_nothing() {
    let mut world = strict("{}");
    world.made("/budget/new", r#"{"budget_id":"small","max_budget":1,"rpm_limit":1}"#);
    let body = r#"{
        "budget_id": "small", "max_budget": 100, "soft_budget": 80, "max_parallel_requests": 3, "tpm_limit": 1000, "rpm_limit": 10,
        "budget_duration": "7d", "model_max_budget": {"gpt-4": {"max_budget": 5, "budget_duration": "1d"}}
    }"#;
    snapshot(&mut world, "budget_update", &post("/budget/update", body));
    for name in ["max_budget", "soft_budget", "max_parallel_requests", "tpm_limit", "rpm_limit"] {
        let body = format!(r#"{{"budget_id":"small","{name}":7}}"#);
        snapshot(&mut world, &format!("budget_update_of_{name}"), &post("/budget/update", &body));
    }
    let nulls = r#"{"budget_id":"small","max_budget":null,"tpm_limit":null,"budget_duration":null}"#;
    snapshot(&mut world, "budget_update_to_null", &post("/budget/update", nulls));
    snapshot(
        &mut world,
        "budget_update_of_an_unknown_budget",
        &post("/budget/update", r#"{"budget_id":"ghost","max_budget":1}"#),
    );
    snapshot(&mut world, "budget_update_without_an_id", &post("/budget/update", r#"{"max_budget":1}"#));
}
