//! `POST /budget/delete`

use crate::{post, snapshot, with_team};
use latchkey_contract::json::Json;
use latchkey_tests::world::text;

#[test]
fn keys_and_members_of_a_deleted_budget_have_none() {
    let (mut world, _, _) = with_team();
    world.made("/budget/new", r#"{"budget_id":"small","max_budget":1,"tpm_limit":2,"budget_duration":"1d"}"#);
    world.key(r#"{"budget_id":"small","key_alias":"a"}"#);
    world.key(r#"{"key_alias":"b"}"#);
    snapshot(&mut world, "budget_delete", &post("/budget/delete", r#"{"id":"small"}"#));
    let of_bob = world
        .rows("LiteLLM_TeamMembership")
        .iter()
        .map(|row| text(row, "budget_id"))
        .find(|id| !id.is_empty());
    let body = latchkey_contract::json::write(
        &latchkey_contract::dict! { "id" => of_bob.map_or(Json::Null, Json::from) },
    );
    snapshot(&mut world, "budget_delete_of_a_member", &post("/budget/delete", &body));
    snapshot(&mut world, "budget_delete_of_an_unknown_budget", &post("/budget/delete", r#"{"id":"small"}"#));
}
