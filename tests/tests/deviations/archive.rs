//! Deviations on what is kept of deleted keys and teams.

use crate::{MASTER, World, text};
use latchkey_contract::json::Json;
use latchkey_contract::mint;
use latchkey_contract::tables::{Table, Team, User};

const LISTED: &str = "/key/list?status=deleted&return_full_object=true";

/// The aliases of the deleted keys that the caller is shown.
fn listed(world: &mut World, caller: &str) -> Vec<String> {
    let (status, reply) = world.get(caller, LISTED);
    assert_eq!(status, 200, "{reply:?}");
    let keys = reply.get("keys").and_then(Json::as_list).expect("keys");
    let mut aliases: Vec<String> = keys.iter().map(|key| text(key, "key_alias")).collect();
    aliases.sort();
    aliases
}

/// Deletes the user and makes another one of that name, later by a millisecond.
fn replaced(world: &mut World, id: &str) -> String {
    assert_eq!(world.post(MASTER, "/user/delete", &format!(r#"{{"user_ids":["{id}"]}}"#)).0, 200);
    let key = world.user(id, "internal_user");
    world.set(User::NAME, id, "created_at", "9000000000000");
    key
}

deviations! {
    deleted_keys_and_teams_are_archived under "{}": |litellm, strict| {
        for (world, is_kept) in [(&mut *litellm, false), (&mut *strict, true)] {
            world.user("ann", "internal_user");
            world.post(MASTER, "/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"ann"}]}"#);
            let keys = ["one", "two", "three", "four"].map(|alias| {
                let place = match alias {
                    "one" | "two" => r#""user_id":"ann""#,
                    "three" => r#""user_id":"ann","team_id":"t""#,
                    _ => r#""team_id":"t""#,
                };
                world.key(&format!(r#"{{"key":"sk-{alias}-0123456789abcdef","key_alias":"{alias}",{place}}}"#))
            });
            for (path, body) in [
                ("/key/delete", r#"{"key_aliases":["one"]}"#),
                ("/team/member_delete", r#"{"team_id":"t","user_id":"ann"}"#),
                ("/team/delete", r#"{"team_ids":["t"]}"#),
                ("/user/delete", r#"{"user_ids":["ann"]}"#),
            ] {
                assert_eq!(world.post(MASTER, path, body).0, 200, "{path}");
            }
            for key in &keys {
                let (status, reply) = world.get(MASTER, &format!("/key/info?key={key}"));
                // the reference leaves a key that a member had in the team
                let is_there = !is_kept && key.contains("three") && status == 200;
                assert_eq!(status, if is_kept || is_there { 200 } else { 404 }, "{key}: {reply:?}");
                if is_kept {
                    let info = reply.get("info").expect("info");
                    assert_eq!((text(info, "status"), text(info, "deleted_by")), ("deleted".to_owned(), "default_user_id".to_owned()));
                    // a hash or a secret of the archive opens nothing
                    assert_eq!(world.get(key, "/key/info").0, 401);
                    assert_eq!(world.get(&mint::token(key), "/key/info").0, 401);
                }
                let again = format!(r#"{{"key":"{key}"}}"#);
                let expected = if is_kept { 400 } else { 200 };
                assert_eq!(world.post(MASTER, "/key/generate", &again).0, expected, "{key}");
            }
        }
        assert_eq!(listed(strict, MASTER), ["", "four", "one", "three", "two"]);
        let (_, teams) = strict.get(MASTER, "/v2/team/list?status=deleted");
        let [team] = teams.get("teams").and_then(Json::as_list).expect("teams") else { panic!("{teams:?}") };
        assert_eq!((text(team, "team_id"), text(team, "deleted_by")), ("t".to_owned(), "default_user_id".to_owned()));
        // who deleted it, with which key, and for whom
        let admin = strict.user("admin", "proxy_admin");
        let key = strict.key(r#"{"key_alias":"five"}"#);
        assert_eq!(strict.post(&admin, "/key/delete", r#"{"key_aliases":["five"]}"#).0, 200);
        let (_, reply) = strict.get(MASTER, &format!("/key/info?key={key}"));
        let info = reply.get("info").expect("info");
        assert_eq!(text(info, "deleted_by"), "admin");
        assert_eq!(text(info, "deleted_by_api_key"), mint::token(&admin));
        assert_eq!(info.get("litellm_changed_by"), Some(&Json::Null));
    }

    namesakes_see_no_archive under "{}": |litellm, strict| {
        let ann = strict.user("ann", "internal_user");
        let boss = strict.user("boss", "internal_user");
        let bob = strict.user("bob", "internal_user");
        let team = r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"boss"}]}"#;
        assert_eq!(strict.post(MASTER, "/team/new", team).0, 200);
        let own = strict.key(r#"{"user_id":"ann","key_alias":"own"}"#);
        let of_team = strict.key(r#"{"team_id":"t","key_alias":"of-team"}"#);
        assert_eq!(strict.post(&ann, "/key/delete", r#"{"key_aliases":["own"]}"#).0, 200);
        assert_eq!(strict.post(&boss, "/key/delete", r#"{"key_aliases":["of-team"]}"#).0, 200);
        let info = |key: &str| format!("/key/info?key={key}");
        let of = |key: &str| info(&mint::token(key));
        for (caller, target, status) in [
            (&ann, info(&own), 200),
            (&ann, of(&own), 200),
            (&ann, info(&of_team), 404),
            (&boss, info(&own), 404),
            (&boss, of(&of_team), 200),
            (&bob, info(&own), 404),
            (&bob, of(&of_team), 404),
        ] {
            assert_eq!(strict.get(caller, &target).0, status, "{target}");
        }
        assert_eq!(listed(strict, &ann), ["own"]);
        assert_eq!(listed(strict, &bob), Vec::<String>::new());
        let of_teams = |world: &mut World, caller: &str| {
            let (_, reply) = world.get(caller, &format!("{LISTED}&team_id=t"));
            reply.get("total_count").cloned()
        };
        assert_eq!(of_teams(strict, &boss), Some(Json::Int(1)));
        let (_, all) = strict.get(&boss, &format!("{LISTED}&include_team_keys=true"));
        assert_eq!(all.get("total_count"), Some(&Json::Int(1)));

        // another one of that name
        let other = replaced(strict, "ann");
        assert_eq!(strict.get(&other, &info(&own)).0, 404);
        assert_eq!(listed(strict, &other), Vec::<String>::new());
        assert_eq!(strict.post(MASTER, "/team/delete", r#"{"team_ids":["t"]}"#).0, 200);
        assert_eq!(strict.post(MASTER, "/team/new", team).0, 200);
        strict.set(Team::NAME, "t", "created_at", "9000000000000");
        assert_eq!(strict.get(&boss, &of(&of_team)).0, 404);
        assert_eq!(of_teams(strict, &boss), Some(Json::Int(0)));
        // deleted teams list their members of then
        let (status, teams) = strict.get(&boss, "/v2/team/list?status=deleted&user_id=boss");
        assert_eq!((status, teams.get("total")), (200, Some(&Json::Int(0))));
        assert_eq!(strict.get(MASTER, "/v2/team/list?status=deleted").1.get("total"), Some(&Json::Int(1)));
        // the reference has no archive at all
        assert_eq!(litellm.get(MASTER, "/key/list?status=deleted").0, 400);
    }
}
