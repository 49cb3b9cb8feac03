//! `POST /team/update`

use crate::{get, post, snapshot, strict};

#[test]
fn every_field_of_a_team_can_be_changed_and_taken_away() {
    let mut world = strict("{}");
    world.made(
        "/team/new",
        r#"{"team_id":"research","metadata":{"floor":1},"model_aliases":{"slow":"claude"},"tags":["old"]}"#,
    );
    let body = r#"{
        "team_id": "research", "team_alias": "Research", "metadata": {"floor": 2}, "tpm_limit": 1000, "rpm_limit": 10, "max_budget": 100,
        "models": ["gpt-4"], "blocked": true, "budget_duration": "7d", "tags": ["eu"], "model_aliases": {"fast": "gpt-4"},
        "guardrails": ["no-secrets"]
    }"#;
    snapshot(&mut world, "team_update", &post("/team/update", body));
    snapshot(
        &mut world,
        "team_update_of_tags",
        &post("/team/update", r#"{"team_id":"research","tags":["us"]}"#),
    );
    let nothing = r#"{
        "team_id": "research", "team_alias": null, "tpm_limit": null, "rpm_limit": null, "max_budget": null, "budget_duration": null,
        "models": null, "blocked": null, "metadata": null
    }"#;
    snapshot(&mut world, "team_update_to_null", &post("/team/update", nothing));
    snapshot(&mut world, "team_update_shown", &get("/team/info?team_id=research"));
    snapshot(
        &mut world,
        "team_update_of_an_unknown_team",
        &post("/team/update", r#"{"team_id":"ghost","max_budget":1}"#),
    );
}
