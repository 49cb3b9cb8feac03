//! `POST /budget/info` and `GET /budget/list`

use crate::{get, post, snapshot, strict};
use latchkey_tests::implementation::Request;

#[test]
fn budgets_are_shown_by_id_and_listed() {
    let mut world = strict("{}");
    world.made("/budget/new", r#"{"budget_id":"small","max_budget":1,"tpm_limit":2}"#);
    world.made("/budget/new", r#"{"budget_id":"large","max_budget":100,"budget_duration":"1d"}"#);
    snapshot(&mut world, "budget_info", &post("/budget/info", r#"{"budgets":["large","ghost"]}"#));
    snapshot(&mut world, "budget_list", &get("/budget/list"));
    let ada = world.user("ada", "internal_user");
    snapshot(
        &mut world,
        "budget_info_by_a_user",
        &Request::post("/budget/info", &ada, r#"{"budgets":["large"]}"#),
    );
    snapshot(&mut world, "budget_list_by_a_user", &Request::get("/budget/list", &ada));
}
