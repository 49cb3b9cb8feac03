//! Deviations on new keys, and on who may see one.

use crate::{MASTER, World, json};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{DeprecatedToken, Millis};
use latchkey_contract::{dict, mint};

deviations! {
    unknown_team_is_refused under "{}": |litellm, strict| {
        assert_eq!(litellm.generate(r#"{"team_id":"ghost"}"#), 200);
        assert_eq!(strict.generate(r#"{"team_id":"ghost"}"#), 400);
    }

    defaults_are_judged under r#"{"default_key_generate_params":{"user_id":"somebody"}}"#: |litellm, strict| {
        let key = litellm.user("u", "internal_user");
        assert_eq!(litellm.post(&key, "/key/generate", "{}").1.get("user_id"), Some(&Json::from("somebody")));
        let key = strict.user("u", "internal_user");
        let (status, reply) = strict.post(&key, "/key/generate", "{}");
        assert_eq!(status, 403, "{reply:?}");
    }

    default_duration_counts under r#"{"default_key_generate_params":{"duration":"7d"}}"#: |litellm, strict| {
        let expires = |world: &mut World, body: &str| {
            let (status, reply) = world.post(MASTER, "/key/generate", body);
            assert_eq!(status, 200, "{reply:?}");
            // the day: two requests come at two moments
            reply.get("expires").and_then(Json::as_str).map(|moment| moment[..10].to_owned())
        };
        assert_eq!(expires(litellm, "{}"), None);
        let by_default = expires(strict, "{}");
        assert_eq!(by_default, expires(strict, r#"{"duration":"7d"}"#));
        assert_ne!(by_default, expires(strict, r#"{"duration":"8d"}"#));
    }

    custom_keys_can_be_disabled under "{}": |litellm, strict| {
        let body = r#"{"key":"sk-chosen-by-somebody-0001"}"#;
        for (open, status) in [(litellm, 200), (strict, 403)] {
            let profile = if status == 200 { "litellm-1.60" } else { "strict" };
            let general = dict! { "master_key" => MASTER, "disable_custom_api_keys" => true };
            let mut disabled = World::with(profile, "{}", true, general);
            assert_eq!(open.generate(body), 200);
            assert_eq!(disabled.generate(body), status);
            assert_eq!(disabled.generate("{}"), 200);
            if status == 403 {
                let key = disabled.key("{}");
                let wanted = r#"{"new_key":"sk-chosen-by-somebody-0002"}"#;
                assert_eq!(disabled.post(MASTER, &format!("/key/{key}/regenerate"), wanted).0, 403);
                assert_eq!(disabled.get(&key, "/key/info").0, 200);
            }
        }
    }

    amounts_are_finite_and_not_negative under "{}": |litellm, strict| {
        assert_eq!(litellm.generate(r#"{"max_budget":-5}"#), 200);
        for body in [
            r#"{"max_budget":-5}"#, r#"{"max_budget":"NaN"}"#, r#"{"max_budget":Infinity}"#, r#"{"spend":-1}"#,
            r#"{"tpm_limit":-1}"#, r#"{"soft_budget":"-inf"}"#, r#"{"model_rpm_limit":{"gpt-4":-1}}"#,
            r#"{"model_max_budget":{"gpt-4":{"budget_limit":-1}}}"#,
        ] {
            assert_eq!(strict.generate(body), 400, "{body}");
        }
        assert_eq!(strict.generate(r#"{"max_budget":0,"tpm_limit":0}"#), 200);
    }

    durations_are_whole under "{}": |litellm, strict| {
        for duration in ["1d12h", "10minutes", "0s", "1month"] {
            let body = format!(r#"{{"duration":"{duration}"}}"#);
            assert_eq!(litellm.generate(&body), 200, "{duration}");
            assert_eq!(strict.generate(&body), 400, "{duration}");
        }
        for duration in ["30s", "15m", "12h", "7d", "2w", "13mo"] {
            assert_eq!(strict.generate(&format!(r#"{{"duration":"{duration}"}}"#)), 200, "{duration}");
        }
        assert_eq!(strict.generate(r#"{"budget_duration":"99999999999d"}"#), 400);
    }

    custom_key_has_a_form under "{}": |litellm, strict| {
        assert_eq!(litellm.generate(r#"{"key":"x"}"#), 200);
        for key in ["x", "sk-short", "no-prefix-but-long-enough", "sk-with a space inside", "sk-späße-in-unicode"] {
            assert_eq!(strict.generate(&format!(r#"{{"key":"{key}"}}"#)), 400, "{key}");
            let old = strict.key("{}");
            let wanted = format!(r#"{{"key":"{old}","new_key":"{key}"}}"#);
            assert_eq!(strict.post(MASTER, "/key/regenerate", &wanted).0, 400, "{key}");
        }
        assert_eq!(strict.generate(r#"{"key":"sk-long-enough-by-far"}"#), 200);
    }

    custom_key_is_new under "{}": |litellm, strict| {
        let first = r#"{"key":"sk-custom-0123456789","max_budget":1}"#;
        let second = r#"{"key":"sk-custom-0123456789","max_budget":2}"#;
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            assert_eq!(world.generate(first), 200);
            assert_eq!(world.generate(second), expected);
            let (_, reply) = world.get(MASTER, "/key/info?key=sk-custom-0123456789");
            let stored = reply.get("info").and_then(|info| info.get("max_budget"));
            assert_eq!(stored, Some(&Json::Float(1.0)));
            // a former secret that leads to it would open the new key
            let former = DeprecatedToken {
                id: "1".to_owned(),
                token: mint::token("sk-former-0123456789"),
                active_token_id: mint::token("sk-gone-0123456789"),
                revoke_at: Millis(4_000_000_000_000),
                ..DeprecatedToken::default()
            };
            world.put(&former);
            assert_eq!(world.generate(r#"{"key":"sk-gone-0123456789"}"#), expected);
            if expected == 400 {
                let key = world.key(r#"{"key":"sk-other-0123456789"}"#);
                for taken in ["sk-custom-0123456789", "sk-former-0123456789", "sk-gone-0123456789", &key] {
                    let wanted = format!(r#"{{"key":"{key}","new_key":"{taken}"}}"#);
                    assert_eq!(world.post(MASTER, "/key/regenerate", &wanted).0, 400, "{taken}");
                }
                world.made("/key/delete", r#"{"keys":["sk-custom-0123456789"]}"#);
                assert_eq!(world.generate(first), 400);
                let wanted = format!(r#"{{"key":"{key}","new_key":"sk-custom-0123456789"}}"#);
                assert_eq!(world.post(MASTER, "/key/regenerate", &wanted).0, 400);
            }
        }
    }

    key_has_an_owner under "{}": |litellm, strict| {
        for (world, owner) in [(litellm, Json::Null), (strict, Json::from("u"))] {
            let key = world.user("u", "internal_user");
            assert_eq!(world.post(&key, "/key/generate", "{}").1.get("user_id"), Some(&owner));
            assert_eq!(world.post(MASTER, "/key/generate", "{}").1.get("user_id"), Some(&Json::Null));
        }
    }

    configurations_need_an_admin under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            let user = world.user("u", "internal_user");
            let config = r#"{"config":{"model_list":[{"litellm_params":{"api_base":"http://10.0.0.1"}}]}}"#;
            assert_eq!(world.post(&user, "/key/generate", config).0, expected);
            assert_eq!(world.post(&user, "/key/generate", r#"{"config":{}}"#).0, 200);
            let key = world.key(r#"{"user_id":"u"}"#);
            let body = format!(r#"{{"key":"{key}",{}"#, &config[1..]);
            assert_eq!(world.post(&user, "/key/update", &body).0, expected);
            assert_eq!(world.generate(config), 200);
        }
    }

    keys_hand_on_no_larger_budget under "{}": |litellm, strict| {
        for (world, above, filled) in [(litellm, 200, Json::Null), (strict, 400, Json::Float(5.0))] {
            world.user("u", "internal_user");
            let limited = world.key(r#"{"user_id":"u","max_budget":5}"#);
            for (budget, expected) in [("5", 200), ("5.01", above), ("1e300", above)] {
                let made = world.post(&limited, "/key/generate", &format!(r#"{{"max_budget":{budget}}}"#));
                assert_eq!(made.0, expected, "{budget} {made:?}");
            }
            let increase = r#""metadata":{"temp_budget_increase":1,"temp_budget_expiry":"2999-01-01"}"#;
            for (more, expected) in [
                (increase, above),
                (r#""budget_duration":"30d""#, above),
            ] {
                let body = format!(r#"{{"max_budget":4.5,{more}}}"#);
                assert_eq!(world.post(&limited, "/key/generate", &body).0, expected, "{body}");
            }
            let monthly = world.key(r#"{"user_id":"u","max_budget":5,"budget_duration":"30d"}"#);
            for (window, expected) in [("29d", above), ("30d", 200), ("60d", 200)] {
                let body = format!(r#"{{"max_budget":5,"budget_duration":"{window}"}}"#);
                assert_eq!(world.post(&monthly, "/key/generate", &body).0, expected, "{body}");
            }
            let (status, made) = world.post(&limited, "/key/generate", "{}");
            assert_eq!((status, made.get("max_budget")), (200, Some(&filled)));
            let free = world.key(r#"{"user_id":"u"}"#);
            assert_eq!(world.post(&free, "/key/generate", r#"{"max_budget":500}"#).0, 200);
        }
    }

    limits_by_model_are_not_zero under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            let key = world.key("{}");
            for limits in [
                r#""model_rpm_limit":{"gpt-4":0}"#,
                r#""model_tpm_limit":{"gpt-4":0.0}"#,
                r#""metadata":{"model_rpm_limit":{"gpt-4":0}}"#,
                r#""model_max_budget":{"gpt-4":{"budget_limit":0,"time_period":"1d"}}"#,
                r#""model_max_budget":{"gpt-4":{"max_budget":"nan","budget_duration":"1d"}}"#,
            ] {
                assert_eq!(world.generate(&format!("{{{limits}}}")), expected, "{limits}");
                let body = format!(r#"{{"key":"{key}",{limits}}}"#);
                assert_eq!(world.post(MASTER, "/key/update", &body).0, expected, "{limits}");
            }
        }
    }

    permissions_need_an_admin under "{}": |litellm, strict| {
        let body = r#"{"permissions":{"get_spend_routes":true}}"#;
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            let key = world.user("u", "internal_user");
            assert_eq!(world.post(&key, "/key/generate", body).0, expected);
            assert_eq!(world.generate(body), 200);
        }
    }

    refusals_leave_nothing under "{}": |litellm, strict| {
        for (world, left) in [(litellm, 1), (strict, 0)] {
            assert_eq!(world.generate(r#"{"soft_budget":5,"duration":"nonsense"}"#), 400);
            let (_, budgets) = world.get(MASTER, "/budget/list");
            assert_eq!(budgets.as_list().map(<[Json]>::len), Some(left), "{budgets:?}");
        }
    }

    tags_need_no_metadata under "{}": |litellm, strict| {
        assert_eq!(litellm.generate(r#"{"tags":["a"]}"#), 400);
        let (status, reply) = strict.post(MASTER, "/key/generate", r#"{"tags":["a"]}"#);
        assert_eq!((status, reply.get("metadata")), (200, Some(&json(r#"{"tags":["a"]}"#))));
    }

    enforced_params_are_stored under "{}": |litellm, strict| {
        assert_eq!(litellm.generate(r#"{"enforced_params":["user"]}"#), 400);
        let (status, reply) = strict.post(MASTER, "/key/generate", r#"{"enforced_params":["user"]}"#);
        assert_eq!((status, reply.get("metadata")), (200, Some(&json(r#"{"enforced_params":["user"]}"#))));
    }

    no_owner_equals_no_one under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 404)] {
            let (mine, other) = (world.key("{}"), world.key("{}"));
            assert_eq!(world.get(&mine, &format!("/key/info?key={other}")).0, expected);
            assert_eq!(world.get(&mine, "/key/info").0, 200);
        }
    }

    unknown_and_foreign_keys_answer_alike under "{}": |litellm, strict| {
        for (world, foreign) in [(litellm, 403), (strict, 404)] {
            let (u, v) = (world.user("u", "internal_user"), world.user("v", "internal_user"));
            let (status, seen) = world.get(&u, &format!("/key/info?key={v}"));
            assert_eq!(status, foreign);
            let (status, unknown) = world.get(&u, "/key/info?key=sk-unknown");
            assert_eq!((status, seen == unknown), (404, foreign == 404));
        }
    }

    team_admin_sees_team_keys under "{}": |litellm, strict| {
        let team = r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"boss"},{"role":"user","user_id":"u"}]}"#;
        for (world, expected) in [(litellm, 403), (strict, 200)] {
            let (boss, u) = (world.user("boss", "internal_user"), world.user("u", "internal_user"));
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let of_team = world.key(r#"{"team_id":"t","user_id":"u"}"#);
            assert_eq!(world.get(&boss, &format!("/key/info?key={of_team}")).0, expected);
            assert_ne!(world.get(&boss, &format!("/key/info?key={u}")).0, 200);
        }
    }

    required_params_are_not_null under
        r#"{"key_generation_settings":{"personal_key_generation":{"required_params":["max_budget"]}}}"#:
    |litellm, strict| {
        assert_eq!(litellm.generate(r#"{"max_budget":null}"#), 200);
        assert_eq!(strict.generate(r#"{"max_budget":null}"#), 400);
        assert_eq!(strict.generate(r#"{"max_budget":1}"#), 200);
    }

    required_params_hold_for_changes under
        r#"{"key_generation_settings":{"personal_key_generation":{"required_params":["tags"]},"team_key_generation":{"required_params":["metadata"]}}}"#:
    |litellm, strict| {
        let made = |world: &mut World| {
            let user = world.user("u", "internal_user");
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}"#).0, 200);
            (user, world.key(r#"{"user_id":"u","tags":["a"],"metadata":{}}"#))
        };
        for tags in ["[]", r#"[""]"#, "\"\""] {
            let body = format!(r#"{{"tags":{tags},"metadata":{{}}}}"#);
            let status = litellm.generate(&body);
            assert!(status == 200 || tags == "\"\"", "{tags}");
            assert_ne!(strict.generate(&body), 200, "{tags}");
        }
        let changes = [
            (r#""tags":[]"#, 400),
            (r#""tags":["b"]"#, 403),
            (r#""tags":[""]"#, 400),
            (r#""metadata":{}"#, 400),
            (r#""metadata":{"tags":["b"]}"#, 403),
            (r#""metadata":{"tags":["a"],"x":1}"#, 200),
        ];
        for (world, is_strict) in [(litellm, false), (strict, true)] {
            let (user, key) = made(world);
            for (change, expected) in changes {
                let body = format!(r#"{{"key":"{key}",{change}}}"#);
                let (status, reply) = world.post(&user, "/key/update", &body);
                assert_eq!(status == expected, is_strict || status == 200 && expected == 200, "{change} {reply:?}");
                if is_strict && expected != 200 {
                    assert_eq!(world.post(&user, &format!("/key/{key}/regenerate"), &body).0, expected, "{change}");
                }
            }
            let moved = world.key(r#"{"tags":["a"],"metadata":{}}"#);
            let _ = moved;
        }
    }

    unknown_and_foreign_teams_answer_alike under
        r#"{"key_generation_settings":{"team_key_generation":{"allowed_team_member_roles":["user","admin"]}}}"#:
    |litellm, strict| {
        for (world, is_strict) in [(litellm, false), (strict, true)] {
            let user = world.user("u", "internal_user");
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"real"}"#).0, 200);
            let own = world.key(r#"{"user_id":"u"}"#);
            let mut said = |path: &str, team: &str| {
                let body = match path.contains("generate") && !path.contains("regenerate") {
                    true => format!(r#"{{"team_id":"{team}"}}"#),
                    false => format!(r#"{{"key":"{own}","team_id":"{team}"}}"#),
                };
                let (status, reply) = world.post(&user, path, &body);
                (status, latchkey_contract::json::write(&reply).replace(team, "_"))
            };
            let plain = |(status, text): (u16, String)| (status, text.split("\"expires\"").next().map(str::to_owned));
            assert_eq!(said("/key/generate", "real") == said("/key/generate", "ghost"), is_strict);
            if is_strict {
                for path in ["/key/generate", "/key/update", "/key/regenerate"] {
                    for query in ["", "?dry_run=true"] {
                        let path = format!("{path}{query}");
                        assert_eq!(plain(said(&path, "real")), plain(said(&path, "ghost")), "{path}");
                    }
                }
                let mut said = |team: &str| {
                    let body = format!(r#"{{"team_id":"{team}","user_id":"u","role":"user"}}"#);
                    let (status, reply) = world.post(&user, "/team/member_update", &body);
                    (status, latchkey_contract::json::write(&reply).replace(team, "_"))
                };
                assert_eq!(said("real"), said("ghost"));
            }
        }
    }

    replies_show_what_is_stored under "{}": |litellm, strict| {
        for (world, shown) in [(litellm, Json::Null), (strict, Json::from("30d"))] {
            let (_, made) = world.post(MASTER, "/key/generate", r#"{"duration":"30d"}"#);
            assert_eq!(made.get("duration"), Some(&shown));
            let path = format!("/key/{}/regenerate", crate::text(&made, "key"));
            assert_eq!(world.post(MASTER, &path, r#"{"duration":"30d"}"#).1.get("duration"), Some(&shown));
            let (_, made) = world.post(MASTER, "/user/new", r#"{"duration":"30d","key_alias":"a"}"#);
            assert_eq!(made.get("duration"), Some(&shown));
        }
    }

    members_make_keys_of_their_teams under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 403), (strict, 200)] {
            let user = world.user("u", "internal_user");
            let team = r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}"#;
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let (status, reply) = world.post(&user, "/key/generate", r#"{"team_id":"t"}"#);
            assert_eq!(status, expected, "{reply:?}");
        }
    }
}
