//! `POST /budget/new`

use crate::{post, snapshot, strict};

#[test]
fn a_budget_has_everything_that_the_request_gives() {
    let mut world = strict("{}");
    let body = r#"{
        "budget_id": "small", "max_budget": 100, "soft_budget": 80, "max_parallel_requests": 3, "tpm_limit": 1000, "rpm_limit": 10,
        "budget_duration": "7d", "model_max_budget": {"gpt-4": {"max_budget": 5, "budget_duration": "1d", "tpm_limit": 6, "rpm_limit": 7}}
    }"#;
    snapshot(&mut world, "budget_new", &post("/budget/new", body));
    snapshot(&mut world, "budget_new_of_nothing", &post("/budget/new", "{}"));
    snapshot(&mut world, "budget_new_with_a_taken_id", &post("/budget/new", r#"{"budget_id":"small"}"#));
    for name in ["max_budget", "soft_budget", "max_parallel_requests", "tpm_limit", "rpm_limit"] {
        let body = format!(r#"{{"{name}":-1}}"#);
        snapshot(&mut world, &format!("budget_new_with_a_negative_{name}"), &post("/budget/new", &body));
    }
}

#[test]
fn budgets_stay_within_the_bounds_of_keys() {
    let bounds = r#"{"upperbound_key_generate_params":{"max_budget":100,"budget_duration":"30d","tpm_limit":1000,"rpm_limit":10,"max_parallel_requests":4}}"#;
    let mut world = strict(bounds);
    let within = r#"{"budget_id":"b","max_budget":100,"budget_duration":"30d","tpm_limit":1000,"rpm_limit":10,"max_parallel_requests":4}"#;
    snapshot(&mut world, "budget_new_within_bounds", &post("/budget/new", within));
    for (name, body) in [
        ("max_budget", r#"{"max_budget":101}"#),
        ("budget_duration", r#"{"budget_duration":"31d"}"#),
        ("tpm_limit", r#"{"tpm_limit":1001}"#),
        ("rpm_limit", r#"{"rpm_limit":11}"#),
        ("max_parallel_requests", r#"{"max_parallel_requests":5}"#),
    ] {
        snapshot(&mut world, &format!("budget_new_above_the_{name}"), &post("/budget/new", body));
        let body = body.replace('{', r#"{"budget_id":"b","#);
        snapshot(&mut world, &format!("budget_update_above_the_{name}"), &post("/budget/update", &body));
    }
}
