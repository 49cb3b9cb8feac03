//! `check`, as forms ask it.

use crate::strict;
use latchkey_contract::json::Json;
use latchkey_tests::world::json;

#[test]
fn a_team_that_a_form_knows_matters_only_to_a_key_of_it() {
    let mut world = strict("{}");
    let team = r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"bob"}],"team_member_permissions":["/key/info"]}"#;
    for (request, allowed) in [("{}", true), (r#"{"team_id":"t"}"#, false)] {
        let question = format!(
            r#"{{"operation":"key_generate","now":0,"request":{request},"team":{team},"caller":{{"user_id":"bob","user_role":"internal_user"}}}}"#
        );
        let verdict = world.check(&json(&question));
        assert_eq!(verdict.get("allowed"), Some(&Json::Bool(allowed)), "{request}: {verdict:?}");
    }
}

#[test]
fn rules_on_teams_do_not_apply_to_a_key_without_one() {
    let mut world = strict("{}");
    let caller = r#"{"user_id":"bob","user_role":"internal_user"}"#;
    for (request, expected) in [("{}", "not_applicable"), (r#"{"team_id":"t"}"#, "unknown")] {
        let question =
            format!(r#"{{"operation":"key_generate","now":0,"request":{request},"caller":{caller}}}"#);
        let verdict = world.check(&json(&question));
        let trace = verdict.get("trace").and_then(Json::as_list).expect("a trace");
        let outcome = trace.iter().find(|rule| rule.get("rule") == Some(&Json::from("member_permissions")));
        let outcome = outcome.and_then(|rule| rule.get("outcome"));
        assert_eq!(outcome, Some(&Json::from(expected)), "{request}");
    }
}
