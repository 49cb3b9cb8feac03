//! Deviations on routes that later releases have: release 1.60.8 knows none of them.

use crate::{MASTER, World, json, text};
use latchkey_contract::json::Json;

/// A team with the admin `boss` and the member `ann`; the keys of both, and one of ann in the team.
fn with_team(world: &mut World) -> (String, String, String) {
    let [boss, ann] = ["boss", "ann"].map(|id| world.user(id, "internal_user"));
    let members = r#"[{"role":"admin","user_id":"boss"},{"role":"user","user_id":"ann"}]"#;
    let team = format!(r#"{{"team_id":"t","models":["m"],"members_with_roles":{members}}}"#);
    world.made("/team/new", &team);
    let key = world.key(r#"{"team_id":"t","user_id":"ann","key_alias":"k","max_budget":3,"spend":5}"#);
    (boss, ann, key)
}

fn error(reply: &Json) -> String {
    text(reply.get("detail").unwrap_or(&Json::Null), "error")
}

deviations! {
    who_asks_is_judged_before_what under "{}": |litellm, strict| {
        let (boss, ann, key) = with_team(strict);
        let stranger = strict.user("bob", "internal_user");
        let (path, more) = (format!("/key/{key}/reset_spend"), r#"{"reset_to":9}"#);
        assert_eq!(litellm.post(MASTER, &path, more).0, 404);
        let (status, reply) = strict.post(&ann, &path, more);
        assert_eq!((status, error(&reply).as_str()), (403, "You must be a proxy admin or team admin to reset key spend"));
        let (status, foreign) = strict.post(&stranger, &path, more);
        let (_, unknown) = strict.post(&stranger, "/key/sk-none-0123456789abcdef/reset_spend", more);
        assert_eq!((status, &foreign), (404, &unknown));
        for (reset_to, said) in [
            ("9", "reset_to (9.0) must be <= current spend (5.0)"),
            ("4", "reset_to (4.0) must be <= budget (3.0)"),
            ("-1", "reset_to must be >= 0"),
        ] {
            let (status, reply) = strict.post(&boss, &path, &format!(r#"{{"reset_to":{reset_to}}}"#));
            assert_eq!((status, error(&reply).as_str()), (400, said));
        }
        assert_eq!(strict.post(&boss, &path, r#"{"reset_to":true}"#).0, 422);
        let (status, reply) = strict.post(&boss, &path, r#"{"reset_to":1}"#);
        assert_eq!((status, reply.get("spend"), reply.get("previous_spend")), (200, Some(&Json::Float(1.0)), Some(&Json::Float(5.0))));
    }

    many_keys_are_judged_one_by_one under r#"{"upperbound_key_generate_params":{"max_budget":10}}"#: |litellm, strict| {
        let (boss, ann, key) = with_team(strict);
        let all = |budget| format!(r#"{{"team_id":"t","all_keys_in_team":true,"update_fields":{{"max_budget":{budget}}}}}"#);
        let path = "/team/key/bulk_update";
        assert_eq!(litellm.post(MASTER, path, &all(4)).0, 404);
        for (caller, budget, changed, failed) in [(MASTER, 4, 1, 0), (&boss, 11, 0, 1), (&boss, -1, 0, 1), (&boss, 5, 1, 0), (&ann, 9, 0, 1)] {
            let (status, reply) = strict.post(caller, path, &all(budget));
            let count = |name: &str| reply.get(name).and_then(Json::as_list).map(<[Json]>::len);
            assert_eq!((status, count("successful_updates"), count("failed_updates")), (200, Some(changed), Some(failed)), "{budget} {reply:?}");
        }
        let stranger = strict.user("bob", "internal_user");
        assert_eq!(strict.post(&stranger, path, &all(4)).0, 401);
        let one = |budget| format!(r#"{{"keys":[{{"key":"{key}","max_budget":{budget}}},{{"key":"sk-none","max_budget":1}}]}}"#);
        assert_eq!(strict.post(&boss, "/key/bulk_update", &one(4)).0, 403);
        let (status, reply) = strict.post(MASTER, "/key/bulk_update", &one(11));
        assert_eq!((status, reply.get("successful_updates")), (200, Some(&json("[]"))));
        let (_, reply) = strict.post(MASTER, "/key/bulk_update", &one(6));
        let failed = &reply.get("failed_updates").and_then(Json::as_list).unwrap()[0];
        assert_eq!(text(failed, "key"), "sk-none");
        let (_, info) = strict.get(MASTER, &format!("/key/info?key={key}"));
        assert_eq!(info.get("info").and_then(|info| info.get("max_budget")), Some(&Json::Float(6.0)));
    }

    expired_keys_are_401 under "{}": |litellm, strict| {
        for (world, status) in [(litellm, 400), (strict, 401)] {
            let key = world.key(r#"{"duration":"1s"}"#);
            world.sleep(3.0);
            let (found, reply) = world.get(&key, "/key/info");
            let error = reply.get("error").unwrap_or(&Json::Null);
            assert_eq!((found, text(error, "type").as_str()), (status, "expired_key"));
            assert_eq!(text(error, "param").starts_with("sk-..."), status == 401);
        }
    }

    tokens_are_hashes under "{}": |litellm, strict| {
        for (world, is_hash) in [(litellm, false), (strict, true)] {
            let reply = world.made("/key/generate", "{}");
            let (key, token) = (text(&reply, "key"), text(&reply, "token"));
            assert_eq!((token == latchkey_contract::mint::token(&key), token == key), (is_hash, !is_hash));
        }
    }

    aliases_have_a_form under "{}": |litellm, strict| {
        for (world, status) in [(litellm, 200), (strict, 400)] {
            let key = world.key(r#"{"key_alias":"a..b"}"#);
            for alias in [r"a\tb", r"a\u0085b", "a/../b", ".."] {
                let body = format!(r#"{{"key_alias":"{alias}"}}"#);
                assert_eq!(world.generate(&body), status, "{alias}");
                let body = format!(r#"{{"key":"{key}","key_alias":"{alias}x"}}"#);
                let changed = world.post(MASTER, "/key/update", &body).0;
                assert_eq!(changed, if alias == ".." { 200 } else { status }, "{alias}x");
            }
        }
    }

    a_teams_last_model_stays under "{}": |litellm, strict| {
        with_team(strict);
        assert_eq!(litellm.post(MASTER, "/team/model/delete", r#"{"team_id":"t","models":["m"]}"#).0, 404);
        assert_eq!(strict.post(MASTER, "/team/model/delete", r#"{"team_id":"t","models":["m"]}"#).0, 400);
        let (status, team) = strict.post(MASTER, "/team/model/add", r#"{"team_id":"t","models":["n","m"]}"#);
        assert_eq!((status, team.get("models")), (200, Some(&json(r#"["m","n"]"#))));
        let (status, team) = strict.post(MASTER, "/team/model/delete", r#"{"team_id":"t","models":["m","x"]}"#);
        assert_eq!((status, team.get("models")), (200, Some(&json(r#"["n"]"#))));
    }

    permissions_of_members_are_known under "{}": |litellm, strict| {
        let (boss, ann, _) = with_team(strict);
        let asked = |list: &str| format!(r#"{{"team_id":"t","team_member_permissions":{list}}}"#);
        assert_eq!(litellm.post(MASTER, "/team/permissions_update", &asked("[]")).0, 404);
        for (caller, list, status) in [
            (MASTER, r#"["/nonsense"]"#, 400),
            (&boss, r#"["/key/generate"]"#, 200),
            (&ann, "[]", 403),
        ] {
            assert_eq!(strict.post(caller, "/team/permissions_update", &asked(list)).0, status, "{list}");
        }
        let (_, shown) = strict.get(&boss, "/team/permissions_list?team_id=t");
        assert_eq!(shown.get("team_member_permissions"), Some(&json(r#"["/key/generate"]"#)));
        assert_eq!(strict.post(&ann, "/key/generate", r#"{"team_id":"t"}"#).0, 200);
        let (foreign, unknown) = (strict.get(&ann, "/team/permissions_list?team_id=t"), strict.get(&ann, "/team/permissions_list?team_id=none"));
        assert_eq!((foreign.0, unknown.0), (403, 403));
        assert_eq!(strict.get(MASTER, "/team/permissions_list?team_id=none").0, 404);
    }

    users_are_found_by_their_admins under "{}": |litellm, strict| {
        let (boss, ann, _) = with_team(strict);
        strict.user("bob", "internal_user");
        assert_eq!(litellm.get(MASTER, "/user/filter/ui").0, 404);
        for (caller, found) in [(MASTER, 4), (&boss, 3), (&ann, 1)] {
            let (status, reply) = strict.get(caller, "/user/filter/ui?user_id=b");
            let all = strict.get(caller, "/user/filter/ui").1;
            assert_eq!((status, all.as_list().map(<[Json]>::len)), (200, Some(found)), "{reply:?}");
        }
        assert_eq!(strict.get(&ann, "/user/filter/ui?user_id=bob").1, json("[]"));
        assert_eq!((strict.get(&ann, "/user/list").0, strict.get(MASTER, "/user/list").0), (403, 200));
    }
}
