//! Deviations on the members of teams.

use crate::{MASTER, World};
use latchkey_contract::json::Json;

deviations! {
    foreign_teams_show_no_members under "{}": |litellm, strict| {
        let team = r#"{"team_id":"team-one","members_with_roles":[{"role":"user","user_id":"secret"}]}"#;
        let add = |team: &str| format!(r#"{{"team_id":"{team}","member":{{"role":"user","user_id":"secret"}}}}"#);
        let told = |world: &mut World| {
            let stranger = world.user("s", "internal_user");
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            ["team-one", "team-none"].map(|team| {
                let (status, reply) = world.post(&stranger, "/team/member_add", &add(team));
                (status, latchkey_contract::json::write(&reply).replace(team, "_"))
            })
        };
        let [known, unknown] = told(litellm);
        assert!(known.0 == 400 && known.1.contains("secret") && known != unknown, "{known:?}");
        let [known, unknown] = told(strict);
        assert!(known.0 == 403 && !known.1.contains("secret"), "{known:?}");
        assert_eq!(known, unknown);
    }

    newcomers_bring_nothing_along under r#"{"default_internal_user_params":{"available_teams":["open"]}}"#: |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"open"}"#).0, 200);
            for (user, member, budget) in [("a", "", r#","max_budget_in_team":9"#), ("b", r#","user_email":"boss@example.com""#, "")] {
                let newcomer = world.user(user, "internal_user");
                let join = |member: &str, budget: &str| {
                    format!(r#"{{"team_id":"open","member":{{"role":"user","user_id":"{user}"{member}}}{budget}}}"#)
                };
                assert_eq!(world.post(&newcomer, "/team/member_add", &join(member, budget)).0, expected);
                if expected == 403 {
                    assert_eq!(world.post(&newcomer, "/team/member_add", &join("", "")).0, 200);
                }
            }
        }
    }

    leaving_a_team_removes_its_keys under "{}": |litellm, strict| {
        let team = r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"},{"role":"user","user_id":"v"}]}"#;
        for (world, expected) in [(litellm, 200), (strict, 401)] {
            let own = world.user("u", "internal_user");
            world.user("v", "internal_user");
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let of_team = world.key(r#"{"team_id":"t","user_id":"u"}"#);
            let of_other = world.key(r#"{"team_id":"t","user_id":"v"}"#);
            assert_eq!(world.post(MASTER, "/team/member_delete", r#"{"team_id":"t","user_id":"u"}"#).0, 200);
            assert_eq!(world.get(&of_team, "/key/info").0, expected);
            for kept in [own, of_other] {
                assert_eq!(world.get(&kept, "/key/info").0, 200);
            }
        }
    }

    members_do_not_manage_teams under "{}": |litellm, strict| {
        let team = r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"},{"role":"admin","user_id":"boss"}]}"#;
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            let (u, boss) = (world.user("u", "internal_user"), world.user("boss", "internal_user"));
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let add = |id: &str| format!(r#"{{"team_id":"t","member":{{"role":"user","user_id":"{id}"}}}}"#);
            assert_eq!(world.post(&u, "/team/member_add", &add("friend")).0, expected);
            assert_eq!(world.post(&boss, "/team/member_add", &add("worker")).0, 200);
            let remove = r#"{"team_id":"t","user_id":"worker"}"#;
            assert_eq!(world.post(&u, "/team/member_delete", remove).0, expected);
        }
    }

    open_teams_are_joined_by_oneself under r#"{"default_internal_user_params":{"available_teams":["t"]}}"#:
    |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            let u = world.user("u", "internal_user");
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            let add = |id: &str, role: &str| {
                format!(r#"{{"team_id":"t","member":{{"role":"{role}","user_id":"{id}"}}}}"#)
            };
            assert_eq!(world.post(&u, "/team/member_add", &add("friend", "user")).0, expected);
            assert_eq!(world.post(&u, "/team/member_add", &add("u", "admin")).0, expected);
            if expected == 403 {
                assert_eq!(world.post(&u, "/team/member_add", &add("u", "user")).0, 200);
            }
        }
    }

    member_budgets_are_found under "{}": |litellm, strict| {
        let team = r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}"#;
        for (world, expected, shown) in [(litellm, 400, 0), (strict, 200, 1)] {
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let update = |amount: i32| format!(r#"{{"team_id":"t","user_id":"u","max_budget_in_team":{amount}}}"#);
            assert_eq!(world.post(MASTER, "/team/member_update", &update(3)).0, 200);
            assert_eq!(world.post(MASTER, "/team/member_update", &update(4)).0, expected);
            let (_, reply) = world.get(MASTER, "/team/info?team_id=t");
            let memberships = reply.get("team_memberships").and_then(Json::as_list).expect("a list");
            assert_eq!(memberships.len(), shown);
            let budget = memberships.first().and_then(|row| row.get("litellm_budget_table"));
            assert_eq!(budget.and_then(|budget| budget.get("max_budget")), budget.map(|_| &Json::Float(4.0)));
            let (_, budgets) = world.get(MASTER, "/budget/list");
            assert_eq!(budgets.as_list().map(<[Json]>::len), Some(2 - shown));
        }
    }

    member_budgets_are_not_zero under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}"#).0, 200);
            let zero = r#"{"team_id":"t","user_id":"u","max_budget_in_team":0}"#;
            assert_eq!(world.post(MASTER, "/team/member_update", zero).0, expected);
            let add = r#"{"team_id":"t","member":{"role":"user","user_id":"v"},"max_budget_in_team":0}"#;
            assert_eq!(world.post(MASTER, "/team/member_add", add).0, expected);
        }
    }

    null_clears_a_members_budget under "{}": |litellm, strict| {
        for (world, is_kept) in [(litellm, true), (strict, false)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"None"}]}"#).0, 200);
            for amount in ["3", "null"] {
                let body = format!(r#"{{"team_id":"t","user_id":"None","max_budget_in_team":{amount}}}"#);
                assert_eq!(world.post(MASTER, "/team/member_update", &body).0, 200);
                let dry = world.post(MASTER, "/team/member_update?dry_run=true", &body).1;
                assert_eq!(dry.get("allowed").is_some(), !is_kept, "{dry:?}");
            }
            let (_, reply) = world.get(MASTER, "/team/info?team_id=t");
            let memberships = reply.get("team_memberships").and_then(Json::as_list).expect("a list");
            let budgets = memberships.iter().filter(|row| row.get("budget_id").is_some_and(|id| !id.is_null()));
            assert_eq!(budgets.count(), usize::from(is_kept));
            assert_eq!(world.get(MASTER, "/budget/list").1.as_list().map(<[Json]>::len), Some(usize::from(is_kept)));
        }
        // the budget that members share by default stays, and an empty text says nothing
        assert_eq!(strict.post(MASTER, "/budget/new", r#"{"budget_id":"b","max_budget":9}"#).0, 200);
        let team = r#"{"team_id":"s","metadata":{"team_member_budget_id":"b"},"members_with_roles":[{"role":"user","user_id":"u"}]}"#;
        assert_eq!(strict.post(MASTER, "/team/new", team).0, 200);
        for (amount, expected) in [("3", 3.0), (r#""""#, 3.0), ("null", 9.0), ("null", 9.0)] {
            let body = format!(r#"{{"team_id":"s","user_id":"u","max_budget_in_team":{amount}}}"#);
            let (status, reply) = strict.post(MASTER, "/team/member_update", &body);
            assert_eq!(status, 200, "{reply:?}");
            let (_, reply) = strict.get(MASTER, "/team/info?team_id=s");
            let member = reply.get("team_memberships").and_then(Json::as_list).and_then(|rows| {
                rows.iter().find(|row| row.get("user_id") == Some(&Json::from("u")))
            });
            let budget = member.and_then(|row| row.get("litellm_budget_table")).and_then(|row| row.get("max_budget"));
            assert_eq!(budget, Some(&Json::Float(expected)), "{amount}");
        }
    }

    only_members_have_budgets_in_teams under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            let body = r#"{"team_id":"t","user_id":"nobody","max_budget_in_team":3}"#;
            assert_eq!(world.post(MASTER, "/team/member_update", body).0, expected);
        }
    }

    members_see_their_team under "{}": |litellm, strict| {
        let team = r#"{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"},{"role":"admin","user_id":"boss"}]}"#;
        for (world, expected, seen) in [(litellm, 403, 2), (strict, 200, 1)] {
            let (u, boss) = (world.user("u", "internal_user"), world.user("boss", "internal_user"));
            let stranger = world.user("s", "internal_user");
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let mine = world.key(r#"{"team_id":"t","user_id":"u"}"#);
            world.key(r#"{"team_id":"t","user_id":"boss"}"#);
            let mut keys = |key: &str| {
                let (status, reply) = world.get(key, "/team/info?team_id=t");
                (status, reply.get("keys").and_then(Json::as_list).map_or(0, <[Json]>::len))
            };
            assert_eq!(keys(&mine), (200, seen));
            assert_eq!(keys(&u).0, expected);
            assert_eq!(keys(&boss).0, expected);
            assert_eq!(keys(&stranger).0, 403);
            assert_eq!(keys(MASTER), (200, 2));
        }
    }

    nobody_joins_twice under "{}": |litellm, strict| {
        let add = |world: &mut World, member: &str| {
            let body = format!(r#"{{"team_id":"t","member":{member}}}"#);
            world.post(MASTER, "/team/member_add", &body)
        };
        for (world, twice, second) in [(litellm, 200, 400), (strict, 400, 200)] {
            for user in ["ada", "bob"] {
                let body = format!(r#"{{"user_id":"{user}","user_email":"{user}@example.com"}}"#);
                assert_eq!(world.post(MASTER, "/user/new", &body).0, 200);
            }
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            assert_eq!(add(world, r#"{"role":"user","user_id":"ada"}"#).0, 200);
            let again = r#"{"role":"admin","user_email":"ADA@example.com"}"#;
            assert_eq!(add(world, again).0, twice);
            let mixed = r#"{"role":"user","user_id":"bob","user_email":"ada@example.com"}"#;
            assert_eq!(add(world, mixed).0, twice);
            if twice == 400 {
                for (member, expected) in [
                    (r#"[{"role":"user","user_id":"x"},{"role":"admin","user_id":"x"}]"#, 400),
                    (r#"[{"role":"user","user_id":"bob"},{"role":"user","user_email":"BOB@example.com"}]"#, 400),
                    (r#"{"role":"user","user_email":"new@example.com"}"#, 200),
                    (r#"{"role":"user","user_email":"other@example.com"}"#, 200),
                    (r#"{"role":"user","user_email":"NEW@example.com"}"#, 400),
                ] {
                    let (status, reply) = add(world, member);
                    assert_eq!(status, expected, "{member} {reply:?}");
                }
            } else {
                let alone = r#"{"role":"user","user_email":"one@example.com"}"#;
                assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"u","members_with_roles":[{"role":"user","user_email":"x@example.com"}]}"#).0, 200);
                let body = format!(r#"{{"team_id":"u","member":{alone}}}"#);
                assert_eq!(world.post(MASTER, "/team/member_add", &body).0, second);
            }
        }
    }

    members_are_found_by_address under "{}": |litellm, strict| {
        for (world, is_strict) in [(litellm, false), (strict, true)] {
            for user in ["ada", "bob"] {
                let body = format!(r#"{{"user_id":"{user}","user_email":"{user}@example.com"}}"#);
                assert_eq!(world.post(MASTER, "/user/new", &body).0, 200);
            }
            let members = r#"[{"role":"user","user_email":"ADA@example.com"},{"role":"user","user_email":"new@example.com"},{"role":"user","user_id":"bob"}]"#;
            let body = format!(r#"{{"team_id":"t","members_with_roles":{members}}}"#);
            let (status, team) = world.post(MASTER, "/team/new", &body);
            assert_eq!(status, 200, "{team:?}");
            let members = team.get("members_with_roles").and_then(Json::as_list).expect("members");
            let has_id = |member: &Json| member.get("user_id").is_some_and(|id| !id.is_null());
            assert_eq!(members.iter().all(has_id), is_strict, "{members:?}");
            let update = r#"{"team_id":"t","user_email":"BOB@example.com","role":"admin"}"#;
            assert_eq!(world.post(MASTER, "/team/member_update", update).0 == 200, is_strict);
            let mixed = r#"{"team_id":"t","user_id":"bob","user_email":"ada@example.com"}"#;
            if is_strict {
                assert_eq!(world.post(MASTER, "/team/member_delete", mixed).0, 400);
                let of_nobody = mixed.replace("ada@", "bbo@");
                assert_eq!(world.post(MASTER, "/team/member_delete", &of_nobody).0, 400);
                let listed = r#"[{"role":"user","user_id":"eve","user_email":"eve@old.io"}]"#;
                let of_eve = format!(r#"{{"team_id":"of-eve","members_with_roles":{listed}}}"#);
                assert_eq!(world.post(MASTER, "/team/new", &of_eve).0, 200);
                let moved = r#"{"user_id":"eve","user_email":"eve@new.io"}"#;
                assert_eq!(world.post(MASTER, "/user/update", moved).0, 200);
                let sent_back = r#"{"team_id":"of-eve","user_id":"eve","user_email":"eve@old.io"}"#;
                assert_eq!(world.post(MASTER, "/team/member_delete", sent_back).0, 200);
                let alone = r#"{"team_id":"t","user_email":"Bob@Example.com"}"#;
                let (status, team) = world.post(MASTER, "/team/member_delete", alone);
                let left = team.get("members_with_roles").and_then(Json::as_list).map(<[Json]>::len);
                assert_eq!((status, left), (200, Some(3)), "{team:?}");
            }
        }
    }
}
