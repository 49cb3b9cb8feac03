//! Deviations on what belongs to many keys: lists of them, and removals.

use crate::{MASTER, World};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_tests::scenario::dumps;

deviations! {
    keys_of_teams_and_users_are_bounded under "{}": |litellm, strict| {
        for (world, shown, complete) in [(litellm, 1001, None), (strict, 1000, Some(Json::Bool(false)))] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}"#).0, 200);
            for _ in 0..1001 {
                world.key(r#"{"team_id":"t","user_id":"u"}"#);
            }
            for target in ["/team/info?team_id=t", "/team/list", "/user/info?user_id=u", "/user/info"] {
                let (status, reply) = world.get(MASTER, target);
                let reply = match &reply {
                    Json::List(teams) => teams[0].clone(),
                    _ => reply,
                };
                let keys = reply.get("keys").and_then(Json::as_list).unwrap_or_default().len();
                assert_eq!((status, keys, reply.get("keys_complete").cloned()), (200, shown, complete.clone()), "{target}");
            }
            assert_eq!(world.get(MASTER, "/team/info?team_id=none").0, 404);
        }
    }

    lists_are_bounded under "{}": |litellm, strict| {
        for (world, shown, of_viewer) in [(litellm, 1001, 400), (strict, 1000, 200)] {
            for number in 0..1001 {
                world.made("/budget/new", &format!(r#"{{"budget_id":"b{number}","max_budget":1}}"#));
                world.made("/team/new", &format!(r#"{{"team_id":"t{number}"}}"#));
            }
            for target in ["/budget/list", "/team/list"] {
                let (status, reply) = world.get(MASTER, target);
                assert_eq!((status, reply.as_list().map(<[Json]>::len)), (200, Some(shown)), "{target}");
            }
            let viewer = world.user("v", "proxy_admin_viewer");
            assert_eq!(world.get(&viewer, "/budget/list").0, of_viewer);
            let user = world.user("u", "internal_user");
            assert_eq!(world.get(&user, "/budget/list").0, 401);
        }
    }

    memberships_of_teams_are_bounded under "{}": |litellm, strict| {
        for (world, shown, complete) in [(litellm, 0, None), (strict, 1000, Some(Json::Bool(false)))] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            for (from, to) in [(0, 500), (500, 1000), (1000, 1001)] {
                let members: Vec<String> = (from..to).map(|number| format!(r#"{{"role":"user","user_id":"u{number}"}}"#)).collect();
                let body = format!(r#"{{"team_id":"t","max_budget_in_team":1,"member":[{}]}}"#, members.join(","));
                assert_eq!(world.post(MASTER, "/team/member_add", &body).0, 200);
            }
            for target in ["/team/info?team_id=t", "/team/list"] {
                let (status, reply) = world.get(MASTER, target);
                let reply = if let Json::List(teams) = &reply { teams[0].clone() } else { reply };
                let found = reply.get("team_memberships").and_then(Json::as_list).unwrap_or_default().len();
                assert_eq!((status, found, reply.get("memberships_complete").cloned()), (200, shown, complete.clone()), "{target}");
            }
        }
        let own = |reply: &Json| reply.get("team_memberships").and_then(Json::as_list).unwrap_or_default().len();
        let member = strict.key(r#"{"user_id":"u1000"}"#);
        let (status, reply) = strict.get(&member, "/team/info?team_id=t");
        assert_eq!((status, own(&reply), reply.get("memberships_complete")), (200, 1, None));
    }

    no_key_outlives_what_it_belongs_to under "{}": |litellm, strict| {
        for (world, is_left) in [(litellm, true), (strict, false)] {
            let mut left = |make: &str, remove: (&str, &str), filter: &str| {
                for (path, body) in [
                    ("/user/new", r#"{"user_id":"u","auto_create_key":false}"#),
                    ("/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}"#),
                    ("/budget/new", r#"{"budget_id":"b"}"#),
                ] {
                    world.post(MASTER, path, body);
                }
                let status = world.post_while(("/key/generate", make), remove);
                let (_, listed) = world.get(MASTER, &format!("/key/list?{filter}"));
                (status, listed.get("total_count") != Some(&Json::Int(0)))
            };
            let gone = left(r#"{"team_id":"t"}"#, ("/team/delete", r#"{"team_ids":["t"]}"#), "team_id=t");
            assert_eq!(gone, (if is_left { 200 } else { 400 }, is_left));
            let member = ("/team/member_delete", r#"{"team_id":"t","user_id":"u"}"#);
            let gone = left(r#"{"team_id":"t","user_id":"u"}"#, member, "team_id=t&user_id=u");
            assert_eq!(gone, (if is_left { 200 } else { 400 }, is_left));
            let gone = left(r#"{"budget_id":"b"}"#, ("/budget/delete", r#"{"id":"b"}"#), "key_alias=none");
            assert_eq!(gone.0, if is_left { 200 } else { 400 });
        }
    }

    large_documents_are_left_out_of_lists under "{}": |litellm, strict| {
        let metadata = "x".repeat(60_000);
        let body = format!(r#"{{"team_id":"t","user_id":"u","metadata":{{"m":"{metadata}"}}}}"#);
        let team = r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}"#;
        for (world, cut) in [(litellm, 0), (strict, 3)] {
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let named: Vec<Json> = (0..20).map(|_| world.key(&body).into()).collect();
            let (status, reply) = world.post(MASTER, "/v2/key/info", &dumps(&dict! { "keys" => named }));
            let keys = reply.get("info").and_then(Json::as_list).unwrap_or_default();
            let said = keys.iter().filter(|key| key.get("complete") == Some(&Json::Bool(false)));
            assert_eq!((status, keys.len(), said.count()), (200, 20, cut));
            for target in ["/team/info?team_id=t", "/team/list", "/user/info?user_id=u"] {
                let (status, reply) = world.get(MASTER, target);
                let reply = if let Json::List(teams) = &reply { teams[0].clone() } else { reply };
                let keys = reply.get("keys").and_then(Json::as_list).unwrap_or_default();
                let said = keys.iter().filter(|key| key.get("complete") == Some(&Json::Bool(false)));
                let null = keys.iter().filter(|key| key.get("metadata") == Some(&Json::Null));
                assert_eq!((status, keys.len(), said.count(), null.count()), (200, 20, cut, cut), "{target}");
                assert_eq!(reply.get("keys_complete").is_some(), cut > 0, "{target}");
            }
        }
        let (_, page) = strict.get(MASTER, "/key/list?return_full_object=true&size=20");
        let keys = page.get("keys").and_then(Json::as_list).unwrap_or_default();
        let whole = keys.iter().filter(|key| key.get("complete").is_none());
        assert_eq!((keys.len(), whole.count()), (20, 4));
        assert_eq!(page.get("keys_complete"), Some(&Json::Bool(false)));
    }
}
