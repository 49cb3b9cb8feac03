//! The fields of teams, users, budgets and members.

use crate::Place::{Elsewhere, Field, Metadata};
use crate::assert_shown;
use crate::samples::{BUDGET, CHANGED_MEMBER, MEMBER, NEW_TEAM, NEW_USER, NOT_OF_USERS, SHARED, TEAM, USER};
use latchkey_contract::json::{Json, write};
use latchkey_contract::tables::{
    Budget, Lacking, Organization, OrganizationMembership, Table as _, Team, User,
};
use latchkey_tests::world::{MASTER, World, json, text};

fn furnished(mut world: World) -> World {
    let organization = Organization {
        organization_id: "o".to_owned(),
        budget_id: "b".to_owned(),
        ..Organization::default()
    };
    world.put(&organization);
    world.user("u", "internal_user");
    world.made("/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}"#);
    world.made("/budget/new", r#"{"budget_id":"b"}"#);
    world
}

fn world() -> World {
    furnished(World::new("strict", "{}"))
}

fn posted(world: &mut World, path: &str, body: &str) -> Json {
    let (status, reply) = world.post(MASTER, path, body);
    assert_eq!(status, 200, "{path} {body}: {reply:?}");
    reply
}

fn got(world: &mut World, path: &str, member: &str) -> Json {
    let (status, reply) = world.get(MASTER, path);
    assert_eq!(status, 200, "{reply:?}");
    reply.get(member).cloned().unwrap_or(Json::Null)
}

fn budget(world: &mut World, id: &str) -> Json {
    let (_, found) = world.post(MASTER, "/budget/info", &format!(r#"{{"budgets":["{id}"]}}"#));
    found.as_list().and_then(<[Json]>::first).cloned().unwrap_or(Json::Null)
}

/// The budget of `u` within the team `t`.
fn own_budget(world: &mut World) -> Json {
    let rows = got(world, "/team/info?team_id=t", "team_memberships");
    let rows = rows.as_list().unwrap_or_default();
    let own = rows.iter().find(|row| text(row, "user_id") == "u");
    own.and_then(|row| row.get("litellm_budget_table")).cloned().unwrap_or(Json::Null)
}

/// Whether `shown` has all that `sample` has.
fn has(shown: &Json, sample: &Json) -> bool {
    match sample.as_dict() {
        Some(members) => {
            members.iter().all(|(name, value)| shown.get(name).is_some_and(|shown| has(shown, value)))
        }
        None => shown == sample,
    }
}

/// Asserts that the member `name` of `shown` has all that `sample` has.
fn assert_has(shown: &Json, name: &str, sample: &str) {
    let sample = json(&format!("[{sample}]"));
    let sample = sample.as_list().and_then(<[Json]>::first).cloned().unwrap_or(Json::Null);
    let found = shown.get(name).cloned().unwrap_or(Json::Null);
    assert!(has(&found, &sample), "{name}: {} in {}", write(&sample), write(shown));
}

#[test]
fn every_field_of_a_team_is_kept_and_shown() {
    for (name, sample, place) in TEAM.iter().chain(NEW_TEAM) {
        let mut world = world();
        let made = posted(&mut world, "/team/new", &format!(r#"{{"{name}":{sample}}}"#));
        let id = text(&made, "team_id");
        let info = got(&mut world, &format!("/team/info?team_id={id}"), "team_info");
        for shown in [&made, &info] {
            assert_shown(shown, name, sample, *place);
        }
    }
    for (name, sample, place) in TEAM {
        let mut world = world();
        let made = posted(&mut world, "/team/update", &format!(r#"{{"team_id":"t","{name}":{sample}}}"#));
        let made = made.get("data").expect("the team");
        let info = got(&mut world, "/team/info?team_id=t", "team_info");
        for shown in [made, &info] {
            assert_shown(shown, name, sample, *place);
        }
        if *name == "budget_limits" || *name == "model_max_budget" {
            assert!(info.get(name).is_some_and(Json::is_truthy), "{info:?}");
        }
    }
}

#[test]
fn what_members_share_is_a_budget_of_its_own() {
    for (name, sample, column) in SHARED {
        let mut world = world();
        let body = format!(
            r#"{{"team_id":"x","members_with_roles":[{{"role":"user","user_id":"u"}}],"{name}":{sample}}}"#
        );
        posted(&mut world, "/team/new", &body);
        posted(&mut world, "/team/update", &format!(r#"{{"team_id":"t","{name}":{sample}}}"#));
        for team in ["x", "t"] {
            let path = format!("/team/info?team_id={team}");
            let info = got(&mut world, &path, "team_info");
            assert_has(info.get("team_member_budget_table").expect("the budget"), column, sample);
            let id = text(info.get("metadata").expect("free data"), "team_member_budget_id");
            assert_has(&budget(&mut world, &id), column, sample);
            let rows = got(&mut world, &path, "team_memberships");
            let rows = rows.as_list().expect("memberships");
            assert_eq!(rows.len(), 2, "{rows:?}");
            assert!(rows.iter().all(|row| text(row, "budget_id") == id), "{rows:?}");
        }
    }
}

#[test]
fn every_field_of_a_user_is_kept_and_shown() {
    for (name, sample, place) in NEW_USER {
        let mut world = world();
        let made = posted(&mut world, "/user/new", &format!(r#"{{"{name}":{sample}}}"#));
        let path = format!("/user/info?user_id={}", text(&made, "user_id"));
        let info = got(&mut world, &path, "user_info");
        assert_shown(&info, name, sample, *place);
        if *name != "sso_user_id" {
            assert_shown(&made, name, sample, *place);
        }
        if *place == Elsewhere
            && !["teams", "organizations", "send_invite_email", "auto_create_key"].contains(name)
        {
            let keys = got(&mut world, &path, "keys");
            let key = keys.as_list().and_then(<[Json]>::first).cloned().expect("a key");
            for shown in [&made, &key] {
                match *name {
                    "duration" => assert!(key.get("expires").is_some_and(Json::is_truthy), "{key:?}"),
                    "budget_limits" => assert!(shown.get(name).is_some_and(Json::is_truthy), "{shown:?}"),
                    _ => assert_shown(shown, name, sample, Field),
                }
            }
        }
    }
    for (name, sample, place) in USER {
        let mut world = world();
        let made = posted(&mut world, "/user/update", &format!(r#"{{"user_id":"u","{name}":{sample}}}"#));
        let info = got(&mut world, "/user/info?user_id=u", "user_info");
        for shown in [made.get("data").expect("the user"), &info] {
            assert_shown(shown, name, sample, *place);
        }
    }
    for (name, sample) in NOT_OF_USERS {
        let (status, reply) =
            world().post(MASTER, "/user/update", &format!(r#"{{"user_id":"u","{name}":{sample}}}"#));
        assert_eq!(status, 400, "{name}: {reply:?}");
    }
    assert_eq!(world().post(MASTER, "/user/new", r#"{"tpd_limit":5}"#).0, 400);
    let (status, reply) = world().post(MASTER, "/user/new", r#"{"password":"secret"}"#);
    assert!(status == 422 && !write(&reply).contains("secret"), "{reply:?}");
}

#[test]
fn what_a_team_and_a_user_may_use_is_a_row_of_its_own() {
    let mut world = world();
    let made = r#""object_permission":{"mcp_servers":["s"]}"#;
    let changed = r#""object_permission":{"vector_stores":["v"]}"#;
    let whole = r#"{"mcp_servers":["s"],"vector_stores":["v"]}"#;
    posted(&mut world, "/team/new", &format!(r#"{{"team_id":"x",{made}}}"#));
    posted(&mut world, "/user/new", &format!(r#"{{"user_id":"y",{made}}}"#));
    posted(&mut world, "/user/new", &format!(r#"{{"user_id":"z","auto_create_key":false,{made}}}"#));
    let shown = |world: &mut World, path: &str| {
        let (status, reply) = world.get(MASTER, path);
        assert_eq!(status, 200, "{path}");
        reply.get("team_info").cloned().unwrap_or(reply)
    };
    let paths = ["/team/info?team_id=x", "/v2/user/info?user_id=y", "/v2/user/info?user_id=z"];
    for path in paths {
        assert_has(&shown(&mut world, path), "object_permission", r#"{"mcp_servers":["s"]}"#);
    }
    let keys = got(&mut world, "/user/info?user_id=y", "keys");
    let key = keys.as_list().and_then(<[Json]>::first).cloned().expect("a key");
    assert_ne!(text(&key, "object_permission_id"), "");
    posted(&mut world, "/team/update", &format!(r#"{{"team_id":"x",{changed}}}"#));
    posted(&mut world, "/user/update", &format!(r#"{{"user_id":"y",{changed}}}"#));
    posted(&mut world, "/user/update", &format!(r#"{{"user_id":"z",{changed}}}"#));
    posted(&mut world, "/team/update", r#"{"team_id":"x","object_permission":null}"#);
    for path in paths {
        assert_has(&shown(&mut world, path), "object_permission", whole);
    }
    // nobody else gives themselves any
    let boss = world.user("boss", "internal_user");
    assert_eq!(world.post(&boss, "/user/update", &format!(r#"{{"user_id":"boss",{made}}}"#)).0, 401);
}

#[test]
fn every_field_of_a_budget_is_kept_and_shown() {
    for (name, sample, place) in BUDGET {
        let mut world = world();
        for (path, id) in [("/budget/new", "x"), ("/budget/update", "b")] {
            let made = posted(&mut world, path, &format!(r#"{{"budget_id":"{id}","{name}":{sample}}}"#));
            for shown in [&made, &budget(&mut world, id)] {
                assert_shown(shown, name, sample, *place);
                assert_has(shown, name, sample);
            }
        }
    }
}

#[test]
fn the_window_of_a_budget_ends_when_the_request_says_or_with_its_duration() {
    let mut world = world();
    let mut end = |body: &str| {
        let made = posted(&mut world, "/budget/update", &format!(r#"{{"budget_id":"b",{body}}}"#));
        text(&made, "budget_reset_at")
    };
    let pinned = end(r#""budget_duration":"1d","budget_reset_at":"2030-01-01T00:00:00Z""#);
    assert_eq!(pinned, "2030-01-01T00:00:00Z");
    assert_eq!(end(r#""max_budget":5"#), pinned);
    assert!(![String::new(), pinned].contains(&end(r#""budget_duration":"2d""#)));
    assert_eq!(end(r#""budget_reset_at":null"#), "");
    assert_eq!(
        posted(&mut world, "/budget/update", r#"{"budget_id":"b","tpd_limit":null}"#).get("tpd_limit"),
        Some(&Json::Null)
    );
}

#[test]
fn every_field_of_a_member_is_kept_and_shown() {
    for (name, sample, column) in MEMBER {
        let mut world = world();
        posted(&mut world, "/team/member_delete", r#"{"team_id":"t","user_id":"u"}"#);
        let body = format!(r#"{{"team_id":"t","member":{{"role":"user","user_id":"u"}},"{name}":{sample}}}"#);
        posted(&mut world, "/team/member_add", &body);
        assert_has(&own_budget(&mut world), column, sample);
    }
    for (name, sample, column) in MEMBER.iter().chain(CHANGED_MEMBER) {
        let mut world = world();
        let sample_alone = sample.split(",\"temp").next().expect("a value");
        let body = format!(r#"{{"team_id":"t","user_id":"u","{name}":{sample}}}"#);
        let reply = posted(&mut world, "/team/member_update", &body);
        assert_has(&reply, name, sample_alone);
        assert_has(&own_budget(&mut world), column, sample_alone);
    }
}

#[test]
fn what_is_null_takes_a_field_of_a_team_away() {
    for (name, sample, place) in TEAM {
        // these stay, as before
        if ["metadata", "models", "blocked", "guardrails", "tags", "model_aliases", "require_trace_id"]
            .contains(name)
        {
            continue;
        }
        let mut world = world();
        posted(&mut world, "/team/update", &format!(r#"{{"team_id":"t","{name}":{sample}}}"#));
        posted(&mut world, "/team/update", &format!(r#"{{"team_id":"t","{name}":null}}"#));
        let info = got(&mut world, "/team/info?team_id=t", "team_info");
        let shown =
            if *place == Metadata { info.get("metadata").cloned().unwrap_or(Json::Null) } else { info };
        assert!(!shown.get(name).is_some_and(Json::is_truthy), "{name}: {shown:?}");
    }
}

#[test]
fn what_says_too_much_or_nothing_readable_is_refused() {
    for (path, body) in [
        ("/team/new", r#""soft_budget":-1"#),
        ("/team/new", r#""soft_budget":5,"max_budget":5"#),
        ("/team/update", r#""soft_budget":5,"max_budget":5"#),
        ("/team/new", r#""tpd_limit":-1"#),
        ("/team/new", r#""budget_limits":[{"budget_duration":"x","max_budget":5}]"#),
        ("/team/new", r#""budget_limits":[{"budget_duration":"1d","max_budget":-5}]"#),
        ("/team/new", r#""team_member_permissions":["/nonsense"]"#),
        ("/team/update", r#""team_member_permissions":["/key/generate"]"#),
        ("/team/new", r#""team_member_budget":-1"#),
        ("/team/new", r#""team_member_budget_duration":"x""#),
        ("/team/update", r#""team_member_key_duration":"x""#),
        ("/team/new", r#""team_member_rpm_limit":-1"#),
        ("/team/update", r#""team_member_model_max_budget":{"m":{"max_budget":-1}}"#),
        ("/team/new", r#""model_max_budget":{"m":{"max_budget":-1}}"#),
        ("/team/new", r#""model_rpm_limit":{"m":-3}"#),
        ("/team/new", r#""mcp_rpm_limit":{"s":-1}"#),
        ("/team/new", r#""default_estimated_output_tokens":0"#),
        ("/user/new", r#""budget_limits":[{"budget_duration":"1d","max_budget":-5}]"#),
        ("/user/new", r#""teams":["t","t"]"#),
        ("/user/new", r#""teams":[{"team_id":"nowhere"}]"#),
        ("/user/new", r#""teams":[{"team_id":"t","max_budget_in_team":-1}]"#),
        ("/user/new", r#""teams":[{"team_id":"t","max_budget_in_teem":1}]"#),
        ("/user/new", r#""organizations":["nowhere"]"#),
        ("/user/new", r#""agent_id":"a","auto_create_key":false"#),
        ("/budget/new", r#""tpd_limit":-1"#),
        ("/team/member_update", r#""user_id":"u","tpm_limit":-1"#),
        ("/team/member_update", r#""user_id":"u","budget_duration":"x""#),
        ("/team/member_update", r#""user_id":"u","model_max_budget":{"m":{"max_budget":-1}}"#),
    ] {
        let team = if path == "/team/new" || path == "/user/new" { "" } else { r#""team_id":"t","# };
        let (status, reply) = world().post(MASTER, path, &format!("{{{team}{body}}}"));
        assert_eq!(status, 400, "{path} {body}: {reply:?}");
    }
    for (path, body) in [
        ("/team/new", r#"{"rpm_limit_type":"dynamic"}"#),
        ("/team/new", r#"{"budget_limits":[{"budget_duration":"1d"}]}"#),
        ("/user/new", r#"{"teams":["t",{"team_id":"t"}]}"#),
        ("/user/new", r#"{"teams":[{"team_id":"t","user_role":"x"}]}"#),
        ("/team/member_update", r#"{"team_id":"t","user_id":"u","temp_budget_increase":2}"#),
        (
            "/team/member_update",
            r#"{"team_id":"t","user_id":"u","temp_budget_expiry":"2030-01-01T00:00:00Z"}"#,
        ),
    ] {
        let (status, reply) = world().post(MASTER, path, body);
        assert_eq!(status, 422, "{path} {body}: {reply:?}");
    }
    let mut world = world();
    posted(&mut world, "/user/new", r#"{"user_id":"v","sso_user_id":"one"}"#);
    assert_eq!(world.post(MASTER, "/user/new", r#"{"user_id":"w","sso_user_id":"one"}"#).0, 409);
    posted(&mut world, "/team/update", r#"{"team_id":"t","soft_budget":5}"#);
    let (status, reply) = world.post(MASTER, "/team/update", r#"{"team_id":"t","max_budget":5}"#);
    let said = write(&reply);
    assert!(
        status == 400 && said.contains("max_budget (5.0) must be strictly greater than soft_budget (5.0)"),
        "{said}"
    );
}

#[test]
fn a_store_without_the_columns_refuses_their_fields_by_name() {
    let is_old = |name| [Team::NAME, User::NAME, Budget::NAME].contains(&name);
    let lacking = Lacking::of(|table, column| match column {
        Some(_) => !is_old(table.name),
        None => table.name != OrganizationMembership::NAME,
    });
    let names: Vec<String> = lacking.names().iter().map(|name| format!("\"{name}\"")).collect();
    let own = format!(r#"{{"store_lacks":[{}]}}"#, names.join(","));
    for (path, name, sample) in [
        ("/team/new", "access_group_ids", r#"["g"]"#),
        ("/team/new", "budget_limits", r#"[{"budget_duration":"1d","max_budget":5.0}]"#),
        ("/team/new", "default_team_member_models", r#"["gpt-4"]"#),
        ("/team/new", "policies", r#"["p"]"#),
        ("/team/new", "router_settings", r#"{"num_retries":2}"#),
        ("/team/new", "soft_budget", "5.0"),
        ("/team/new", "team_member_permissions", r#"["/key/generate"]"#),
        ("/team/new", "tpd_limit", "5"),
        ("/user/update", "policies", r#"["p"]"#),
        ("/user/new", "organizations", r#"["o"]"#),
        ("/budget/new", "tpd_limit", "5"),
        ("/team/member_update", "allowed_models", r#"["gpt-4"]"#),
        ("/team/member_update", "temp_budget_increase", r#"2.0,"temp_budget_expiry":"2030-01-01T00:00:00Z""#),
    ] {
        let mut world = furnished(World::with_own("strict", &own));
        let whom = match path {
            "/user/update" => r#""user_id":"u","#,
            "/team/member_update" => r#""team_id":"t","user_id":"u","#,
            _ => "",
        };
        let (status, reply) = world.post(MASTER, path, &format!(r#"{{{whom}"{name}":{sample}}}"#));
        let said = write(&reply);
        assert!(
            status == 400 && said.contains(&format!("`{name}` is not stored by this server")),
            "{name}: {said}"
        );
    }
    let mut world = furnished(World::with_own("strict", &own));
    posted(&mut world, "/user/new", r#"{"policies":["p"]}"#);
    posted(&mut world, "/team/new", r#"{"team_member_budget":5,"prompts":["p"]}"#);
}
