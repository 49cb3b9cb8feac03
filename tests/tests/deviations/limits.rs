//! Deviations on what a key hands on, and on what may move.

use crate::{MASTER, World, text};
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::Team;

/// A team with an admin called `boss` and a member called `u`.
fn team(world: &mut World, team_id: &str) {
    let body = format!(
        r#"{{"team_id":"{team_id}","members_with_roles":[{{"role":"admin","user_id":"boss"}},{{"role":"user","user_id":"u"}}]}}"#
    );
    assert_eq!(world.post(MASTER, "/team/new", &body).0, 200);
}

deviations! {
    keys_leave_teams_as_new_ones under
        r#"{"key_generation_settings":{"personal_key_generation":{"allowed_user_roles":["proxy_admin"]}}}"#:
    |litellm, strict| {
        for (world, forbidden, free, stopped) in [(litellm, 200, 200, 200), (strict, 400, 403, 403)] {
            let (boss, u) = (world.user("boss", "internal_user"), world.user("u", "internal_user"));
            team(world, "t");
            let own = |world: &mut World| world.key(r#"{"user_id":"boss","team_id":"t"}"#);
            let out = |key: &str| format!(r#"{{"key":"{key}","team_id":null}}"#);
            // personal keys are not theirs to make
            let key = own(world);
            for dry_run in ["", "?dry_run=true"] {
                let (status, reply) = world.post(&boss, &format!("/key/update{dry_run}"), &out(&key));
                let refused = latchkey_contract::json::write(&reply).contains("personal_keys_forbidden");
                assert_eq!((status, refused), if dry_run.is_empty() { (forbidden, false) } else { (200, forbidden != 200) });
            }
            let key = own(world);
            assert_eq!(world.post(&boss, &format!("/key/{key}/regenerate"), r#"{"team_id":null}"#).0, forbidden);
            // a key of theirs or of no user stays with the team
            for owner in [r#""u""#, "null"] {
                let key = world.key(&format!(r#"{{"user_id":{owner},"team_id":"t"}}"#));
                assert_eq!(world.post(&boss, "/key/update", &out(&key)).0, free, "{owner}");
            }
            let key = world.key(r#"{"user_id":"u","team_id":"t"}"#);
            assert_eq!(world.post(&u, "/key/update", &out(&key)).0, free);
            // a blocked team stops its keys
            let key = own(world);
            assert_eq!(world.post(MASTER, "/team/update", r#"{"team_id":"t","blocked":true}"#).0, 200);
            assert_eq!(world.get(&key, "/key/info").0, 401);
            assert_eq!(world.post(&boss, "/key/update", &out(&key)).0, stopped);
            assert_eq!(world.post(MASTER, "/key/update", &out(&key)).0, 200);
        }
    }

    keys_keep_an_owner under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            let (boss, u) = (world.user("boss", "internal_user"), world.user("u", "internal_user"));
            team(world, "t");
            for (caller, owner) in [(&boss, "boss"), (&boss, "u"), (&u, "u")] {
                let key = world.key(&format!(r#"{{"user_id":"{owner}","team_id":"t"}}"#));
                let body = format!(r#"{{"key":"{key}","user_id":null}}"#);
                assert_eq!(world.post(caller, "/key/update", &body).0, expected, "{owner}");
                let key = if expected == 200 { world.key("{}") } else { key };
                assert_eq!(world.post(caller, &format!("/key/{key}/regenerate"), r#"{"user_id":null}"#).0, expected);
            }
            let key = world.key(r#"{"user_id":"u","team_id":"t"}"#);
            assert_eq!(world.post(MASTER, "/key/update", &format!(r#"{{"key":"{key}","user_id":null}}"#)).0, 200);
        }
    }

    session_keys_come_from_admins under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            world.user("boss", "internal_user");
            let people = r#"[{"role":"admin","user_id":"boss"},{"role":"user","user_id":"u"}]"#;
            world.put(&Team {
                team_id: "litellm-dashboard".to_owned(),
                members_with_roles: JsonText::parse(people.to_owned()).expect("JSON"),
                ..Team::default()
            });
            team(world, "t");
            let session = world.key(r#"{"user_id":"boss","team_id":"litellm-dashboard"}"#);
            let made = world.post(&session, "/key/generate", r#"{"team_id":"litellm-dashboard"}"#);
            assert_eq!(made.0, expected, "{made:?}");
            let key = text(&world.post(&session, "/key/generate", r#"{"team_id":"t"}"#).1, "key");
            let body = format!(r#"{{"key":"{key}","team_id":"litellm-dashboard"}}"#);
            assert_eq!(world.post(&session, "/key/update", &body).0, expected);
        }
    }

    keys_hand_on_their_limits under
        r#"{"key_generation_settings":{"personal_key_generation":{"required_params":[]}}}"#:
    |litellm, strict| {
        let limits = r#""duration":"1h","models":["gpt-3.5","beta/*"],"rpm_limit":1,"tpm_limit":10,"max_parallel_requests":2,
            "model_max_budget":{"gpt-3.5":{"budget_limit":1,"time_period":"1d"}},"model_rpm_limit":{"gpt-3.5":5},
            "guardrails":["pii"],"enforced_params":["user"],"allowed_cache_controls":["no-cache"]"#;
        for (world, above) in [(&mut *litellm, 200), (&mut *strict, 400)] {
            world.user("u", "internal_user");
            // the release fails on enforced parameters of a new key
            let enforced = r#""enforced_params":["user"],"#;
            let limits = if above == 200 { limits.replace(enforced, "") } else { limits.to_owned() };
            let limited = world.key(&format!(r#"{{"user_id":"u",{limits}}}"#));
            for asked in [
                r#""duration":"2h""#, r#""models":["gpt-4"]"#, r#""models":["gpt-3.5","*"]"#, r#""rpm_limit":2"#,
                r#""tpm_limit":11"#, r#""max_parallel_requests":3"#, r#""allowed_cache_controls":["no-store"]"#,
                r#""model_max_budget":{"gpt-3.5":{"budget_limit":2,"time_period":"1d"}}"#,
                r#""model_rpm_limit":{"gpt-3.5":6}"#, r#""metadata":{"model_rpm_limit":{"gpt-3.5":6}}"#,
                r#""model_rpm_limit":{"x/gpt-3.5":6}"#, r#""guardrails":["other"]"#, r#""aliases":{"x":"gpt-4"}"#,
            ] {
                let body = format!("{{{asked}}}");
                let (status, reply) = world.post(&limited, "/key/generate", &body);
                assert_eq!(status, above, "{asked}: {reply:?}");
                if above == 400 {
                    let (_, verdict) = world.post(&limited, "/key/generate?dry_run=true", &body);
                    assert!(latchkey_contract::json::write(&verdict).contains(r#""rule":"caller_limits","outcome":"refused""#), "{asked}");
                }
            }
            let listed = r#""metadata":{"allowed_tools":["a","b"],"logging":[{"callback_name":"s3"}],"max_iterations":3,"allowed_vector_store_indexes":[{"index_name":"i"}]}"#;
            let listed = world.key(&format!(r#"{{"user_id":"u",{listed}}}"#));
            let (_, made) = world.post(&listed, "/key/generate", "{}");
            let made = made.get("metadata").cloned().unwrap_or(Json::Null);
            for name in ["allowed_tools", "logging", "max_iterations", "allowed_vector_store_indexes"] {
                assert_eq!(made.get(name).is_some(), above == 400, "{name}");
            }
            for asked in [
                r#""max_iterations":4"#, r#""logging":[{"callback_name":"x"}]"#, r#""allowed_vector_store_indexes":[{"index_name":"j"}]"#,
            ] {
                let body = format!(r#"{{"metadata":{{{asked}}}}}"#);
                assert_eq!(world.post(&listed, "/key/generate", &body).0, above, "{asked}");
            }
            for within in [
                r#""duration":"30m""#, r#""models":["beta/x"]"#, r#""rpm_limit":0"#, r#""models":[]"#,
                r#""model_rpm_limit":{"gpt-3.5":5,"b":100}"#, r#""guardrails":["pii","more"]"#,
            ] {
                assert_eq!(world.post(&limited, "/key/generate", &format!("{{{within}}}")).0, 200, "{within}");
            }
            let (status, made) = world.post(&limited, "/key/generate", r#"{"metadata":{"note":1}}"#);
            assert_eq!(status, 200, "{made:?}");
            let is_filled = |name: &str| made.get(name).is_some_and(Json::is_truthy);
            for name in ["expires", "models", "rpm_limit", "tpm_limit", "max_parallel_requests", "model_max_budget", "allowed_cache_controls"] {
                assert_eq!(is_filled(name), above == 400, "{name}: {made:?}");
            }
            let metadata = made.get("metadata").expect("metadata");
            for name in ["guardrails", "model_rpm_limit", "enforced_params"] {
                assert_eq!(metadata.get(name).is_some(), above == 400, "{name}: {made:?}");
            }
            assert!(metadata.get("note").is_some());
            // a key without limits hands on none
            let free = world.key(r#"{"user_id":"u"}"#);
            let (_, made) = world.post(&free, "/key/generate", "{}");
            assert_eq!((made.get("rpm_limit"), made.get("expires")), (Some(&Json::Null), Some(&Json::Null)));
        }
        // a key of a team that lists no models has those of its team
        for (world, above) in [(&mut *litellm, 200), (&mut *strict, 400)] {
            let team = r#"{"team_id":"narrow","models":["gpt-3.5"],"members_with_roles":[{"role":"user","user_id":"u"}]}"#;
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let key = world.key(r#"{"user_id":"u","team_id":"narrow"}"#);
            assert_eq!(world.post(&key, "/key/generate", r#"{"models":["gpt-4"]}"#).0, above);
            let (status, made) = world.post(&key, "/key/generate", "{}");
            let models = made.get("models").and_then(Json::as_list).unwrap_or_default().len();
            assert_eq!((status, models), (200, usize::from(above == 400)), "{made:?}");
        }
        for (world, above, secret) in [(litellm, 200, 200), (strict, 400, 403)] {
            world.user("boss", "internal_user");
            team(world, "t");
            let limited = world.key(r#"{"user_id":"boss","team_id":"t","rpm_limit":5,"duration":"1h","models":["a"]}"#);
            let of_team = world.key(r#"{"team_id":"t","rpm_limit":9,"models":["a","b"]}"#);
            for (change, expected) in [
                (r#""rpm_limit":10"#, above), (r#""rpm_limit":8"#, 200), (r#""models":["a","c"]"#, above),
                (r#""models":["b"]"#, 200), (r#""key_alias":"one""#, 200), (r#""rpm_limit":null"#, 200),
            ] {
                let (status, reply) = world.post(&limited, "/key/update", &format!(r#"{{"key":"{of_team}",{change}}}"#));
                assert_eq!(status, expected, "{change}: {reply:?}");
            }
            let info = world.get(MASTER, &format!("/key/info?key={of_team}")).1;
            let left = info.get("info").and_then(|info| info.get("rpm_limit")).cloned();
            assert_eq!(left, Some(if above == 200 { Json::Null } else { Json::Int(5) }));
            // nor does it raise itself, or get at the secret of a key that has more
            let itself = format!(r#"{{"key":"{limited}","rpm_limit":6}}"#);
            assert_eq!(world.post(&limited, "/key/update", &itself).0, above);
            let free = world.key(r#"{"user_id":"boss"}"#);
            assert_eq!(world.post(&limited, &format!("/key/{free}/regenerate"), "{}").0, secret);
            let same = world.key(r#"{"user_id":"boss","rpm_limit":5,"duration":"30m","models":["a"]}"#);
            assert_eq!(world.post(&limited, &format!("/key/{same}/regenerate"), "{}").0, 200);
            assert_eq!(world.post(&limited, &format!("/key/{limited}/regenerate"), "{}").0, 200);
        }
    }

    columns_are_bounded under "{}": |litellm, strict| {
        let document = format!(r#""metadata":{{"a":"{}"}}"#, "a".repeat(64 * 1024));
        let (name, text) = ("m".repeat(257), "t".repeat(513));
        let many = |count: usize| (0..count).map(|at| format!(r#""model-number-{at:052}""#)).collect::<Vec<_>>().join(",");
        let models = format!(r#""models":[{}]"#, many(1001));
        let (alias, named) = (format!(r#""key_alias":"{text}""#), format!(r#""models":["{name}"]"#));
        let tags = format!(r#""metadata":{{"tags":["{name}"]}}"#);
        let by_model = format!(r#""model_max_budget":{{"{name}":{{"max_budget":1}}}}"#);
        let controls = models.replace("models", "allowed_cache_controls");
        let config = document.replace("metadata", "config");
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            let key = world.user("u", "internal_user");
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            assert_eq!(world.post(MASTER, "/budget/new", r#"{"budget_id":"b"}"#).0, 200);
            let of_key = [&document, &config, &models, &alias, &named, &tags, &by_model, &controls];
            for fields in of_key {
                assert_eq!(world.generate(&format!("{{{fields}}}")), expected, "{}", &fields[..30]);
                // an alias names one key
                let fields = fields.replace("tttt", "uuuu");
                let update = format!(r#"{{"key":"{}",{fields}}}"#, world.key("{}"));
                assert_eq!(world.post(MASTER, "/key/update", &update).0, expected, "{}", &fields[..30]);
                if expected == 400 {
                    let (_, verdict) = world.post(MASTER, "/key/update?dry_run=true", &update);
                    assert_eq!(verdict.get("allowed"), Some(&Json::Bool(false)), "{}", &fields[..30]);
                }
            }
            for (path, id, fields) in [
                ("/user/new", r#""user_id":"v""#, &document), ("/user/update", r#""user_id":"u""#, &document),
                ("/user/update", r#""user_id":"u""#, &models), ("/team/new", r#""team_id":"s""#, &document),
                ("/team/update", r#""team_id":"t""#, &document), ("/team/update", r#""team_id":"t""#, &named),
                ("/team/update", r#""team_id":"t""#, &alias.replace("key_", "team_")),
                ("/team/update", r#""team_id":"t""#, &config.replace("config", "model_aliases")),
                ("/user/update", r#""user_id":"u""#, &alias.replace("key_alias", "user_email")),
            ] {
                let (status, reply) = world.post(MASTER, path, &format!("{{{id},{fields}}}"));
                assert_eq!(status, expected, "{path} {}: {reply:?}", &fields[..30]);
            }
            // each is within its bound, three are more than a row holds
            let third = format!(r#"{{"a":"{}"}}"#, "a".repeat(60_000));
            let thirds = format!(r#""metadata":{third},"config":{third},"permissions":{third}"#);
            assert_eq!(world.generate(&format!("{{{thirds}}}")), expected);
            let two = world.key(&format!(r#"{{"metadata":{third},"config":{third}}}"#));
            let more = format!(r#"{{"key":"{two}","permissions":{third}}}"#);
            assert_eq!(world.post(MASTER, "/key/update", &more).0, expected);
            let dry = world.post(MASTER, "/key/update?dry_run=true", &more).1;
            assert_ne!(dry.get("allowed"), Some(&Json::Bool(expected == 400)));
            let other = format!(r#"{{"key":"{two}","permissions":{third},"config":{{}}}}"#);
            assert_eq!(world.post(MASTER, "/key/update", &other).0, 200);
            assert_eq!(world.post(MASTER, "/team/member_add", &format!(r#"{{"team_id":"t","member":{{"role":"user","user_id":"{text}"}}}}"#)).0, expected);
            let members = |count: usize| (0..count).map(|at| format!(r#"{{"role":"user","user_id":"{at}"}}"#)).collect::<Vec<_>>().join(",");
            assert_eq!(world.post(MASTER, "/team/member_add", &format!(r#"{{"team_id":"t","member":[{}]}}"#, members(501))).0, expected);
            assert_eq!(world.post(MASTER, "/team/new", &format!(r#"{{"members_with_roles":[{}]}}"#, members(501))).0, expected);
            assert_eq!(world.get(&key, "/key/info").0, 200);
        }
    }

    keys_are_counted under "{}": |litellm, strict| {
        for (world, profile, full) in [(litellm, "litellm-1.60", 200), (strict, "strict", 400)] {
            let own = if full == 400 { r#"{"max_keys_per_user":3,"max_keys_per_team":2}"# } else { "{}" };
            *world = World::with_own(profile, own);
            let (u, boss) = (world.user("u", "internal_user"), world.user("boss", "internal_user"));
            team(world, "t");
            for expected in [200, 200, full] {
                let (status, reply) = world.post(&u, "/key/generate", "{}");
                assert_eq!(status, expected, "{reply:?}");
            }
            if full == 400 {
                let (_, verdict) = world.post(&u, "/key/generate?dry_run=true", "{}");
                assert!(latchkey_contract::json::write(&verdict).contains(r#""code":"too_many_keys""#), "{verdict:?}");
                for expected in [200, 200, full] {
                    let (status, reply) = world.post(&boss, "/key/generate", r#"{"team_id":"t"}"#);
                    assert_eq!(status, expected, "{reply:?}");
                }
                team(world, "s");
                let free = world.key(r#"{"team_id":"s"}"#);
                for fields in [r#""team_id":"t""#, r#""user_id":"boss""#] {
                    let (status, reply) = world.post(&boss, "/key/update", &format!(r#"{{"key":"{free}",{fields}}}"#));
                    assert_eq!(status, full, "{fields} {reply:?}");
                }
            }
            assert_eq!(world.generate(r#"{"user_id":"u","team_id":"t"}"#), 200);
        }
    }

    reserved_metadata_is_for_admins under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            let (boss, u) = (world.user("boss", "internal_user"), world.user("u", "internal_user"));
            team(world, "t");
            world.made("/budget/new", r#"{"budget_id":"b"}"#);
            for (member, value) in [
                ("allowed_passthrough_routes", r#"["/team"]"#), ("denied_passthrough_routes", r#"["/x"]"#),
                ("disable_global_guardrails", "true"), ("end_user_budget_id", r#""b""#),
                ("default_estimated_output_tokens", "1"), ("default_estimated_output_tokens_per_model", r#"{"a":1}"#),
                ("throttle_on_budget_exceeded", "true"), ("rpm_limit_type", r#""dynamic""#), ("tpm_limit_type", r#""dynamic""#),
                ("allow_client_pricing_override", "true"), ("allow_client_mock_response", "true"),
                ("allow_client_message_redaction_opt_out", "true"), ("allow_litellm_changed_by_header", "true"),
                ("opted_out_global_guardrails", r#"["pii"]"#), ("litellm_disabled_callbacks", r#"["s3"]"#),
                ("allowed_tools", r#"["shell"]"#), ("priority", r#""high""#), ("model_config", r#"{"a":1}"#),
                ("batch_enqueued_token_limit", "0"), ("max_batch_file_records", "9"),
                ("max_batch_file_uploads_per_day", "9"), ("max_file_downloads_per_minute", "9"),
            ] {
                let metadata = format!(r#""metadata":{{"{member}":{value}}}"#);
                let (status, reply) = world.post(&u, "/key/generate", &format!("{{{metadata}}}"));
                assert_eq!(status, expected, "{member}");
                if expected == 403 {
                    let message = text(reply.get("error").unwrap_or(&Json::Null), "message");
                    assert!(message.starts_with("{'error': 'Only proxy admins can ") && message.contains(member), "{message}");
                }
                let (mine, of_team) = (world.key(r#"{"user_id":"u"}"#), world.key(r#"{"team_id":"t"}"#));
                let held = world.key(&format!(r#"{{"user_id":"u",{metadata}}}"#));
                for (caller, key, fields) in
                    [(&u, &mine, metadata.as_str()), (&boss, &of_team, &metadata), (&u, &held, r#""metadata":{"a":1}"#)]
                {
                    let dry = world.post(caller, "/key/update?dry_run=true", &format!(r#"{{"key":"{key}",{fields}}}"#)).1;
                    if expected == 403 {
                        assert_eq!(dry.get("allowed"), Some(&Json::Bool(false)), "{member} {fields}");
                    }
                    assert_eq!(world.post(caller, "/key/update", &format!(r#"{{"key":"{key}",{fields}}}"#)).0, expected, "{member} {fields}");
                    let key = if expected == 403 { key.clone() } else { world.key("{}") };
                    let path = format!("/key/{key}/regenerate");
                    assert_eq!(world.post(caller, &path, &format!("{{{fields}}}")).0, expected, "{member} {fields}");
                }
                let kept = format!(r#"{{"key":"{held}","key_alias":"{member}"}}"#);
                assert_eq!(world.post(MASTER, "/key/update", &format!(r#"{{"key":"{held}",{metadata}}}"#)).0, 200);
                assert_eq!(world.post(&u, "/key/update", &kept).0, 200);
            }
        }
    }

    service_accounts_are_of_teams under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            team(world, "t");
            let account = r#""metadata":{"service_account_id":"a"}"#;
            let (status, reply) = world.post(MASTER, "/key/generate", &format!("{{{account}}}"));
            assert_eq!(status, expected, "{reply:?}");
            let key = world.key(&format!(r#"{{"team_id":"t",{account}}}"#));
            for change in [r#""metadata":{"service_account_id":"b"}"#, r#""metadata":{"service_account_id":null}"#, r#""team_id":null"#] {
                let (status, reply) = world.post(MASTER, "/key/update", &format!(r#"{{"key":"{key}",{change}}}"#));
                assert_eq!(status, expected, "{change}: {reply:?}");
            }
            let personal = world.key("{}");
            assert_eq!(world.post(MASTER, "/key/update", &format!(r#"{{"key":"{personal}",{account}}}"#)).0, expected);
            assert_eq!(world.post(MASTER, "/key/update", &format!(r#"{{"key":"{key}","metadata":{{"a":1}}}}"#)).0, 200);
        }
    }

    shared_budgets_stay_shared under "{}": |litellm, strict| {
        let budget = |world: &mut World, user_id: &str| {
            let (_, reply) = world.get(MASTER, "/team/info?team_id=t");
            let rows = reply.get("team_memberships").and_then(Json::as_list).unwrap_or_default();
            let row = rows.iter().find(|row| row.get("user_id") == Some(&Json::from(user_id)))?;
            let budget = row.get("litellm_budget_table")?;
            Some((budget.get("max_budget")?.clone(), budget.get("rpm_limit")?.clone()))
        };
        let shared = |dollars: f64| Some((Json::Float(dollars), Json::Int(7)));
        for (world, is_shared) in [(litellm, false), (strict, true)] {
            assert_eq!(world.post(MASTER, "/budget/new", r#"{"budget_id":"b","max_budget":5,"rpm_limit":7}"#).0, 200);
            let unknown = world.post(MASTER, "/team/new", r#"{"team_id":"s","metadata":{"team_member_budget_id":"ghost"}}"#);
            assert_eq!(unknown.0, if is_shared { 400 } else { 200 });
            let team = r#"{"team_id":"t","metadata":{"team_member_budget_id":"b"},"members_with_roles":[{"role":"user","user_id":"ann"}]}"#;
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let add = |user_id: &str| format!(r#"{{"team_id":"t","member":{{"role":"user","user_id":"{user_id}"}}}}"#);
            assert_eq!(world.post(MASTER, "/team/member_add", &add("bob")).0, 200);
            assert_eq!(world.post(MASTER, "/user/new", r#"{"user_id":"cat","team_id":"t"}"#).0, 200);
            for user_id in ["ann", "bob", "cat"] {
                assert_eq!(budget(world, user_id), shared(5.0).filter(|_| is_shared), "{user_id}");
            }
            if !is_shared {
                continue;
            }
            for dollars in [50, 60] {
                let raise = format!(r#"{{"team_id":"t","user_id":"bob","max_budget_in_team":{dollars}}}"#);
                assert_eq!(world.post(MASTER, "/team/member_update", &raise).0, 200);
                assert_eq!((budget(world, "bob"), budget(world, "ann")), (shared(f64::from(dollars)), shared(5.0)));
            }
            let own = format!(r#"{}, "max_budget_in_team":3}}"#, add("dan").trim_end_matches('}').to_owned() + "}");
            assert_eq!(world.post(MASTER, "/team/member_add", &own).0, 200);
            assert_eq!((budget(world, "dan"), budget(world, "cat")), (shared(3.0), shared(5.0)));
            // one row for each member with a budget of their own, and the shared one
            assert_eq!(world.get(MASTER, "/budget/list").1.as_list().map(<[Json]>::len), Some(3));
            assert_eq!(world.post(MASTER, "/team/member_delete", r#"{"team_id":"t","user_id":"ann"}"#).0, 200);
            assert_eq!(budget(world, "cat"), shared(5.0));
            assert_eq!(world.post(MASTER, "/team/member_add", &add("ann")).0, 200);
            assert_eq!(budget(world, "ann"), shared(5.0));
        }
    }
}
