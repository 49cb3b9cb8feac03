//! `POST /team/model/add` and `POST /team/model/delete`

use crate::{post, snapshot, strict};

#[test]
fn models_of_a_team_come_and_go() {
    let mut world = strict("{}");
    world.made("/team/new", r#"{"team_id":"t","models":["gpt-4"]}"#);
    world.made("/team/new", r#"{"team_id":"all"}"#);
    let models = |team: &str, models: &str| format!(r#"{{"team_id":"{team}","models":{models}}}"#);
    snapshot(&mut world, "team_model_add", &post("/team/model/add", &models("t", r#"["gpt-4","o1"]"#)));
    snapshot(&mut world, "team_model_add_to_all", &post("/team/model/add", &models("all", r#"["o1"]"#)));
    snapshot(&mut world, "team_model_delete", &post("/team/model/delete", &models("t", r#"["gpt-4"]"#)));
    snapshot(
        &mut world,
        "team_model_delete_the_last",
        &post("/team/model/delete", &models("t", r#"["o1"]"#)),
    );
    snapshot(&mut world, "team_model_delete_of_none", &post("/team/model/delete", &models("none", "[]")));
}
