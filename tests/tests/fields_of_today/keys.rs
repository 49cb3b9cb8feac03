//! The fields of keys.

use crate::Place::{Elsewhere, Field, Metadata};
use crate::{Place, assert_shown};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Lacking, Organization, Project, Table as _, Team, VirtualKey};
use latchkey_tests::world::{MASTER, World, text};

/// Each with a value, and where a key shows it.
const FIELDS: &[(&str, &str, Place)] = &[
    ("access_group_ids", r#"["g"]"#, Field),
    ("agent_id", r#""a""#, Field),
    ("aliases", r#"{"a":"gpt-4"}"#, Field),
    ("allowed_cache_controls", r#"["no-cache"]"#, Field),
    ("allowed_passthrough_routes", r#"["/x"]"#, Metadata),
    ("allowed_routes", r#"["/chat/completions"]"#, Field),
    ("allowed_vector_store_indexes", r#"[{"index_name":"i","index_permissions":["read"]}]"#, Metadata),
    ("auto_rotate", "false", Field),
    ("blocked", "true", Field),
    ("budget_duration", r#""30d""#, Field),
    ("budget_fallbacks", r#"{"gpt-4":["gpt-4o"]}"#, Field),
    ("budget_id", r#""b""#, Field),
    ("budget_limits", r#"[{"budget_duration":"1d","max_budget":5.0}]"#, Elsewhere),
    ("config", r#"{"x":"y"}"#, Field),
    ("default_estimated_output_tokens", "100", Metadata),
    ("default_estimated_output_tokens_per_model", r#"{"gpt-4":100}"#, Metadata),
    ("denied_passthrough_routes", r#"["/y"]"#, Metadata),
    ("disable_global_guardrails", "true", Metadata),
    ("duration", r#""30d""#, Elsewhere),
    ("enable_prompt_caching", "true", Metadata),
    ("end_user_budget_id", r#""b""#, Metadata),
    ("enforced_params", r#"["user"]"#, Metadata),
    ("guardrails", r#"["g1"]"#, Metadata),
    ("key_alias", r#""x""#, Field),
    ("max_budget", "10.0", Field),
    ("max_parallel_requests", "3", Field),
    ("mcp_rpm_limit", r#"{"srv":5}"#, Metadata),
    ("metadata", r#"{"a":"b"}"#, Field),
    ("model_max_budget", r#"{"gpt-4":{"max_budget":1.0,"budget_duration":"1d"}}"#, Field),
    ("model_rpm_limit", r#"{"gpt-4":5}"#, Metadata),
    ("model_tpm_limit", r#"{"gpt-4":50}"#, Metadata),
    ("models", r#"["gpt-4"]"#, Field),
    ("object_permission", r#"{"mcp_servers":["s1"]}"#, Elsewhere),
    ("organization_id", r#""o""#, Field),
    ("permissions", r#"{"p":true}"#, Field),
    ("policies", r#"["p1"]"#, Metadata),
    ("prompts", r#"["pr1"]"#, Metadata),
    ("rotation_interval", r#""30d""#, Field),
    ("router_settings", r#"{"num_retries":2}"#, Field),
    ("rpm_limit", "10", Field),
    ("rpm_limit_type", r#""best_effort_throughput""#, Metadata),
    ("soft_budget", "5.0", Elsewhere),
    ("spend", "1.5", Field),
    ("tag_rpm_limit", r#"{"t":5}"#, Metadata),
    ("tags", r#"["t1"]"#, Metadata),
    ("team_id", r#""t""#, Field),
    ("throttle_on_budget_exceeded", "true", Metadata),
    ("tpd_limit", "1000", Field),
    ("tpm_limit", "100", Field),
    ("tpm_limit_type", r#""guaranteed_throughput""#, Metadata),
    ("user_id", r#""u""#, Field),
];

fn world() -> World {
    furnished(World::new("strict", "{}"))
}

fn furnished(mut world: World) -> World {
    world.user("u", "internal_user");
    world.made("/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}"#);
    world.made("/budget/new", r#"{"budget_id":"b","max_budget":50}"#);
    world
}

fn info(world: &mut World, key: &str) -> Json {
    let (status, reply) = world.get(MASTER, &format!("/key/info?key={key}"));
    assert_eq!(status, 200, "{reply:?}");
    reply.get("info").cloned().expect("the key")
}

/// What the fields that are found elsewhere have become.
fn assert_elsewhere(shown: &Json, name: &str) {
    match name {
        "duration" => assert!(!text(shown, "expires").is_empty(), "{shown:?}"),
        "soft_budget" => {
            let budget = shown.get("litellm_budget_table").expect("the budget");
            assert_eq!(budget.get("soft_budget"), Some(&Json::Float(5.0)));
        }
        "budget_limits" => {
            let windows = shown.get(name).and_then(Json::as_list).expect("the windows");
            assert_eq!(text(&windows[0], "budget_duration"), "1d");
            assert!(text(&windows[0], "reset_at").ends_with("+00:00"), "{windows:?}");
        }
        "object_permission" => {
            let row = shown.get(name).expect("the row");
            assert_eq!(text(row, "object_permission_id"), text(shown, "object_permission_id"));
        }
        _ => {}
    }
}

#[test]
fn a_new_key_keeps_every_field() {
    for (name, sample, place) in FIELDS {
        let mut world = world();
        world.put(&Organization { organization_id: "o".to_owned(), ..Organization::default() });
        let (status, made) = world.post(MASTER, "/key/generate", &format!(r#"{{"{name}":{sample}}}"#));
        assert_eq!(status, 200, "{name}: {made:?}");
        let shown = info(&mut world, &text(&made, "key"));
        assert_shown(&shown, name, sample, *place);
        assert_elsewhere(&shown, name);
        if *place != Elsewhere {
            assert_shown(&made, name, sample, *place);
        }
    }
}

#[test]
fn a_changed_and_a_regenerated_key_keep_every_field() {
    for path in ["/key/update", "/key/regenerate"] {
        for (name, sample, place) in FIELDS {
            let mut world = world();
            world.put(&Organization { organization_id: "o".to_owned(), ..Organization::default() });
            let key = world.key(r#"{"user_id":"u"}"#);
            let (status, changed) =
                world.post(MASTER, path, &format!(r#"{{"key":"{key}","{name}":{sample}}}"#));
            assert_eq!(status, 200, "{path} {name}: {changed:?}");
            let key = if path == "/key/update" { key } else { text(&changed, "key") };
            let shown = info(&mut world, &key);
            assert_shown(&shown, name, sample, *place);
            assert_elsewhere(&shown, name);
        }
    }
}

#[test]
fn a_project_is_kept_with_its_team() {
    let mut world = world();
    world.put(&Project { project_id: "p".to_owned(), team_id: Some("t".to_owned()), ..Project::default() });
    let key = world.key(r#"{"team_id":"t","project_id":"p"}"#);
    assert_eq!(text(&info(&mut world, &key), "project_id"), "p");
    let other = world.key(r#"{"team_id":"t"}"#);
    let body = format!(r#"{{"key":"{other}","project_id":"p"}}"#);
    assert_eq!(world.post(MASTER, "/key/update", &body).0, 200);
    assert_eq!(text(&info(&mut world, &other), "project_id"), "p");
}

#[test]
fn a_store_with_the_tables_of_1_60_8_refuses_by_name_what_it_cannot_keep() {
    let optional = |name: &str| VirtualKey::SCHEMA.column(name).is_some_and(|column| column.optional);
    let lacking = Lacking::of(|table, column| table.name == Team::NAME && column.is_some());
    let names: Vec<String> = lacking.names().iter().map(|name| format!("\"{name}\"")).collect();
    let own = format!(r#"{{"store_lacks":[{}]}}"#, names.join(","));
    for (name, sample, place) in FIELDS {
        let mut world = furnished(World::with_own("strict", &own));
        let (status, reply) = world.post(MASTER, "/key/generate", &format!(r#"{{"{name}":{sample}}}"#));
        let has_no_place =
            (*place == Field && optional(name)) || ["budget_limits", "object_permission"].contains(name);
        // what is `false` says nothing
        if has_no_place && *sample != "false" {
            let said = text(reply.get("error").expect("a refusal"), "message");
            assert_eq!((status, said), (400, format!("`{name}` is not stored by this server: leave it out")));
        } else {
            assert_eq!(status, 200, "{name}: {reply:?}");
        }
    }
}

#[test]
fn a_key_that_rotates_by_itself_says_when() {
    let mut world = world();
    assert_eq!(world.generate(r#"{"auto_rotate":true}"#), 400);
    assert_eq!(world.generate(r#"{"auto_rotate":true,"rotation_interval":"often"}"#), 400);
    let key = world.key(r#"{"auto_rotate":true,"rotation_interval":"30d"}"#);
    let due = text(&info(&mut world, &key), "key_rotation_at");
    assert!(!due.is_empty());
    let mut change = |rest: &str| {
        let (status, reply) = world.post(MASTER, "/key/update", &format!(r#"{{"key":"{key}",{rest}}}"#));
        (status, text(&reply, "key_rotation_at"))
    };
    let (status, sooner) = change(r#""rotation_interval":"7d""#);
    assert!(status == 200 && sooner < due, "{sooner} {due}");
    assert_eq!(change(r#""rotation_interval":null"#).0, 400);
    assert_eq!(change(r#""auto_rotate":false"#), (200, String::new()));
    let (_, renewed) = world.post(MASTER, &format!("/key/{key}/regenerate"), "{}");
    let shown = info(&mut world, &text(&renewed, "key"));
    assert_eq!(shown.get("rotation_count"), Some(&Json::Int(1)));
    assert!(!text(&shown, "last_rotation_at").is_empty());
}

#[test]
fn a_window_goes_on_until_it_is_reset() {
    let mut world = world();
    let key = world.key(r#"{"budget_limits":[{"budget_duration":"1d","max_budget":5}]}"#);
    let before = info(&mut world, &key);
    world.sleep(60.0);
    let body = format!(
        r#"{{"key":"{key}","budget_limits":[{{"budget_duration":"1d","max_budget":6}},{{"budget_duration":"7d","max_budget":9}}]}}"#
    );
    assert_eq!(world.post(MASTER, "/key/update", &body).0, 200);
    let after = info(&mut world, &key);
    let window = |info: &Json, at: usize| {
        info.get("budget_limits").and_then(Json::as_list).expect("windows")[at].clone()
    };
    assert_eq!(text(&window(&before, 0), "reset_at"), text(&window(&after, 0), "reset_at"));
    assert_eq!(window(&after, 1).get("max_budget"), Some(&Json::Float(9.0)));
    for wrong in [
        r#"[{"budget_duration":"1d","max_budget":-1}]"#,
        r#"[{"budget_duration":"x","max_budget":1}]"#,
        r#"[{"budget_duration":"1d","max_budget":1e999}]"#,
    ] {
        assert_ne!(world.generate(&format!(r#"{{"budget_limits":{wrong}}}"#)), 200, "{wrong}");
    }
    let limited = world.key(r#"{"user_id":"u","max_budget":5}"#);
    let (status, reply) = world.post(
        &limited,
        "/key/generate",
        r#"{"budget_limits":[{"budget_duration":"1d","max_budget":10}]}"#,
    );
    assert_eq!(status, 400, "{reply:?}");
    assert_eq!(
        text(reply.get("error").expect("a refusal"), "message"),
        "{'error': \"budget_limits entry max_budget (10.0) cannot exceed the caller's own max_budget (5.0).\"}"
    );
}
