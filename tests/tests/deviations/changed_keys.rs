//! Deviations on keys that are changed, regenerated, listed and deleted.

use crate::{MASTER, World, text};
use latchkey_contract::json::Json;

deviations! {
    keys_are_changed_by_their_own under "{}": |litellm, strict| {
        for (world, expected) in [(&mut *litellm, 200), (&mut *strict, 404)] {
            let (thief, _) = (world.user("thief", "internal_user"), world.user("u", "internal_user"));
            let key = world.key(r#"{"user_id":"u"}"#);
            let update = format!(r#"{{"key":"{key}","metadata":{{"mine":1}}}}"#);
            assert_eq!(world.post(&thief, "/key/update", &update).0, expected);
            assert_eq!(world.post(&thief, &format!("/key/{key}/regenerate"), "{}").0, expected);
        }
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            let boss = world.user("boss", "internal_user");
            let team = r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"boss"},{"role":"user","user_id":"u"}]}"#;
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let theirs = world.key(r#"{"user_id":"u","team_id":"t"}"#);
            assert_eq!(world.post(&boss, &format!("/key/{theirs}/regenerate"), "{}").0, expected);
            let nobodys = world.key(r#"{"user_id":null,"team_id":"t"}"#);
            assert_eq!(world.post(&boss, &format!("/key/{nobodys}/regenerate"), "{}").0, 200);
        }
    }

    owners_loosen_nothing under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            let owner = world.user("u", "internal_user");
            let key = world.key(r#"{"user_id":"u","max_budget":1,"spend":1,"duration":"1h","blocked":true}"#);
            for change in [
                r#""max_budget":2"#, r#""max_budget":null"#, r#""spend":0"#, r#""duration":"2h""#,
                r#""blocked":false"#, r#""user_id":null"#, r#""budget_duration":"1s""#, r#""aliases":{"x":"gpt-4"}"#,
            ] {
                let body = format!(r#"{{"key":"{key}",{change}}}"#);
                assert_eq!(world.post(&owner, "/key/update", &body).0, expected, "{change}");
                let body = format!(r#"{{"key":"{key}","max_budget":1,"spend":1,"duration":"1h","blocked":true,"user_id":"u"}}"#);
                assert_eq!(world.post(MASTER, "/key/update", &body).0, 200);
            }
            let lower = format!(r#"{{"key":"{key}","max_budget":0.5,"key_alias":"mine"}}"#);
            assert_eq!(world.post(&owner, "/key/update", &lower).0, 200);
            // what the free data holds limits, too
            let limits = r#""logging":[{"callback_name":"s3"}],"max_iterations":3,"prompts":["p"],"tags":["t"],
                "allowed_vector_store_indexes":[{"index_name":"i"},{"index_name":"j"}]"#;
            let key = world.key(&format!(r#"{{"user_id":"u","metadata":{{{limits}}}}}"#));
            for change in [
                r#""metadata":{}"#, r#""tags":[]"#, r#""tags":["other"]"#,
            ].map(str::to_owned).into_iter().chain([
                limits.replace(":3", ":4"), limits.replace("s3", "x"), limits.replace(r#"["p"]"#, "[]"), limits.replace(r#"["p"]"#, r#"["p","q"]"#), limits.replace(r#""j""#, r#""k""#),
            ].map(|limits| format!(r#""metadata":{{{limits}}}"#))) {
                assert_eq!(world.post(&owner, "/key/update", &format!(r#"{{"key":"{key}",{change}}}"#)).0, expected, "{change}");
                assert_eq!(world.post(MASTER, "/key/update", &format!(r#"{{"key":"{key}","metadata":{{{limits}}}}}"#)).0, 200);
            }
            for change in [r#""tags":["t","more"]"#.to_owned(), format!(r#""metadata":{{{},"note":1}}"#, limits.replace(r#",{"index_name":"j"}"#, ""))] {
                assert_eq!(world.post(&owner, "/key/update", &format!(r#"{{"key":"{key}",{change}}}"#)).0, 200, "{change}");
                assert_eq!(world.post(MASTER, "/key/update", &format!(r#"{{"key":"{key}","metadata":{{{limits}}}}}"#)).0, 200);
            }
        }
    }

    owners_keep_config_and_service_account under "{}": |litellm, strict| {
        for (world, expected, kept) in [(litellm, 200, false), (strict, 403, true)] {
            let owner = world.user("u", "internal_user");
            let team = r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}"#;
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let account = r#""metadata":{"service_account_id":"a"}"#;
            let key = world.key(&format!(r#"{{"user_id":"u","team_id":"t","models":["gpt-4"],{account}}}"#));
            let config = format!(r#"{{"key":"{key}","config":{{"a":1}}}}"#);
            assert_eq!(world.post(&owner, "/key/update", &config).0, expected);
            let (status, reply) = world.post(&owner, "/key/update", &format!(r#"{{"key":"{key}","metadata":{{"note":1}}}}"#));
            let stays = reply.get("metadata").and_then(|metadata| metadata.get("service_account_id")).is_some();
            assert_eq!((status, stays), (200, kept), "{reply:?}");
            let same = format!(r#"{{"key":"{key}","config":{{}},{account}}}"#);
            let (status, reply) = world.post(MASTER, "/key/update", &same);
            assert_eq!(status, 200, "{reply:?}");
            assert_eq!(world.post(&owner, "/key/update", &same).0, 200);
        }
    }

    owners_block_their_keys under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, [401, 401]), (strict, [200, 403])] {
            let owner = world.user("u", "internal_user");
            let body = format!(r#"{{"key":"{}"}}"#, world.key(r#"{"user_id":"u"}"#));
            assert_eq!(["/key/block", "/key/unblock"].map(|path| world.post(&owner, path, &body).0), expected);
            let other = world.user("v", "internal_user");
            assert_ne!(world.post(&other, "/key/block", &body).0, 200);
        }
    }

    budgets_of_keys_are_small under "{}": |litellm, strict| {
        for (world, is_repeated) in [(litellm, true), (strict, false)] {
            let body = r#"{"soft_budget":1,"model_max_budget":{"gpt-4":{"budget_limit":1,"time_period":"1d"}}}"#;
            let (status, made) = world.post(MASTER, "/key/generate", body);
            assert_eq!(status, 200, "{made:?}");
            let (_, listed) = world.get(MASTER, "/budget/list");
            let row = &listed.as_list().expect("budgets")[0];
            assert_eq!(row.get("model_max_budget").is_some_and(Json::is_truthy), is_repeated, "{row:?}");
            assert_eq!(row.get("soft_budget"), Some(&Json::Float(1.0)));
            assert!(made.get("model_max_budget").is_some_and(Json::is_truthy));
        }
    }

    limited_keys_reset_no_spend under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            world.user("boss", "internal_user");
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"boss"}]}"#).0, 200);
            let key = world.key(r#"{"team_id":"t","user_id":"boss","max_budget":10,"spend":9}"#);
            let body = format!(r#"{{"key":"{key}","spend":0}}"#);
            assert_eq!(world.post(&key, "/key/update", &body).0, expected);
            if expected == 403 {
                assert_eq!(world.post(&key, &format!("/key/{key}/reset_spend"), r#"{"reset_to":0}"#).0, 403);
            }
        }
    }

    bounds_hold_for_changes under r#"{"upperbound_key_generate_params":{"max_budget":10,"duration":"7d"}}"#: |litellm, strict| {
        let increase = r#""temp_budget_increase":100,"temp_budget_expiry":"2099-01-01T00:00:00""#;
        for (world, expected, cleared) in [(litellm, 200, Json::Null), (strict, 400, Json::Float(10.0))] {
            let key = world.key(r#"{"max_budget":5,"duration":"1d"}"#);
            for change in [r#""max_budget":11"#, r#""duration":"8d""#, increase] {
                let body = format!(r#"{{"key":"{key}",{change}}}"#);
                assert_eq!(world.post(MASTER, "/key/update", &body).0, expected, "{change}");
            }
            let body = format!(r#"{{"key":"{key}","max_budget":null}}"#);
            assert_eq!(world.post(MASTER, "/key/update", &body).1.get("max_budget"), Some(&cleared));
            let regenerate = format!("/key/{key}/regenerate");
            assert_eq!(world.post(MASTER, &regenerate, r#"{"max_budget":11}"#).0, expected);
        }
    }

    temporary_budgets_are_bounded under r#"{"upperbound_key_generate_params":{"max_budget":10}}"#: |litellm, strict| {
        let increase = |dollars: u32, budget: u32| {
            let metadata = format!(r#"{{"temp_budget_increase":{dollars},"temp_budget_expiry":"2999-01-01"}}"#);
            format!(r#"{{"max_budget":{budget},"metadata":{metadata}}}"#)
        };
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            let user = world.user("u", "internal_user");
            assert_eq!(world.post(&user, "/key/generate", &increase(9, 1)).0, 200);
            assert_eq!(world.post(&user, "/key/generate", &increase(10, 1)).0, expected);
            assert_eq!(world.post(MASTER, "/user/new", &increase(10, 1)).0, expected);
            let key = world.key(&increase(9, 1));
            let more = format!(r#"{{"key":"{key}","max_budget":2}}"#);
            assert_eq!(world.post(MASTER, "/key/update", &more).0, expected);
        }
    }

    updated_budgets_are_bounded under r#"{"upperbound_key_generate_params":{"max_budget":10}}"#: |litellm, strict| {
        for (world, above) in [(litellm, 200), (strict, 400)] {
            assert_eq!(world.post(MASTER, "/budget/new", r#"{"budget_id":"b","max_budget":10}"#).0, 200);
            assert_eq!(world.post(MASTER, "/budget/new", r#"{"budget_id":"large","max_budget":99}"#).0, 200);
            world.key(r#"{"budget_id":"b"}"#);
            for (update, expected) in [
                (r#"{"budget_id":"b","max_budget":11}"#, above),
                (r#"{"budget_id":"b","max_budget":9}"#, 200),
                (r#"{"budget_id":"large","soft_budget":1}"#, 200),
            ] {
                assert_eq!(world.post(MASTER, "/budget/update", update).0, expected, "{update}");
            }
            // what was granted for a time is not carried above the bound
            let increase = r#"{"temp_budget_increase":1,"temp_budget_expiry":"2999-01-01"}"#;
            world.key(&format!(r#"{{"budget_id":"b","metadata":{increase}}}"#));
            assert_eq!(world.post(MASTER, "/budget/update", r#"{"budget_id":"b","max_budget":10}"#).0, above);
            assert_eq!(world.post(MASTER, "/budget/update", r#"{"budget_id":"b","max_budget":8}"#).0, 200);
            // nor where the keys are too large to look at all of them
            let metadata = "x".repeat(60_000);
            assert_eq!(world.post(MASTER, "/budget/new", r#"{"budget_id":"many","max_budget":1}"#).0, 200);
            for _ in 0..18 {
                world.key(&format!(r#"{{"budget_id":"many","metadata":{{"m":"{metadata}"}}}}"#));
            }
            let unseen = if above == 200 { 200 } else { 409 };
            assert_eq!(world.post(MASTER, "/budget/update", r#"{"budget_id":"many","max_budget":9}"#).0, unseen);
        }
        for (profile, above) in [("litellm-1.60", 200), ("strict", 400)] {
            let mut world = World::new(profile, r#"{"upperbound_key_generate_params":{"budget_duration":"30d"}}"#);
            assert_eq!(world.post(MASTER, "/budget/new", r#"{"budget_id":"b","max_budget":1}"#).0, 200);
            let longer = r#"{"budget_id":"b","budget_duration":"365d"}"#;
            assert_eq!(world.post(MASTER, "/budget/update", longer).0, above);
            assert_eq!(world.post(MASTER, "/budget/update", r#"{"budget_id":"b","budget_duration":"30d"}"#).0, 200);
        }
    }

    attached_budgets_are_bounded under r#"{"upperbound_key_generate_params":{"max_budget":10,"rpm_limit":5}}"#: |litellm, strict| {
        for (world, above, foreign) in [(litellm, 200, 200), (strict, 400, 403)] {
            for (id, limits) in [("small", r#""max_budget":10"#), ("large", r#""max_budget":11"#), ("fast", r#""rpm_limit":6"#)] {
                let budget = format!(r#"{{"budget_id":"{id}",{limits}}}"#);
                assert_eq!(world.post(MASTER, "/budget/new", &budget).0, 200);
            }
            let user = world.user("u", "internal_user");
            let key = world.key(r#"{"user_id":"u"}"#);
            for (caller, id, expected) in [
                (MASTER, "small", 200), (MASTER, "large", above), (MASTER, "fast", above), (&user, "small", foreign),
            ] {
                let made = world.post(caller, "/key/generate", &format!(r#"{{"budget_id":"{id}"}}"#));
                assert_eq!(made.0, expected, "{id}: {made:?}");
                let key = if caller == MASTER { world.key("{}") } else { key.clone() };
                let update = format!(r#"{{"key":"{key}","budget_id":"{id}"}}"#);
                assert_eq!(world.post(caller, "/key/update", &update).0, expected, "{id}");
            }
            let key = world.key(r#"{"budget_id":"small"}"#);
            let increase = r#""temp_budget_increase":1,"temp_budget_expiry":"2999-01-01T00:00:00""#;
            let update = format!(r#"{{"key":"{key}","max_budget":1,{increase}}}"#);
            assert_eq!(world.post(MASTER, "/key/update", &update).0, above);
        }
    }

    changed_amounts_are_judged under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            let key = world.key("{}");
            for change in [r#""max_budget":-1"#, r#""spend":-1"#, r#""rpm_limit":-1"#] {
                let body = format!(r#"{{"key":"{key}",{change}}}"#);
                assert_eq!(world.post(MASTER, "/key/update", &body).0, expected, "{change}");
            }
        }
    }

    licences_hold_for_changes under "{}": |litellm, strict| {
        for (world, profile, expected) in [(litellm, "litellm-1.60", 200), (strict, "strict", 400)] {
            *world = World::unlicensed(profile);
            let body = format!(r#"{{"key":"{}","tags":["a"]}}"#, world.key("{}"));
            assert_eq!(world.post(MASTER, "/key/update", &body).0, expected);
        }
    }

    changed_keys_have_known_teams under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            let key = world.key(r#"{"user_id":"u"}"#);
            for team in ["ghost", "t"] {
                let body = format!(r#"{{"key":"{key}","team_id":"{team}"}}"#);
                assert_eq!(world.post(MASTER, "/key/update", &body).0, expected, "{team}");
            }
        }
    }

    null_clears_an_expiry under "{}": |litellm, strict| {
        for (world, stays) in [(litellm, true), (strict, false)] {
            let key = world.key(r#"{"duration":"1d","budget_duration":"1d"}"#);
            let body = format!(r#"{{"key":"{key}","duration":null,"budget_duration":null}}"#);
            let (status, reply) = world.post(MASTER, "/key/update", &body);
            assert_eq!(status, 200, "{reply:?}");
            for name in ["expires", "budget_duration", "budget_reset_at"] {
                assert_eq!(reply.get(name).is_some_and(|value| !value.is_null()), stays, "{name}");
            }
        }
    }

    regenerated_aliases_are_unique under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            world.key(r#"{"key_alias":"one"}"#);
            let path = format!("/key/{}/regenerate", world.key("{}"));
            assert_eq!(world.post(MASTER, &path, r#"{"key_alias":"one"}"#).0, expected);
        }
    }

    regenerated_keys_keep_their_id under "{}": |litellm, strict| {
        for (world, graced, in_body) in [(litellm, 401, 404), (strict, 200, 200)] {
            world.user("u", "internal_user");
            let first = world.key(r#"{"user_id":"u","duration":"1h"}"#);
            let info = |world: &mut World, key: &str| world.get(key, "/key/info").0;
            let body = r#"{"grace_period":"10m"}"#;
            let (status, reply) = world.post(MASTER, &format!("/key/{first}/regenerate"), body);
            assert_eq!(status, 200, "{reply:?}");
            let (second, id) = (text(&reply, "key"), text(&reply, "key_id"));
            assert_eq!((info(world, &first), info(world, &second)), (graced, 200));
            let named = format!(r#"{{"key":"{second}"}}"#);
            let (status, reply) = world.post(MASTER, "/key/regenerate", &named);
            assert_eq!(status, in_body);
            if in_body == 200 {
                assert_eq!((text(&reply, "key_id"), id.len()), (id, 64));
                assert_eq!((info(world, &first), info(world, &second)), (401, 401));
                let third = text(&reply, "key");
                let regenerate = format!("/key/{third}/regenerate");
                assert_eq!(world.post(MASTER, &regenerate, r#"{"grace_period":"soon"}"#).0, 400);
                let fourth = text(&world.post(MASTER, &regenerate, body).1, "key");
                // a former secret reads, and changes nothing but that it may stop the key
                for path in ["/key/generate".to_owned(), format!("/key/{third}/regenerate")] {
                    assert_eq!(world.post(&third, &path, "{}").0, 403, "{path}");
                }
                let other = world.key(r#"{"user_id":"u"}"#);
                assert_eq!(world.post(&third, "/key/block", &format!(r#"{{"key":"{other}"}}"#)).0, 403);
                // a secret that leaked while it still works names its key
                assert_eq!(world.get(MASTER, &format!("/key/info?key={third}")).0, 200);
                assert_eq!(world.post(MASTER, "/key/block", &format!(r#"{{"key":"{third}"}}"#)).0, 200);
                assert_eq!((info(world, &third), info(world, &fourth)), (401, 401));
                assert_eq!(world.post(MASTER, "/key/unblock", &format!(r#"{{"key":"{third}"}}"#)).0, 200);
                assert_eq!((info(world, &third), info(world, &fourth)), (200, 200));
                for (former, status) in [(&first, 404), (&third, 200)] {
                    let named = format!(r#"{{"keys":["{former}","{fourth}"]}}"#);
                    assert_eq!(world.post(MASTER, "/key/delete", &named).0, status);
                }
                assert_eq!((info(world, &third), info(world, &fourth)), (401, 401));
            }
            // what is deleted with its owner or its team leaves no secret behind
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            world.user("o", "internal_user");
            for (owner, path, doomed) in [
                (r#""user_id":"o""#, "/user/delete", r#"{"user_ids":["o"]}"#),
                (r#""team_id":"t""#, "/team/delete", r#"{"team_ids":["t"]}"#),
            ] {
                let secret = "sk-a-secret-that-was-once-used";
                let issue = format!(r#"{{"key":"{secret}",{owner}}}"#);
                assert_eq!(world.generate(&issue), 200, "{path}");
                assert_eq!(world.post(MASTER, &format!("/key/{secret}/regenerate"), "{}").0, 200);
                let again = world.generate(&format!(r#"{{"key":"{secret}"}}"#));
                assert_eq!(again, if in_body == 200 { 400 } else { 200 }, "{path}");
                assert_eq!(world.post(MASTER, path, doomed).0, 200);
                if in_body != 200 {
                    world.post(MASTER, "/key/delete", &format!(r#"{{"keys":["{secret}"]}}"#));
                }
            }
        }
    }

    deletions_are_whole under "{}": |litellm, strict| {
        for (world, expected, left, unknown) in [(litellm, 403, 404, 200), (strict, 404, 200, 404)] {
            let owner = world.user("u", "internal_user");
            let (own, foreign) = (world.key(r#"{"user_id":"u"}"#), world.key(r#"{"user_id":"v"}"#));
            let body = format!(r#"{{"keys":["{own}","{foreign}"]}}"#);
            let (status, reply) = world.post(&owner, "/key/delete", &body);
            assert_eq!(status, expected, "{reply:?}");
            assert!(!format!("{reply:?}").contains(&foreign));
            assert_eq!(world.get(MASTER, &format!("/key/info?key={own}")).0, left);
            let unknown_key = r#"{"keys":["sk-unknown"]}"#;
            assert_eq!(world.post(MASTER, "/key/delete", unknown_key).0, unknown);
        }
    }

    infos_are_for_their_owners under "{}": |litellm, strict| {
        for (world, named, aliased) in [(litellm, 2, 3), (strict, 1, 1)] {
            let owner = world.user("u", "internal_user");
            let own = world.key(r#"{"user_id":"u","key_alias":"own"}"#);
            let foreign = world.key(r#"{"user_id":"v"}"#);
            let mut shown = |body: &str| {
                let (status, reply) = world.post(&owner, "/v2/key/info", body);
                assert_eq!(status, 200, "{reply:?}");
                reply.get("info").and_then(Json::as_list).map_or(0, <[Json]>::len)
            };
            assert_eq!(shown(&format!(r#"{{"keys":["{own}","{foreign}"]}}"#)), named);
            assert_eq!(shown(r#"{"key_aliases":["own"]}"#), aliased);
        }
    }

    the_master_key_is_no_key under "{}": |litellm, strict| {
        let body = format!(r#"{{"key":"{MASTER}"}}"#);
        assert_eq!(litellm.post(MASTER, "/key/block", &body), (200, Json::Null));
        assert_eq!(strict.post(MASTER, "/key/block", &body).0, 404);
    }

    custom_rule_judges_changes under "{}": |litellm, strict| {
        // no decision is a refusal
        for (world, profile, expected) in [(litellm, "litellm-1.60", 200), (strict, "strict", 403)] {
            *world = World::with_custom_rule(profile);
            assert_eq!(world.generate("{}"), 403);
            let key = world.user("u", "internal_user");
            assert_eq!(world.post(MASTER, "/key/update", &format!(r#"{{"key":"{key}","rpm_limit":1}}"#)).0, expected);
            assert_eq!(world.post(MASTER, &format!("/key/{key}/regenerate"), "{}").0, expected);
        }
    }
}
