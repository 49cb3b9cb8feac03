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
