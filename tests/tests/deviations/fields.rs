//! Deviations on the fields that later releases of LiteLLM have added.

use crate::{MASTER, World, json, text};
use latchkey_contract::json::{Json, write};
use latchkey_contract::mint;
use latchkey_contract::tables::{
    Organization, OrganizationMembership, Project, Table as _, Team, VirtualKey,
};

fn message(reply: &Json) -> String {
    text(reply.get("error").unwrap_or(&Json::Null), "message")
}

deviations! {
    words_are_those_of_today under "{}": |litellm, strict| {
        for (world, blocked, unknown, id) in [
            (litellm, "you're admin.", "Invalid proxy server token passed. valid_token=None.", "somebody"),
            (strict, "you're an admin.", "Invalid API key provided.", "********"),
        ] {
            let user = world.user("somebody", "internal_user");
            let (_, reply) = world.post(&user, "/team/new", "{}");
            assert!(message(&reply).ends_with(&format!("Your user_id={id}")), "{reply:?}");
            let (_, reply) = world.get("sk-nobody-has-this-one", "/key/info");
            assert!(message(&reply).ends_with(unknown), "{reply:?}");
            world.made("/key/block", &format!(r#"{{"key":"{user}"}}"#));
            let (_, reply) = world.get(&user, "/key/info");
            assert!(message(&reply).ends_with(blocked), "{reply:?}");
        }
    }

    moved_keys_fit_their_team under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            world.made("/team/new", r#"{"team_id":"t","models":["m1"],"tpm_limit":100,"rpm_limit":10}"#);
            world.made("/team/new", r#"{"team_id":"open"}"#);
            for limits in [
                r#""models":["m2"]"#,
                r#""models":["m1"],"tpm_limit":101"#,
                r#""models":["m1"],"rpm_limit":11"#,
            ] {
                let key = world.key(&format!("{{{limits}}}"));
                let mut moved = |team: &str, rest: &str| {
                    world.post(MASTER, "/key/update", &format!(r#"{{"key":"{key}","team_id":"{team}"{rest}}}"#)).0
                };
                assert_eq!(moved("t", ""), expected, "{limits}");
                assert_eq!(moved("open", ""), 200);
                assert_eq!(moved("t", r#","models":["all-team-models"],"tpm_limit":100,"rpm_limit":10"#), 200);
            }
        }
    }

    fields_of_today_are_kept under "{}": |litellm, strict| {
        let body = r#"{"key_type":"llm_api","tpd_limit":5,"agent_id":"a","budget_fallbacks":{"a":["b"]},
            "router_settings":{"num_retries":2},"policies":["p"],"mcp_rpm_limit":{"s":3},"enable_prompt_caching":false}"#;
        let (status, made) = litellm.post(MASTER, "/key/generate", body);
        assert_eq!((status, made.get("tpd_limit"), made.get("key_type")), (200, None, None));
        let (status, made) = strict.post(MASTER, "/key/generate", body);
        assert_eq!(status, 200, "{made:?}");
        let (_, info) = strict.get(MASTER, &format!("/key/info?key={}", text(&made, "key")));
        for shown in [&made, info.get("info").expect("the key")] {
            for (name, value) in [
                ("key_type", r#""llm_api""#),
                ("allowed_routes", r#"["llm_api_routes"]"#),
                ("tpd_limit", "5"),
                ("agent_id", r#""a""#),
                ("budget_fallbacks", r#"{"a":["b"]}"#),
                ("router_settings", r#"{"num_retries":2}"#),
                ("metadata", r#"{"mcp_rpm_limit":{"s":3},"enable_prompt_caching":false,"policies":["p"]}"#),
            ] {
                match name {
                    // the reply shows the settings that nobody made, too
                    "router_settings" => {
                        let retries = shown.get(name).and_then(|settings| settings.get("num_retries"));
                        assert_eq!(retries, Some(&Json::Int(2)));
                    }
                    _ => assert_eq!(shown.get(name), Some(&json(value)), "{name}"),
                }
            }
        }
        let change = format!(r#"{{"key":"{}","tpd_limit":null,"agent_id":"b","prompts":["x"]}}"#, text(&made, "key"));
        let (status, changed) = strict.post(MASTER, "/key/update", &change);
        assert_eq!((status, text(&changed, "agent_id").as_str()), (200, "b"), "{changed:?}");
        assert_eq!(changed.get("tpd_limit"), Some(&Json::Null));
        assert_eq!(changed.get("metadata").and_then(|all| all.get("prompts")), Some(&json(r#"["x"]"#)));
        assert_eq!(strict.generate(r#"{"tpd_limit":-1}"#), 400);
        assert_eq!(strict.generate(r#"{"key_type":"admin"}"#), 422);
    }

    routes_of_keys_come_from_admins under "{}": |litellm, strict| {
        let user = litellm.user("u", "internal_user");
        assert_eq!(litellm.post(&user, "/key/generate", r#"{"allowed_routes":["/team"]}"#).0, 200);
        let user = strict.user("u", "internal_user");
        for (body, status, routes) in [
            (r#"{"allowed_routes":["/key"]}"#, 403, ""),
            (r#"{"allowed_routes":["llm_api_routes"],"key_type":"llm_api"}"#, 403, ""),
            (r#"{"key_type":"management"}"#, 403, ""),
            (r#"{"key_type":"read_only"}"#, 200, r#"["info_routes"]"#),
            (r#"{"key_type":"llm_api","allowed_routes":[]}"#, 200, r#"["llm_api_routes"]"#),
            (r#"{"key_type":"default"}"#, 200, "[]"),
        ] {
            let (found, reply) = strict.post(&user, "/key/generate", body);
            assert_eq!(found, status, "{body}: {reply:?}");
            match found {
                200 => assert_eq!(reply.get("allowed_routes"), Some(&json(routes)), "{body}"),
                _ => assert!(
                    text(reply.get("error").expect("an error"), "message").starts_with(
                        "{'error': 'Only proxy admins can set `allowed_routes` on a key. Use `key_type`"
                    ),
                    "{reply:?}"
                ),
            }
        }
        // of a list that is there, routes may go and none may come
        let key = strict.key(r#"{"user_id":"u","allowed_routes":["/key/info","/key/list"]}"#);
        let mut change = |routes: &str| {
            strict.post(&user, "/key/update", &format!(r#"{{"key":"{key}","allowed_routes":{routes}}}"#)).0
        };
        assert_eq!(change("[]"), 403);
        assert_eq!(change(r#"["/key/info","/team"]"#), 403);
        assert_eq!(change(r#"["/key/info"]"#), 200);
        assert_eq!(change(r#"["/key/info","/key/list"]"#), 403);
        // nor does a key of a proxy admin take its own list off
        let admin = strict.user("admin", "proxy_admin");
        strict.set(VirtualKey::NAME, &mint::token(&admin), "allowed_routes", r#"["key_management_routes"]"#);
        let widened = format!(r#"{{"key":"{admin}","allowed_routes":[]}}"#);
        assert_eq!(strict.post(&admin, "/key/update", &widened).0, 403);
        assert_eq!(strict.post(&admin, &format!("/key/{admin}/regenerate"), r#"{"allowed_routes":[]}"#).0, 403);
        // and what a key with a list makes opens no more than the list
        let limited = strict.key(r#"{"user_id":"u","allowed_routes":["key_management_routes"]}"#);
        let (status, made) = strict.post(&limited, "/key/generate", r#"{"key_type":"read_only"}"#);
        assert_eq!((status, made.get("allowed_routes")), (200, Some(&json(r#"["key_management_routes"]"#))));
    }

    organizations_of_keys_are_joined under "{}": |litellm, strict| {
        let user = litellm.user("u", "internal_user");
        assert_eq!(litellm.post(&user, "/key/generate", r#"{"organization_id":"o"}"#).0, 200);
        let user = strict.user("u", "internal_user");
        strict.put(&Organization { organization_id: "o".to_owned(), ..Organization::default() });
        let (status, reply) = strict.post(&user, "/key/generate", r#"{"organization_id":"o"}"#);
        assert_eq!((status, message(&reply).as_str()), (403, "Caller is not a member of organization_id=o"));
        let (status, reply) = strict.post(MASTER, "/key/generate", r#"{"organization_id":"nowhere"}"#);
        assert_eq!(status, 400);
        assert!(message(&reply).starts_with("Organization doesn't exist in db. Organization=nowhere."));
        strict.put(&OrganizationMembership {
            user_id: "u".to_owned(),
            organization_id: "o".to_owned(),
            ..OrganizationMembership::default()
        });
        let (status, made) = strict.post(&user, "/key/generate", r#"{"organization_id":"o"}"#);
        assert_eq!((status, text(&made, "organization_id").as_str()), (200, "o"));
        // what is made with a key of an organization is of it, too, and its owner does not take it out
        let key = text(&made, "key");
        let (_, made) = strict.post(&key, "/key/generate", "{}");
        assert_eq!(text(&made, "organization_id"), "o");
        let leave = format!(r#"{{"key":"{key}","organization_id":null}}"#);
        assert_eq!(strict.post(&user, "/key/update", &leave).0, 403);
        assert_eq!(strict.post(MASTER, "/key/update", &leave).0, 200);
    }

    projects_bound_their_keys under "{}": |litellm, strict| {
        assert_eq!(litellm.generate(r#"{"project_id":"p"}"#), 200);
        let user = strict.user("u", "internal_user");
        strict.made("/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"u"}]}"#);
        strict.made("/team/new", r#"{"team_id":"other"}"#);
        strict.made("/budget/new", r#"{"budget_id":"b","max_budget":5}"#);
        let project = |id: &str, team_id: &str| Project {
            project_id: id.to_owned(),
            team_id: Some(team_id.to_owned()),
            budget_id: Some("b".to_owned()),
            models: vec!["m1".to_owned()],
            ..Project::default()
        };
        strict.put(&project("p", "t"));
        strict.put(&project("q", "other"));
        for (caller, body, status, said) in [
            (MASTER, r#"{"project_id":"nowhere"}"#, 404, "{'error': 'Project not found, project_id=nowhere'}"),
            (&user, r#"{"team_id":"t","project_id":"q"}"#, 404, "{'error': 'Project not found, project_id=q'}"),
            (MASTER, r#"{"team_id":"t","project_id":"q"}"#, 400, "{'error': 'Project q belongs to team other, but"),
            (&user, r#"{"team_id":"t","project_id":"p","models":["m2"]}"#, 400, "{'error': \"Model 'm2' not in project's"),
            (&user, r#"{"team_id":"t","project_id":"p","models":["m1"],"max_budget":6}"#, 400,
                "{'error': \"Key max_budget (6.0) exceeds project's max_budget (5.0). Project: p\"}"),
            (&user, r#"{"team_id":"t","project_id":"p","models":["m1"],"max_budget":5}"#, 200, ""),
        ] {
            let (found, reply) = strict.post(caller, "/key/generate", body);
            assert_eq!(found, status, "{body}: {reply:?}");
            assert!(message(&reply).starts_with(said), "{reply:?}");
        }
        let key = strict.key(r#"{"team_id":"t","project_id":"p","models":["m1"]}"#);
        let mut change = |rest: &str| strict.post(MASTER, "/key/update", &format!(r#"{{"key":"{key}",{rest}}}"#)).0;
        assert_eq!(change(r#""project_id":"q""#), 400);
        assert_eq!(change(r#""team_id":"other""#), 400);
        assert_eq!(change(r#""max_budget":6"#), 400);
        assert_eq!(change(r#""max_budget":4"#), 200);
        assert_eq!(change(r#""project_id":null,"max_budget":6"#), 200);
    }

    object_permissions_come_from_admins under "{}": |litellm, strict| {
        let body = r#"{"object_permission":{"mcp_servers":["s"],"blocked_tools":["t"]}}"#;
        assert_eq!(litellm.generate(body), 200);
        let user = strict.user("u", "internal_user");
        assert_eq!(strict.post(&user, "/key/generate", body).0, 403);
        assert_eq!(strict.post(&user, "/key/generate", r#"{"object_permission":{"mcp_servers":[]}}"#).0, 200);
        let key = strict.key(r#"{"user_id":"u","object_permission":{"mcp_servers":["s"],"blocked_tools":["t"]}}"#);
        let shown = |world: &mut World, key: &str| {
            let (_, info) = world.get(MASTER, &format!("/key/info?key={key}"));
            let info = info.get("info").cloned().expect("the key");
            let row = info.get("object_permission").cloned().expect("a row, or null");
            (text(&info, "object_permission_id"), row)
        };
        let (id, row) = shown(strict, &key);
        assert_eq!((text(&row, "object_permission_id"), row.get("mcp_servers")), (id.clone(), Some(&json(r#"["s"]"#))));
        // what is made with the key blocks the same tools
        let (_, made) = strict.post(&key, "/key/generate", "{}");
        let other = text(&made, "key");
        assert_eq!(shown(strict, &other).0, id);
        // a change is one of this key alone, and keeps what it does not mention
        let change = format!(r#"{{"key":"{key}","object_permission":{{"vector_stores":["v"]}}}}"#);
        assert_eq!(strict.post(&user, "/key/update", &change).0, 403);
        assert_eq!(strict.post(MASTER, "/key/update", &change).0, 200);
        let (_, changed) = shown(strict, &key);
        assert_eq!(changed.get("vector_stores"), Some(&json(r#"["v"]"#)));
        assert_eq!(changed.get("blocked_tools"), Some(&json(r#"["t"]"#)));
        assert_eq!(shown(strict, &other), (id, row));
    }

    guaranteed_limits_fit_their_team under "{}": |litellm, strict| {
        let guaranteed = |limits: &str| {
            format!(r#"{{"team_id":"t",{limits},"tpm_limit_type":"guaranteed_throughput"}}"#)
        };
        litellm.made("/team/new", r#"{"team_id":"t","tpm_limit":100}"#);
        assert_eq!(litellm.generate(&guaranteed(r#""tpm_limit":600"#)), 200);
        strict.made("/team/new", r#"{"team_id":"t","tpm_limit":100,"model_tpm_limit":{"m":50}}"#);
        strict.made("/team/new", r#"{"team_id":"other","tpm_limit":50}"#);
        let first = strict.key(&guaranteed(r#""tpm_limit":60"#));
        let (status, reply) = strict.post(MASTER, "/key/generate", &guaranteed(r#""tpm_limit":60"#));
        let said = "Allocated TPM limit=60 + Key TPM limit=60 is greater than team TPM limit=100";
        assert_eq!((status, message(&reply)), (400, said.to_owned()));
        // who promises nothing takes what they get
        assert_eq!(strict.generate(r#"{"team_id":"t","tpm_limit":60,"tpm_limit_type":"best_effort_throughput"}"#), 200);
        for (limits, status) in [
            (r#""model_tpm_limit":{"m":30}"#, 200),
            (r#""model_tpm_limit":{"m":30}"#, 400),
            (r#""model_tpm_limit":{"n":101}"#, 400),
            (r#""model_tpm_limit":{"n":100}"#, 200),
        ] {
            assert_eq!(strict.generate(&guaranteed(limits)), status, "{limits}");
        }
        strict.made("/team/update", r#"{"team_id":"t","tpm_limit":200}"#);
        let mut change = |rest: &str| strict.post(MASTER, "/key/update", &format!(r#"{{"key":"{first}",{rest}}}"#)).0;
        assert_eq!(change(r#""tpm_limit":150"#), 400);
        assert_eq!(change(r#""team_id":"other""#), 403);
        assert_eq!(change(r#""tpm_limit":140"#), 200);
        assert_eq!(change(r#""max_budget":1"#), 200);
        // two at the same time do not get the same
        strict.made("/team/new", r#"{"team_id":"u","rpm_limit":10}"#);
        let body = r#"{"team_id":"u","rpm_limit":6,"rpm_limit_type":"guaranteed_throughput"}"#;
        assert_eq!(strict.post_while(("/key/generate", body), ("/key/generate", body)), 400);
        // a number is a number however it is written, and a key of a new user is a key
        for limits in [r#""model_tpm_limit":{"o":1e9}"#, r#""model_tpm_limit":{"o":99999999999999999999}"#] {
            assert_eq!(strict.generate(&guaranteed(limits)), 400, "{limits}");
        }
        let of_user = r#"{"team_id":"t","tpm_limit":1000,"metadata":{"tpm_limit_type":"guaranteed_throughput"}}"#;
        assert_eq!(strict.post(MASTER, "/user/new", of_user).0, 400);
        let preset = r#"{"default_key_generate_params":{"metadata":{"tpm_limit_type":"guaranteed_throughput"}}}"#;
        let mut preset = World::new("strict", preset);
        preset.made("/team/new", r#"{"team_id":"t","tpm_limit":100}"#);
        assert_eq!(preset.generate(r#"{"team_id":"t","tpm_limit":60}"#), 200);
        assert_eq!(preset.generate(r#"{"team_id":"t","tpm_limit":60}"#), 400);
        let one = format!(r#"{{"team_id":"t","key_ids":["{first}"],"update_fields":{{"tpm_limit":1}}}}"#);
        let (_, reply) = strict.post(MASTER, "/team/key/bulk_update", &one);
        assert!(write(&reply).contains("a limit that is guaranteed is changed of one key alone"), "{reply:?}");
    }

    access_groups_need_a_permission under "{}": |litellm, strict| {
        let user = litellm.user("u", "internal_user");
        assert_eq!(litellm.post(&user, "/key/generate", r#"{"access_group_ids":["g"]}"#).0, 200);
        let user = strict.user("u", "internal_user");
        let (status, reply) = strict.post(&user, "/key/generate", r#"{"access_group_ids":["g"]}"#);
        assert_eq!(status, 403);
        assert!(message(&reply).ends_with("Disallowed access groups: ['g']."), "{reply:?}");
        let boss = strict.user("boss", "internal_user");
        let members = r#"[{"role":"user","user_id":"u"},{"role":"admin","user_id":"boss"}]"#;
        strict.made("/team/new", &format!(r#"{{"team_id":"t","members_with_roles":{members}}}"#));
        let body = r#"{"team_id":"t","access_group_ids":["g"]}"#;
        for (permissions, expected) in
            [(r#"["/key/generate"]"#, 403), (r#"["/key/generate","/key/access_group_assignment"]"#, 200)]
        {
            strict.set(Team::NAME, "t", "team_member_permissions", permissions);
            let (status, reply) = strict.post(&user, "/key/generate", body);
            assert_eq!(status, expected, "{reply:?}");
        }
        assert_eq!(strict.post(&boss, "/key/generate", body).0, 200);
        assert_eq!(strict.generate(r#"{"access_group_ids":["g"]}"#), 200);
    }
}
