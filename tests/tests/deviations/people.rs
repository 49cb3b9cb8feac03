//! Deviations on users, teams and budgets.

use crate::{MASTER, World, json};
use latchkey_contract::json::Json;
use latchkey_contract::tables::User;

deviations! {
    user_ids_are_new under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            world.user("u", "internal_user");
            let (status, _) = world.post(MASTER, "/user/new", r#"{"user_id":"u","max_budget":5}"#);
            assert_eq!(status, expected);
            let (_, reply) = world.get(MASTER, "/user/info?user_id=u");
            let user = reply.get("user_info").expect("the user");
            assert_eq!(user.get("max_budget"), Some(&Json::Null));
            let keys = reply.get("keys").and_then(Json::as_list).map(<[Json]>::len);
            assert_eq!(keys, Some(if expected == 200 { 2 } else { 1 }));
        }
    }

    new_users_keep_their_budgets_by_model under "{}": |litellm, strict| {
        let budgets = r#""model_max_budget":{"gpt-4":{"budget_limit":1,"time_period":"1d"}}"#;
        for (world, is_kept) in [(litellm, false), (strict, true)] {
            for (user, key) in [("u", "true"), ("v", "false")] {
                let body = format!(r#"{{"user_id":"{user}","auto_create_key":{key},"max_parallel_requests":3,{budgets}}}"#);
                let (status, reply) = world.post(MASTER, "/user/new", &body);
                assert_eq!(status, 200, "{reply:?}");
                let info = world.get(MASTER, &format!("/user/info?user_id={user}")).1;
                let stored = info.get("user_info").cloned().unwrap_or(Json::Null);
                assert_eq!(stored.get("model_max_budget").is_some_and(Json::is_truthy), is_kept, "{stored:?}");
                if is_kept {
                    for name in ["model_max_budget", "max_parallel_requests", "spend", "allowed_cache_controls"] {
                        assert_eq!(reply.get(name), stored.get(name), "{name}");
                    }
                }
            }
        }
    }

    new_users_are_bounded under
        r#"{"upperbound_key_generate_params":{"max_budget":10,"duration":"1d","tpm_limit":5}}"#:
    |litellm, strict| {
        for body in [r#"{"max_budget":11}"#, r#"{"duration":"2d"}"#, r#"{"tpm_limit":6}"#] {
            assert_eq!(litellm.post(MASTER, "/user/new", body).0, 200, "{body}");
            assert_eq!(strict.post(MASTER, "/user/new", body).0, 400, "{body}");
        }
        for (world, filled) in [(litellm, Json::Null), (strict, Json::Float(10.0))] {
            let (status, reply) =
                world.post(MASTER, "/user/new", r#"{"user_id":"u","key_alias":"one"}"#);
            assert_eq!((status, reply.get("max_budget")), (200, Some(&filled)));
            let (_, reply) = world.get(MASTER, "/user/info?user_id=u");
            let key = reply.get("keys").and_then(Json::as_list).and_then(<[Json]>::first).expect("a key");
            assert_eq!(key.get("max_budget"), Some(&filled));
            assert_eq!(key.get("expires").is_some_and(Json::is_null), filled.is_null());
            let again = world.post(MASTER, "/user/new", r#"{"user_id":"v","key_alias":"one"}"#).0;
            assert_eq!(again, if filled.is_null() { 200 } else { 400 });
        }
    }

    teams_of_new_users_exist under "{}": |litellm, strict| {
        for body in [r#"{"team_id":"ghost"}"#, r#"{"teams":["ghost"]}"#] {
            assert_eq!(litellm.post(MASTER, "/user/new", body).0, 200, "{body}");
            assert_eq!(strict.post(MASTER, "/user/new", body).0, 400, "{body}");
        }
        assert_eq!(strict.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
        assert_eq!(strict.post(MASTER, "/user/new", r#"{"user_id":"u","team_id":"t"}"#).0, 200);
        let (_, reply) = strict.get(MASTER, "/team/info?team_id=t");
        let members = reply.get("team_info").and_then(|team| team.get("members_with_roles")).cloned();
        assert_eq!(members.and_then(|members| members.as_list().map(<[Json]>::len)), Some(2));
    }

    team_and_user_amounts_are_judged under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            assert_eq!(world.post(MASTER, "/budget/new", r#"{"budget_id":"b"}"#).0, 200);
            world.user("u", "internal_user");
            for (path, body) in [
                ("/user/new", r#"{"max_budget":-1}"#),
                ("/user/update", r#"{"user_id":"u","spend":-1}"#),
                ("/team/new", r#"{"rpm_limit":-1}"#),
                ("/team/update", r#"{"team_id":"t","max_budget":-1}"#),
                ("/team/member_add", r#"{"team_id":"t","member":{"role":"user","user_id":"u"},"max_budget_in_team":-1}"#),
                ("/budget/new", r#"{"soft_budget":-1}"#),
                ("/budget/new", r#"{"budget_duration":"whenever"}"#),
                ("/budget/update", r#"{"budget_id":"b","tpm_limit":-1}"#),
            ] {
                assert_eq!(world.post(MASTER, path, body).0, expected, "{path} {body}");
            }
        }
    }

    updates_make_no_users under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 404)] {
            assert_eq!(world.post(MASTER, "/user/update", r#"{"user_id":"ghost","max_budget":1}"#).0, expected);
        }
    }

    updated_users_take_zero_and_null under "{}": |litellm, strict| {
        for (world, budget, limit) in
            [(litellm, Json::Float(5.0), Json::Int(7)), (strict, Json::Float(0.0), Json::Null)]
        {
            let body = r#"{"user_id":"u","max_budget":5,"tpm_limit":7,"metadata":{"a":1}}"#;
            assert_eq!(world.post(MASTER, "/user/new", body).0, 200);
            let body = r#"{"user_id":"u","max_budget":0,"tpm_limit":null}"#;
            let (status, reply) = world.post(MASTER, "/user/update", body);
            assert_eq!(status, 200, "{reply:?}");
            let user = reply.get("data").expect("the user");
            assert_eq!((user.get("max_budget"), user.get("tpm_limit")), (Some(&budget), Some(&limit)));
            assert_eq!(user.get("metadata"), Some(&json(r#"{"a":1}"#)));
        }
    }

    updated_users_keep_their_id under "{}": |litellm, strict| {
        for (world, kept) in [(litellm, false), (strict, true)] {
            let body = r#"{"user_id":"u","user_email":"u@example.com"}"#;
            assert_eq!(world.post(MASTER, "/user/new", body).0, 200);
            let body = r#"{"user_id":"","user_email":"u@example.com","max_budget":5}"#;
            let (status, reply) = world.post(MASTER, "/user/update", body);
            assert_eq!(status, 200, "{reply:?}");
            let id = reply.get("data").and_then(|user| user.get("user_id")).cloned();
            assert_eq!(id == Some(Json::from("u")), kept);
            world.put(&User {
                user_id: "v".to_owned(),
                user_email: Some("u@example.com".to_owned()),
                ..User::default()
            });
            let body = r#"{"user_id":"","user_email":"u@example.com","max_budget":6}"#;
            assert_eq!(world.post(MASTER, "/user/update", body).0, 400);
        }
    }

    passwords_are_hashed under "{}": |litellm, strict| {
        for (world, shown) in [(litellm, Json::from("secret")), (strict, Json::Null)] {
            world.user("u", "internal_user");
            let (status, reply) =
                world.post(MASTER, "/user/update", r#"{"user_id":"u","password":"secret"}"#);
            assert_eq!(status, 200, "{reply:?}");
            assert_eq!(reply.get("data").and_then(|user| user.get("password")), Some(&shown));
        }
    }

    deleted_users_and_teams_leave_nothing under "{}": |litellm, strict| {
        for (world, left) in [(&mut *litellm, 2), (&mut *strict, 1)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            let add = r#"{"team_id":"t","member":{"role":"admin","user_id":"u"},"max_budget_in_team":3}"#;
            assert_eq!(world.post(MASTER, "/team/member_add", add).0, 200);
            assert_eq!(world.post(MASTER, "/user/delete", r#"{"user_ids":["u"]}"#).0, 200);
            let (_, reply) = world.get(MASTER, "/team/info?team_id=t");
            let members = reply.get("team_info").and_then(|team| team.get("members_with_roles"));
            assert_eq!(members.and_then(Json::as_list).map(<[Json]>::len), Some(left), "{reply:?}");
            assert_eq!(world.post(MASTER, "/team/delete", r#"{"team_ids":["t"]}"#).0, 200);
            let (_, reply) = world.get(MASTER, "/user/info?user_id=default_user_id");
            let teams = reply.get("user_info").and_then(|user| user.get("teams"));
            assert_eq!(teams.and_then(Json::as_list).map(<[Json]>::len), Some(left - 1), "{reply:?}");
        }
        for (world, left) in [(litellm, true), (strict, false)] {
            world.user("gone", "internal_user");
            let team = r#"{"team_id":"left","members_with_roles":[{"role":"admin","user_id":"gone"}]}"#;
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            assert_eq!(world.post(MASTER, "/user/update", r#"{"user_id":"gone","teams":[]}"#).0, 200);
            assert_eq!(world.post(MASTER, "/user/delete", r#"{"user_ids":["gone"]}"#).0, 200);
            let (_, reply) = world.get(MASTER, "/team/info?team_id=left");
            assert_eq!(latchkey_contract::json::write(&reply).contains(r#""user_id":"gone""#), left, "{reply:?}");
        }
    }

    unknown_budgets_are_refused under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 404)] {
            assert_eq!(world.post(MASTER, "/budget/update", r#"{"budget_id":"ghost"}"#).0, expected);
            assert_eq!(world.post(MASTER, "/budget/delete", r#"{"id":"ghost"}"#).0, expected);
        }
    }

    budgets_by_model_are_updated under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 400), (strict, 200)] {
            assert_eq!(world.post(MASTER, "/budget/new", r#"{"budget_id":"b"}"#).0, 200);
            let body = r#"{"budget_id":"b","model_max_budget":{"gpt-4":{"max_budget":1}}}"#;
            assert_eq!(world.post(MASTER, "/budget/update", body).0, expected);
        }
    }

    updated_teams_keep_their_metadata under "{}": |litellm, strict| {
        for (world, kept) in [(litellm, None), (strict, Some(Json::Int(1)))] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t","metadata":{"a":1}}"#).0, 200);
            let (status, reply) = world.post(MASTER, "/team/update", r#"{"team_id":"t","tags":["x"]}"#);
            assert_eq!(status, 200, "{reply:?}");
            let metadata = reply.get("data").and_then(|team| team.get("metadata")).expect("metadata");
            assert_eq!((metadata.get("a"), metadata.get("tags").is_some()), (kept.as_ref(), true));
        }
    }

    the_dashboards_team_is_reserved under "{}": |litellm, strict| {
        for body in [
            r#"{"team_id":"litellm-dashboard"}"#,
            r#"{"team_id":"x","team_alias":"LiteLLM-Dashboard "}"#,
        ] {
            assert_eq!(litellm.post(MASTER, "/team/new", body).0, 200, "{body}");
            assert_eq!(strict.post(MASTER, "/team/new", body).0, 400, "{body}");
        }
        assert_eq!(strict.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
        let renamed = r#"{"team_id":"t","team_alias":"litellm-dashboard"}"#;
        assert_eq!(strict.post(MASTER, "/team/update", renamed).0, 400);
    }

    new_users_join_their_teams under "{}": |litellm, strict| {
        for (world, role) in [(&mut *litellm, None), (&mut *strict, Some("user"))] {
            for team in ["t", "s"] {
                assert_eq!(world.post(MASTER, "/team/new", &format!(r#"{{"team_id":"{team}"}}"#)).0, 200);
            }
            assert_eq!(world.post(MASTER, "/user/new", r#"{"user_id":"u","teams":["t","s"]}"#).0, 200);
            for team in ["t", "s"] {
                let (_, shown) = world.get(MASTER, &format!("/team/info?team_id={team}"));
                let info = shown.get("team_info").expect("the team");
                let members = info.get("members_with_roles").and_then(Json::as_list).expect("members");
                let member = members.iter().find(|member| crate::text(member, "user_id") == "u");
                assert_eq!(member.map(|member| crate::text(member, "role")).as_deref(), role);
            }
            let (_, shown) = world.get(MASTER, "/user/info?user_id=u");
            let user = shown.get("user_info").expect("the user");
            assert_eq!(user.get("teams"), Some(&json(r#"["t","s"]"#)));
        }
        let body = r#"{"user_id":"v","teams":[{"team_id":"t","max_budget_in_team":5,"user_role":"admin"},{"team_id":"s"}]}"#;
        let (status, made) = strict.post(MASTER, "/user/new", body);
        assert_eq!((status, made.get("teams")), (200, Some(&json(r#"["t","s"]"#))), "{made:?}");
        let (_, shown) = strict.get(MASTER, "/team/info?team_id=t");
        let rows = shown.get("team_memberships").and_then(Json::as_list).expect("memberships");
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(rows[0].get("litellm_budget_table").and_then(|row| row.get("max_budget")), Some(&Json::Float(5.0)));
    }

    limits_of_members_are_kept under "{}": |litellm, strict| {
        let team = r#"{"team_id":"t","team_member_budget":5,"team_member_rpm_limit":6,"default_team_member_models":["m"],
            "members_with_roles":[{"role":"user","user_id":"u"}]}"#;
        let join = r#"{"team_id":"t","member":{"role":"user","user_id":"v"},"budget_duration":"7d"}"#;
        let limits = |world: &mut World, user: &str| {
            let (_, shown) = world.get(MASTER, "/team/info?team_id=t");
            let rows = shown.get("team_memberships").and_then(Json::as_list).expect("memberships").to_vec();
            let own = rows.iter().find(|row| crate::text(row, "user_id") == user);
            own.and_then(|row| row.get("litellm_budget_table").cloned()).unwrap_or(Json::Null)
        };
        for world in [&mut *litellm, &mut *strict] {
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            assert_eq!(world.post(MASTER, "/team/member_add", join).0, 200);
        }
        assert_eq!((limits(litellm, "u"), limits(litellm, "v")), (Json::Null, Json::Null));
        for (user, duration) in [("u", Json::Null), ("v", "7d".into())] {
            let own = limits(strict, user);
            assert_eq!(own.get("max_budget"), Some(&Json::Float(5.0)), "{own:?}");
            assert_eq!((own.get("rpm_limit"), own.get("budget_duration")), (Some(&Json::Int(6)), Some(&duration)));
            assert_eq!(own.get("allowed_models"), Some(&json(r#"["m"]"#)));
        }
        let mut change = |rest: &str| {
            let body = format!(r#"{{"team_id":"t","user_id":"u",{rest}}}"#);
            let (status, reply) = strict.post(MASTER, "/team/member_update", &body);
            assert_eq!(status, 200, "{reply:?}");
            limits(strict, "u")
        };
        let own = change(r#""rpm_limit":60,"tpm_limit":7,"allowed_models":[]"#);
        assert_eq!((own.get("rpm_limit"), own.get("tpm_limit")), (Some(&Json::Int(60)), Some(&Json::Int(7))));
        assert_eq!((own.get("max_budget"), own.get("allowed_models")), (Some(&Json::Float(5.0)), Some(&json("[]"))));
        // what is taken away is as all members have it
        let own = change(r#""rpm_limit":null"#);
        assert_eq!((own.get("rpm_limit"), own.get("tpm_limit")), (Some(&Json::Int(6)), Some(&Json::Int(7))));
        // and a change of what all have reaches those without a budget of their own
        assert_eq!(change(r#""tpm_limit":null"#).get("tpm_limit"), Some(&Json::Null));
        let (status, changed) = strict.post(MASTER, "/team/update", r#"{"team_id":"t","team_member_budget":4,"metadata":{"a":1}}"#);
        let metadata = changed.get("data").and_then(|team| team.get("metadata")).cloned().unwrap_or(Json::Null);
        assert!(status == 200 && !crate::text(&metadata, "team_member_budget_id").is_empty(), "{changed:?}");
        assert_eq!(limits(strict, "u").get("max_budget"), Some(&Json::Float(4.0)));
        assert_eq!(limits(strict, "v").get("max_budget"), Some(&Json::Float(5.0)));
        let (_, cleared) = strict.post(MASTER, "/team/update", r#"{"team_id":"t","team_member_budget":null}"#);
        assert!(cleared.get("data").is_some(), "{cleared:?}");
        assert_eq!(limits(strict, "u").get("max_budget"), Some(&Json::Null));
    }

    addresses_are_one_users under "{}": |litellm, strict| {
        let ada = r#"{"user_id":"ada","user_email":"Ada@Example.com"}"#;
        for (world, taken, found) in [(litellm, 200, 200), (strict, 409, 200)] {
            assert_eq!(world.post(MASTER, "/user/new", ada).0, 200);
            for address in ["Ada@Example.com", "ada@example.com", "ADA@EXAMPLE.COM"] {
                let body = format!(r#"{{"user_email":"{address}"}}"#);
                assert_eq!(world.post(MASTER, "/user/new", &body).0, taken, "{address}");
            }
            let eva = r#"{"user_id":"eva","user_email":"éva@exämple.com"}"#;
            assert_eq!(world.post(MASTER, "/user/new", eva).0, 200);
            for address in ["ÉVA@EXÄMPLE.COM", "Éva@exämple.com", "éva@eXÄmple.com"] {
                let body = format!(r#"{{"user_email":"{address}"}}"#);
                assert_eq!(world.post(MASTER, "/user/new", &body).0, taken, "{address}");
            }
            let bob = world.user("bob", "proxy_admin_viewer");
            let body = r#"{"user_id":"bob","user_email":"adA@example.com"}"#;
            assert_eq!(world.post(MASTER, "/user/update", body).0, taken);
            if taken == 409 {
                let own = r#"{"user_email":"adA@example.com","password":"p"}"#;
                assert_ne!(world.post(&bob, "/user/update", own).0, 200);
                let own = r#"{"user_id":"ada","user_email":"ada@example.com"}"#;
                assert_eq!(world.post(MASTER, "/user/update", own).0, 200);
                let named = r#"{"user_email":"ADA@example.com","max_budget":5}"#;
                let (status, changed) = world.post(MASTER, "/user/update", named);
                assert_eq!((status, crate::text(&changed, "user_id").as_str()), (found, "ada"));
            }
        }
    }
}
