//! Deviations on what later releases of LiteLLM write into the tables.

use crate::{MASTER, World, json, text};
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::mint;
use latchkey_contract::tables::{
    Budget, DeprecatedToken, Millis, Organization, Project, Table, Team, VirtualKey,
};
use latchkey_tests::scenario::dumps;

/// Gives a key a list of routes.
fn restrict(world: &mut World, key: &str, routes: &str) {
    world.set(VirtualKey::NAME, &mint::token(key), "allowed_routes", routes);
}

/// A team with an admin `boss` and a member `ann`, and keys that both have in it.
fn team(world: &mut World, permissions: &str) -> (String, String) {
    world.user("boss", "internal_user");
    world.user("ann", "internal_user");
    let body = r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"boss"},{"role":"user","user_id":"ann"}]}"#;
    assert_eq!(world.post(MASTER, "/team/new", body).0, 200);
    let boss = world.key(r#"{"team_id":"t","user_id":"boss"}"#);
    let ann = world.key(r#"{"team_id":"t","user_id":"ann"}"#);
    world.set(Team::NAME, "t", "team_member_permissions", permissions);
    (boss, ann)
}

fn message(reply: &Json) -> String {
    text(reply.get("error").unwrap_or(&Json::Null), "message")
}

/// A million days from 1970.
const FAR: Millis = Millis(86_400_000_000_000);

deviations! {
    routes_of_a_key_bind_it under "{}": |litellm, strict| {
        for (world, expected) in [(&mut *litellm, 200), (&mut *strict, 403)] {
            let admin = world.user("admin", "proxy_admin");
            restrict(world, &admin, r#"["llm_api_routes"]"#);
            let (status, reply) = world.get(&admin, "/team/list");
            assert_eq!(status, expected);
            assert_eq!(world.post(&admin, "/user/new", r#"{"user_role":"proxy_admin"}"#).0, expected);
            if expected == 403 {
                assert_eq!(
                    text(&reply, "detail"),
                    "Virtual key is not allowed to call this route. Only allowed to call routes: ['llm_api_routes']. \
                     Tried to call route: /team/list"
                );
            }
        }
        // only ever narrowing, and judged by the path that was routed
        let user = strict.user("u", "internal_user");
        let victim = strict.key("{}");
        restrict(strict, &user, r#"["/key/info","/team*"]"#);
        assert_eq!(strict.get(&user, "/key/info").0, 200);
        assert_eq!(strict.post(&user, "/team/new", "{}").0, 401);
        for target in ["/key/list", "/user/info", "/policy", "/%6bey/list"] {
            assert_eq!(strict.get(&user, target).0, 403, "{target}");
        }
        for path in ["/key/generate", "/key/block", &format!("/key/{victim}/regenerate"), "/key%2Fgenerate"] {
            assert_eq!(strict.post(&user, path, &format!(r#"{{"key":"{victim}"}}"#)).0, 403, "{path}");
        }
        for path in ["/key/info/../generate", "/key/info/%2e%2e/generate", "/key/info%2F..%2Fgenerate"] {
            assert_eq!(strict.post(&user, path, "{}").0, 404, "{path}");
        }
        let form = r#"{"operation":"key_generate","caller":{"user_role":"proxy_admin","limits":{"allowed_routes":["info_routes"]}}}"#;
        let verdict = strict.check(&json(form));
        assert_eq!(verdict.get("allowed"), Some(&Json::Bool(false)), "{verdict:?}");
        restrict(strict, &user, "[]");
        assert_eq!(strict.get(&user, "/key/list").0, 200);
    }

    keys_hand_on_their_routes under "{}": |litellm, strict| {
        for (world, inherited) in [(&mut *litellm, false), (&mut *strict, true)] {
            let user = world.user("u", "internal_user");
            let wide = world.key(r#"{"user_id":"u"}"#);
            restrict(world, &user, r#"["/key/generate","/key/info","/key/regenerate"]"#);
            let (status, reply) = world.post(&user, "/key/generate", "{}");
            assert_eq!(status, 200, "{reply:?}");
            let made = text(&reply, "key");
            assert_eq!(world.post(&made, "/key/block", &format!(r#"{{"key":"{made}"}}"#)).0 == 403, inherited);
            if inherited {
                assert_eq!(world.post(&user, "/key/regenerate", &format!(r#"{{"key":"{wide}"}}"#)).0, 403);
                assert_eq!(world.post(&user, "/key/regenerate", &format!(r#"{{"key":"{made}"}}"#)).0, 200);
                let admin = world.user("admin", "proxy_admin");
                restrict(world, &admin, r#"["/user/new"]"#);
                let (status, reply) = world.post(&admin, "/user/new", r#"{"user_role":"proxy_admin"}"#);
                assert_eq!(status, 200, "{reply:?}");
                assert_eq!(world.get(&text(&reply, "key"), "/key/list").0, 403);
            }
        }
    }

    deactivated_users_are_shut_out under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 401)] {
            let admin = world.user("gone", "proxy_admin");
            let body = r#"{"user_id":"gone","metadata":{"scim_active":false}}"#;
            assert_eq!(world.post(MASTER, "/user/update", body).0, 200);
            let (status, reply) = world.get(&admin, "/team/list");
            assert_eq!(status, expected);
            if expected == 401 {
                let words = "Authentication Error, User=gone has been deactivated via SCIM. Keys owned by this user cannot be used.";
                assert_eq!(message(&reply), words);
            }
        }
    }

    keys_of_blocked_projects_are_shut_out under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 401)] {
            let user = world.user("u", "internal_user");
            let mut project = Project { project_id: "p".to_owned(), ..Project::default() };
            project.metadata = JsonText::of(&Json::empty_dict());
            world.put(&project);
            world.set(VirtualKey::NAME, &mint::token(&user), "project_id", "\"p\"");
            assert_eq!(world.post(&user, "/key/generate", "{}").0, 200);
            world.set(Project::NAME, "p", "blocked", "true");
            let (status, reply) = world.post(&user, "/key/generate", "{}");
            assert_eq!(status, expected);
            if expected == 401 {
                let words = "Authentication Error, Project=p is blocked. Update via `/project/update` if you're an admin.";
                assert_eq!(message(&reply), words);
            }
        }
    }

    members_need_their_teams_permission under "{}": |litellm, strict| {
        for (world, expected) in [(&mut *litellm, 200), (&mut *strict, 401)] {
            let (boss, ann) = team(world, "[]");
            let (status, reply) = world.post(&ann, "/key/generate", r#"{"team_id":"t"}"#);
            assert_eq!(status, expected, "{reply:?}");
            if expected == 401 {
                assert!(message(&reply).starts_with(
                    "Team member does not have permissions for endpoint: KeyManagementRoutes.KEY_GENERATE. You only have \
                     access to the following endpoints: ['/key/info', '/key/health'] for team t. To create keys for this team,"
                ), "{reply:?}");
            }
            let own = world.key(r#"{"team_id":"t","user_id":"ann"}"#);
            let of_own = format!(r#"{{"key":"{own}"}}"#);
            for (path, body) in [
                ("/key/update", format!(r#"{{"key":"{own}","key_alias":"mine"}}"#)),
                ("/key/regenerate", of_own.clone()),
                ("/key/block", of_own.clone()),
                ("/key/delete", format!(r#"{{"keys":["{own}"]}}"#)),
            ] {
                if expected == 401 {
                    assert_eq!(world.post(&ann, path, &body).0, 401, "{path}");
                }
            }
            assert_eq!(world.get(&ann, &format!("/key/info?key={own}")).0, 200);
            assert_eq!(world.post(&boss, "/key/generate", r#"{"team_id":"t"}"#).0, 200);
            world.set(Team::NAME, "t", "team_member_permissions", r#"["/key/generate","/key/delete"]"#);
            assert_eq!(world.post(&ann, "/key/generate", r#"{"team_id":"t"}"#).0, 200);
            assert_eq!(world.post(&ann, "/key/delete", &format!(r#"{{"keys":["{own}"]}}"#)).0, 200);
            // of a team that says nothing about it, as in release 1.60.8
            world.set(Team::NAME, "t", "team_member_permissions", "null");
            assert_eq!(world.post(&ann, "/key/generate", r#"{"team_id":"t"}"#).0, 200);
        }
    }

    moved_keys_need_the_new_teams_permission under "{}": |litellm, strict| {
        let strict = [(&mut *litellm, 200), (&mut *strict, 401)];
        for (world, expected) in strict {
            let (_, ann) = team(world, "[]");
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"own","members_with_roles":[{"role":"admin","user_id":"ann"}]}"#).0, 200);
            let key = world.key(r#"{"team_id":"own","user_id":"ann"}"#);
            let moved = world.post(&ann, "/key/update", &format!(r#"{{"key":"{key}","team_id":"t"}}"#));
            assert_eq!(moved.0, expected, "{moved:?}");
        }
    }

    keys_of_members_end_in_time under "{}": |litellm, strict| {
        for (world, is_bound) in [(&mut *litellm, false), (&mut *strict, true)] {
            let (boss, ann) = team(world, "null");
            let metadata = r#"{"team_id":"t","metadata":{"team_member_key_duration":"1d"}}"#;
            assert_eq!(world.post(MASTER, "/team/update", metadata).0, 200);
            let expires = |world: &mut World, key: &str, more: &str| {
                let (status, reply) = world.post(key, "/key/generate", &format!(r#"{{"team_id":"t","user_id":"ann"{more}}}"#));
                assert_eq!(status, 200, "{reply:?}");
                text(&reply, "expires")
            };
            let (none, long) = (expires(world, &ann, ""), expires(world, &ann, r#","duration":"30d""#));
            assert_eq!(none.is_empty(), !is_bound);
            if is_bound {
                assert_eq!(none.get(..10), long.get(..10));
                assert!(expires(world, &ann, r#","duration":null"#) >= none);
                assert!(expires(world, &ann, r#","duration":"1h""#) < none);
                // also when a proxy admin makes the key, or moves it into the team
                assert!(!expires(world, MASTER, "").is_empty());
                let own = world.key(r#"{"user_id":"ann"}"#);
                let (status, moved) = world.post(MASTER, "/key/update", &format!(r#"{{"key":"{own}","team_id":"t"}}"#));
                assert_eq!((status, text(&moved, "expires").is_empty()), (200, false));
                // nor does an admin of the team prolong it beyond that
                let own = world.key(r#"{"user_id":"ann","team_id":"t","duration":"1h"}"#);
                for (duration, expected) in [("2h", 200), ("2d", 400)] {
                    let body = format!(r#"{{"key":"{own}","duration":"{duration}"}}"#);
                    assert_eq!(world.post(&boss, "/key/update", &body).0, expected, "{duration}");
                }
            }
        }
    }

    graces_of_litellm_count under "{}": |litellm, strict| {
        let former = "sk-former-0123456789";
        for (world, expected) in [(&mut *litellm, 401), (&mut *strict, 200)] {
            let user = world.user("u", "internal_user");
            world.put(&DeprecatedToken {
                id: "1".to_owned(),
                token: mint::token(former),
                active_token_id: mint::token(&user),
                revoke_at: FAR,
                ..DeprecatedToken::default()
            });
            assert_eq!(world.get(former, "/key/info").0, expected);
            let custom = format!(r#"{{"key":"{former}"}}"#);
            assert_eq!(world.generate(&custom) == 400, expected == 200);
        }
        assert_eq!(strict.post(former, "/key/generate", "{}").0, 403);
        let user = strict.key("{}");
        let moved = mint::token(&user);
        strict.set(DeprecatedToken::NAME, "1", "active_token_id", &format!("\"{moved}\""));
        let regenerate = |world: &mut World, key: &str, grace: &str| {
            let (status, reply) = world.post(MASTER, &format!("/key/{key}/regenerate"), grace);
            assert_eq!(status, 200, "{reply:?}");
            text(&reply, "key")
        };
        // it moves along, and no longer than the last one works
        let next = regenerate(strict, &user, r#"{"grace_period":"1h"}"#);
        assert_eq!(strict.get(former, "/key/info").0, 200);
        assert_eq!(strict.get(&user, "/key/info").0, 200);
        strict.sleep(3601.0);
        assert_eq!(strict.get(former, "/key/info").0, 401);
        strict.set(DeprecatedToken::NAME, "1", "revoke_at", &FAR.0.to_string());
        assert_eq!(strict.get(former, "/key/info").0, 200);
        let last = regenerate(strict, &next, "{}");
        assert_eq!(strict.get(former, "/key/info").0, 401);
        assert_eq!(strict.get(&last, "/key/info").0, 200);
    }

    teams_stay_within_their_organization under "{}": |litellm, strict| {
        for (world, within) in [(litellm, 400), (strict, 200)] {
            world.put(&Budget { budget_id: "b".to_owned(), max_budget: Some(100.0), tpm_limit: Some(10), ..Budget::default() });
            let models = vec!["m1".to_owned(), "m2".to_owned()];
            world.put(&Organization { organization_id: "o".to_owned(), budget_id: "b".to_owned(), models, ..Organization::default() });
            for (more, expected) in [
                (r#""max_budget":100,"tpm_limit":10,"models":["m2"]"#, within),
                (r#""max_budget":100.5"#, 400),
                (r#""tpm_limit":11"#, 400),
                (r#""models":["m1","m3"]"#, 400),
            ] {
                let body = format!(r#"{{"team_alias":"a","organization_id":"o",{more}}}"#);
                assert_eq!(world.post(MASTER, "/team/new", &body).0, expected, "{more}");
            }
            let (_, made) = world.post(MASTER, "/team/new", r#"{"team_id":"in","organization_id":"o"}"#);
            assert_eq!(made.get("models").is_some_and(|models| dumps(models) == r#"["m1", "m2"]"#), within == 200, "{made:?}");
            for (team, moved) in [(r#""models":["m1"],"max_budget":5"#, within), (r#""models":["m1"],"max_budget":500"#, 403), ("\"models\":[]", 403), (r#""models":["m3"]"#, 403)] {
                let moved = if within == 400 { 400 } else { moved };
                let (_, made) = world.post(MASTER, "/team/new", &format!("{{{team}}}"));
                let id = made.get("team_id").and_then(Json::as_str).unwrap_or_default();
                let body = format!(r#"{{"team_id":"{id}","organization_id":"o"}}"#);
                assert_eq!(world.post(MASTER, "/team/update", &body).0, moved, "{team}");
            }
        }
        for (change, expected) in [(r#""max_budget":101"#, 400), (r#""organization_id":null,"max_budget":101"#, 400), (r#""models":["m3"]"#, 400), (r#""max_budget":99,"models":[]"#, 200), (r#""organization_id":"nowhere""#, 404)] {
            let (status, reply) = strict.post(MASTER, "/team/update", &format!(r#"{{"team_id":"in",{change}}}"#));
            assert_eq!(status, expected, "{change}: {reply:?}");
        }
        let lowered = ("/budget/update", r#"{"budget_id":"b","max_budget":50}"#);
        let raised = ("/team/update", r#"{"team_id":"in","max_budget":90}"#);
        assert_eq!(strict.post_while(raised, lowered), 400, "the organization's budget changes meanwhile");
        let aliases = r#"{"team_id":"in","model_aliases":{"m1":"m3"}}"#;
        assert_eq!(strict.post(MASTER, "/team/update", aliases).0, 400);
        let (_, shown) = strict.get(MASTER, "/team/info?team_id=in");
        assert_eq!(shown.get("team_info").and_then(|team| team.get("models")).map(dumps).as_deref(), Some(r#"["m1", "m2"]"#));
    }

    organizations_that_exist_are_taken under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 400), (strict, 200)] {
            let team = |id: &str| format!(r#"{{"team_id":"of-{id}","organization_id":"{id}"}}"#);
            world.put(&Organization { organization_id: "o".to_owned(), ..Organization::default() });
            assert_eq!(world.post(MASTER, "/team/new", &team("o")).0, expected);
            assert_eq!(world.post(MASTER, "/team/new", &team("nowhere")).0, 400);
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            let update = |id: &str| format!(r#"{{"team_id":"t","organization_id":"{id}"}}"#);
            assert_eq!(world.post(MASTER, "/team/update", &update("o")).0, expected);
            assert_eq!(world.post(MASTER, "/team/update", &update("nowhere")).0, if expected == 200 { 404 } else { 400 });
        }
    }
}
