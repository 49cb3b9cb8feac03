//! Deviations on who comes in, and where.

use crate::{MASTER, World, text};
use latchkey_core::json::Json;
use latchkey_tests::implementation::Request;

deviations! {
    credentials_are_not_echoed under "{}": |litellm, strict| {
        let message = |world: &mut World, key: &str| {
            let (status, reply) = world.get(key, "/key/info");
            assert_eq!(status, 401);
            text(reply.get("error").unwrap_or(&Json::Null), "message")
        };
        assert!(message(litellm, "secret-0123456789").contains("secret-0123456789"));
        let shown = message(strict, "secret-0123456789");
        assert!(shown.contains("sk-...6789") && !shown.contains("secret"), "{shown}");
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
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"litellm-dashboard"}"#).0, 200);
            let session = world.key(r#"{"team_id":"litellm-dashboard"}"#);
            assert_eq!(world.post(&session, "/user/new", r#"{"user_role":"proxy_admin"}"#).0, expected);
            assert_eq!(world.get(&session, "/key/info").0, 200);
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
}
