//! Deviations on which callers get in, and where.

use crate::{MASTER, World, json, text};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::Team;
use latchkey_core::Policy;
use latchkey_tests::implementation::Request;
use latchkey_tests::scenario::dumps;

deviations! {
    credentials_are_not_echoed under "{}": |litellm, strict| {
        let message = |world: &mut World, key: &str| {
            let (status, reply) = world.get(key, "/key/info");
            assert_eq!(status, 401);
            text(reply.get("error").unwrap_or(&Json::Null), "message")
        };
        assert!(message(litellm, "secret-0123456789").contains("secret-0123456789"));
        let shown = message(strict, "secret-0123456789");
        assert!(shown.contains("Received=...6789") && !shown.contains("secret"), "{shown}");
        assert!(!message(strict, "hunter2").contains("hunter2"));
    }

    schemes_are_read_in_any_case under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 401), (strict, 200)] {
            let key = world.key("{}");
            let mut request = Request::get("/key/info", "");
            request.headers = vec![("Authorization".to_owned(), format!("BEARER  {key}"))];
            assert_eq!(world.send(&request).0, expected);
        }
    }

    access_is_judged_by_the_path under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 404), (strict, 401)] {
            let viewer = world.user("v", "internal_user_viewer");
            assert_eq!(world.post(&viewer, "/key/info%3Fx/regenerate", "{}").0, expected);
        }
    }

    provider_names_open_nothing under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 404), (strict, 401)] {
            let viewer = world.user("v", "internal_user_viewer");
            assert_eq!(world.post(&viewer, "/key/a/openai/regenerate", "{}").0, expected);
        }
    }

    dashboard_keys_open_named_routes under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 401)] {
            world.put(&Team { team_id: "litellm-dashboard".to_owned(), ..Team::default() });
            let session = world.key(r#"{"team_id":"litellm-dashboard"}"#);
            assert_eq!(world.post(&session, "/user/new", r#"{"user_role":"proxy_admin"}"#).0, expected);
            assert_eq!(world.get(&session, "/key/info").0, 200);
        }
    }

    headers_for_keys_are_named under "{}": |litellm, strict| {
        let own = dict! { "master_key" => MASTER, "litellm_key_header_name" => "X-Own-Key" };
        let mut with_own = World::with("strict", "{}", true, own);
        let refusal = |world: &mut World| {
            let mut request = Request::get("/key/info", "");
            request.headers.clear();
            let (status, reply) = world.send(&request);
            assert_eq!(status, 401);
            text(reply.get("error").unwrap_or(&Json::Null), "message")
        };
        assert!(refusal(litellm).ends_with("No api key passed in."));
        let named = refusal(strict);
        for header in ["authorization", "x-litellm-api-key", "api-key", "x-api-key", "x-goog-api-key"] {
            assert!(named.contains(header), "{named}");
        }
        let named = refusal(&mut with_own);
        assert!(named.contains("No api key passed in.") && named.contains("x-own-key"), "{named}");
        let from = |header: &str, value: &str| {
            let mut request = Request::get("/key/list", "");
            request.headers = vec![(header.to_owned(), value.to_owned())];
            request
        };
        for (header, value, expected) in [
            ("x-own-key", format!("Bearer {MASTER}"), 200),
            ("authorization", format!("Bearer {MASTER}"), 200),
            ("x-litellm-api-key", MASTER.to_owned(), 200),
            ("x-other-key", MASTER.to_owned(), 401),
        ] {
            assert_eq!(with_own.send(&from(header, &value)).0, expected, "{header}");
        }
        let mut both = from("authorization", &format!("Bearer {MASTER}"));
        both.headers.push(("x-own-key".to_owned(), "Bearer sk-of-nobody-0123456789".to_owned()));
        assert_eq!(with_own.send(&both).0, 401, "the operator's own comes first");
        for (world, expected) in [(litellm, 401), (strict, 200)] {
            let key = world.key("{}");
            for value in [key.clone(), format!("Bearer {key}")] {
                let mut request = Request::get("/key/info", "sk-of-the-provider-0123");
                request.headers.push(("x-litellm-api-key".to_owned(), value));
                assert_eq!(world.send(&request).0, expected);
            }
        }
    }

    closed_routes_are_patterns under "{}": |litellm, strict| {
        // the worlds of other tests have no such settings
        let _ = (litellm, strict);
        for entry in ["/key/{key}/regenerate", "/key/regenerate", "/key/{key:path}/regenerate", "/key/*"] {
            for (profile, expected) in [("litellm-1.60", 200), ("strict", 403)] {
                let listed = dict! { "master_key" => MASTER, "admin_only_routes" => vec![Json::from(entry)] };
                let mut world = World::with(profile, "{}", true, listed);
                let user = world.user("u", "proxy_admin_viewer");
                let own = world.user("v", "internal_user");
                let (status, reply) = world.post(&own, &format!("/key/{own}/regenerate"), "{}");
                let closed = if profile == "strict" { status == 403 } else { status != 403 };
                assert!(closed, "{entry} {profile} {expected} {status} {reply:?}");
                assert_eq!(world.get(&user, "/user/info").0, 200);
            }
        }
    }

    spent_keys_are_looked_at under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 400), (strict, 200)] {
            world.user("u", "internal_user");
            let spent = world.key(r#"{"user_id":"u","max_budget":1,"spend":2}"#);
            let other = world.key(r#"{"user_id":"u"}"#);
            assert_eq!(world.get(&spent, "/key/info").0, expected);
            for (path, body) in [
                ("/key/generate", "{}".to_owned()),
                ("/key/generate?dry_run=true", "{}".to_owned()),
                ("/key/update", format!(r#"{{"key":"{spent}","max_budget":0.5}}"#)),
                ("/key/regenerate", format!(r#"{{"key":"{spent}","max_budget":0.5}}"#)),
            ] {
                let status = world.post(&spent, path, &body).0;
                assert!([400, 404, 405].contains(&status), "{path} {status}");
            }
            assert_eq!(world.post(&spent, &format!("/key/{other}/regenerate"), "{}").0, 400);
            if expected == 200 {
                let (status, renewed) = world.post(&spent, &format!("/key/{spent}/regenerate"), "{}");
                assert_eq!((status, renewed.get("max_budget")), (200, Some(&Json::Float(1.0))));
                let spent = text(&renewed, "key");
                assert_eq!(world.post(&spent, "/key/generate", "{}").0, 400);
                assert_eq!(world.post(&spent, "/key/block", &format!(r#"{{"key":"{spent}"}}"#)).0, 200);
                assert_eq!(world.get(&spent, "/key/info").0, 401);
            }
        }
    }

    viewers_change_nothing under "{}": |litellm, strict| {
        for (world, expected) in [(&mut *litellm, 200), (&mut *strict, 403)] {
            let viewer = world.user("v", "proxy_admin_viewer");
            assert_eq!(world.post(&viewer, "/budget/new", r#"{"budget_id":"b","max_budget":1}"#).0, expected);
            let key = world.key("{}");
            assert_eq!(world.post(&viewer, "/key/block", &format!(r#"{{"key":"{key}"}}"#)).0, expected);
        }
        for (world, expected) in [(litellm, 200), (strict, 401)] {
            let viewer = world.user("w", "internal_user_viewer");
            let team = r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"w"}]}"#;
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let member = r#"{"team_id":"t","member":{"role":"user","user_id":"x"}}"#;
            assert_eq!(world.post(&viewer, "/team/member_add", member).0, expected);
        }
    }

    viewers_see_other_users under "{}": |litellm, strict| {
        for (world, status) in [(litellm, 403), (strict, 200)] {
            let (viewer, user) = (world.user("v", "proxy_admin_viewer"), world.user("u", "internal_user"));
            assert_eq!(world.get(&viewer, "/user/info?user_id=u").0, status);
            assert_eq!(world.get(&user, "/user/info?user_id=v").0, 403);
        }
        let viewer = strict.user("w", "proxy_admin_viewer");
        assert_eq!(text(&strict.get(&viewer, "/user/info").1, "user_id"), "w");
    }

    access_reads_the_operations_body under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 403)] {
            for (user, mark, more, content_type) in [
                ("a", "\u{feff}", "", "application/json"),
                ("b", "", r#","x":NaN"#, "application/json"),
                ("c", "", "", "application/json; x=form"),
            ] {
                let viewer = world.user(user, "proxy_admin_viewer");
                let body = format!(r#"{mark}{{"user_id":"{user}","user_role":"proxy_admin"{more}}}"#);
                let mut request = Request::post("/user/update", &viewer, body);
                request.headers.retain(|(name, _)| name == "Authorization");
                request.headers.push(("Content-Type".to_owned(), content_type.to_owned()));
                let (status, reply) = world.send(&request);
                assert_eq!(status, expected, "{user}: {reply:?}");
            }
        }
    }

    key_list_is_open_to_every_role under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 401), (strict, 200)] {
            for role in ["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"] {
                let key = world.user(role, role);
                assert_eq!(world.get(&key, "/key/list").0, expected, "{role}");
            }
        }
    }

    bodies_are_judged_by_operations under "{}": |litellm, strict| {
        for body in ["[]", "null", "\"x\"", r#"{"metadata":1}"#] {
            assert_eq!(litellm.generate(body), 401, "{body}");
            assert_eq!(strict.generate(body), 422, "{body}");
        }
    }

    wildcard_users_come_in under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 401), (strict, 200)] {
            let (status, reply) = world.post(MASTER, "/user/new", r#"{"user_id":"u","models":["*"]}"#);
            assert_eq!(status, 200, "{reply:?}");
            assert_eq!(world.get(&text(&reply, "key"), "/key/info").0, expected);
        }
    }

    temporary_budgets_have_zones under "{}": |litellm, strict| {
        let metadata = r#"{"temp_budget_increase":5,"temp_budget_expiry":"2099-01-01T00:00:00Z"}"#;
        for (world, expected) in [(litellm, 401), (strict, 200)] {
            let key = world.key(&format!(r#"{{"max_budget":1,"spend":2,"metadata":{metadata}}}"#));
            assert_eq!(world.get(&key, "/key/info").0, expected);
        }
    }

    the_key_is_judged_before_the_body under "{}": |litellm, strict| {
        for (body, told) in [("{", 422), ("[1", 422)] {
            for key in ["", "sk-of-nobody-0123456789"] {
                assert_eq!(litellm.post(key, "/key/generate", body).0, told, "{body}");
                assert_eq!(strict.post(key, "/key/generate", body).0, 401, "{body}");
            }
            assert_eq!(strict.post(MASTER, "/key/generate", body).0, 422, "{body}");
        }
        let blocked = strict.key("{}");
        assert_eq!(strict.post(MASTER, "/key/block", &format!(r#"{{"key":"{blocked}"}}"#)).0, 200);
        assert_eq!(strict.post(&blocked, "/key/generate", "{").0, 401);
    }

    heads_are_answered under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, [405, 405, 405]), (strict, [200, 401, 405])] {
            let mut head = |key: &str, target: &str| {
                let request = Request { method: "HEAD".to_owned(), ..Request::get(target, key) };
                world.send(&request).0
            };
            let found = [head(MASTER, "/key/list"), head("", "/key/list"), head(MASTER, "/key/generate")];
            assert_eq!(found, expected);
        }
    }

    origins_are_named under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 405)] {
            let mut request = Request::get("/key/generate", "");
            request.method = "OPTIONS".to_owned();
            request.headers = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec();
            assert_eq!(world.status(&request), expected);
        }
    }

    public_routes_change_nothing under "{}": |litellm, strict| {
        for (world, profile, expected) in [(litellm, "litellm-1.60", 200), (strict, "strict", 401)] {
            let routes = ["/user/new", "/team/new", "/key/generate", "/user/delete"];
            let routes: Vec<Json> = routes.map(Json::from).into();
            *world = World::with(profile, "{}", true, dict! { "master_key" => MASTER, "public_routes" => routes });
            for (path, body) in [
                ("/user/new", r#"{"user_id":"evil","user_role":"proxy_admin"}"#), ("/team/new", r#"{"team_id":"t"}"#),
                ("/key/generate", "{}"), ("/user/delete", r#"{"user_ids":["evil"]}"#),
            ] {
                let mut request = Request::post(path, MASTER, body);
                request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
                let (status, reply) = world.send(&request);
                assert_eq!(status, expected, "{path}: {reply:?}");
            }
        }
    }

    public_routes_ask_nothing under "{}": |litellm, strict| {
        // the worlds of other tests have no such settings
        let _ = (litellm, strict);
        for (profile, expected) in [("litellm-1.60", 403), ("strict", 200)] {
            let listed = dict! { "master_key" => MASTER, "allowed_routes" => vec![Json::from("/key/info")] };
            let mut world = World::with(profile, "{}", true, listed);
            assert_eq!(world.get("", "/health/readiness").0, expected);
        }
    }

    dots_in_patterns_are_dots under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 401)] {
            world.user("u", "internal_user");
            let key = world.key(r#"{"user_id":"u","models":["gpt-3.5*"]}"#);
            let body = |model: &str| format!(r#"{{"keys":["{key}"],"model":"{model}"}}"#);
            assert_eq!(world.post(&key, "/v2/key/info", &body("gpt-345-turbo")).0, expected);
            assert_eq!(world.post(&key, "/v2/key/info", &body("gpt-3.5-turbo")).0, 200);
        }
    }

    fallbacks_are_counted under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            world.user("u", "internal_user");
            let key = world.key(r#"{"user_id":"u","models":["m,n"]}"#);
            let body = |count: usize| {
                let fallbacks = vec![Json::from("m,n"); count];
                dumps(&dict! { "keys" => vec![Json::from(key.clone())], "fallbacks" => fallbacks })
            };
            assert_eq!(world.post(&key, "/v2/key/info", &body(101)).0, expected);
            assert_eq!(world.post(&key, "/v2/key/info", &body(100)).0, 200);
        }
    }

    replies_stay_where_they_are_sent under "{}": |litellm, strict| {
        for (world, profile) in [(litellm, "litellm-1.60"), (strict, "strict")] {
            let docs = world.response(&Request::get("/docs", ""));
            let is_bound = docs.headers.iter().any(|(name, _)| name == "content-security-policy");
            let config = dict! {
                "general_settings" => dict! { "master_key" => MASTER },
                "latchkey" => dict! { "profile" => profile },
            };
            let (_, report) = Policy::configure(dumps(&config).as_bytes());
            let report = json(&String::from_utf8_lossy(&report));
            let headers = report.get("usable").and_then(|report| report.get("reply_headers")).map(dumps);
            let is_kept = !headers.is_some_and(|headers| headers.contains("no-store"));
            assert_eq!((docs.status, is_bound, is_kept), (200, profile == "strict", profile != "strict"));
        }
    }
}
