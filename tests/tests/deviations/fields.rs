//! Deviations on the fields that later releases of LiteLLM have added.

use crate::{MASTER, World, json, text};
use latchkey_contract::json::Json;

deviations! {
    fields_of_today_are_kept under "{}": |litellm, strict| {
        let body = r#"{"key_type":"llm_api","tpd_limit":5,"agent_id":"a","budget_fallbacks":{"a":["b"]},
            "router_settings":{"num_retries":2},"policies":["p"],"mcp_rpm_limit":{"s":3},"enable_prompt_caching":false}"#;
        let (status, made) = litellm.post(MASTER, "/key/generate", body);
        assert_eq!((status, made.get("tpd_limit"), made.get("key_type")), (200, None, None));
        let (status, made) = strict.post(MASTER, "/key/generate", body);
        assert_eq!(status, 200, "{made:?}");
        let (_, info) = strict.get(MASTER, &format!("/key/info?key={}", text(&made, "key")));
        for shown in [&made, info.get("info").expect("the key")] {
            for (name, value) in [
                ("key_type", r#""llm_api""#),
                ("allowed_routes", r#"["llm_api_routes"]"#),
                ("tpd_limit", "5"),
                ("agent_id", r#""a""#),
                ("budget_fallbacks", r#"{"a":["b"]}"#),
                ("router_settings", r#"{"num_retries":2}"#),
                ("metadata", r#"{"mcp_rpm_limit":{"s":3},"enable_prompt_caching":false,"policies":["p"]}"#),
            ] {
                assert_eq!(shown.get(name), Some(&json(value)), "{name}");
            }
        }
        let change = format!(r#"{{"key":"{}","tpd_limit":null,"agent_id":"b","prompts":["x"]}}"#, text(&made, "key"));
        let (status, changed) = strict.post(MASTER, "/key/update", &change);
        assert_eq!((status, text(&changed, "agent_id").as_str()), (200, "b"), "{changed:?}");
        assert_eq!(changed.get("tpd_limit"), Some(&Json::Null));
        assert_eq!(changed.get("metadata").and_then(|all| all.get("prompts")), Some(&json(r#"["x"]"#)));
        assert_eq!(strict.generate(r#"{"tpd_limit":-1}"#), 400);
        assert_eq!(strict.generate(r#"{"key_type":"admin"}"#), 422);
    }

    routes_of_keys_come_from_admins under "{}": |litellm, strict| {
        let user = litellm.user("u", "internal_user");
        assert_eq!(litellm.post(&user, "/key/generate", r#"{"allowed_routes":["/team"]}"#).0, 200);
        let user = strict.user("u", "internal_user");
        for (body, status, routes) in [
            (r#"{"allowed_routes":["/key"]}"#, 403, ""),
            (r#"{"allowed_routes":["llm_api_routes"],"key_type":"llm_api"}"#, 403, ""),
            (r#"{"key_type":"management"}"#, 403, ""),
            (r#"{"key_type":"read_only"}"#, 200, r#"["info_routes"]"#),
            (r#"{"key_type":"llm_api","allowed_routes":[]}"#, 200, r#"["llm_api_routes"]"#),
            (r#"{"key_type":"default"}"#, 200, "[]"),
        ] {
            let (found, reply) = strict.post(&user, "/key/generate", body);
            assert_eq!(found, status, "{body}: {reply:?}");
            match found {
                200 => assert_eq!(reply.get("allowed_routes"), Some(&json(routes)), "{body}"),
                _ => assert!(
                    text(reply.get("error").expect("an error"), "message").starts_with(
                        "{'error': 'Only proxy admins can set `allowed_routes` on a key. Use `key_type`"
                    ),
                    "{reply:?}"
                ),
            }
        }
        // of a list that is there, routes may go and none may come
        let key = strict.key(r#"{"user_id":"u","allowed_routes":["/key/info","/key/list"]}"#);
        let mut change = |routes: &str| {
            strict.post(&user, "/key/update", &format!(r#"{{"key":"{key}","allowed_routes":{routes}}}"#)).0
        };
        assert_eq!(change("[]"), 403);
        assert_eq!(change(r#"["/key/info","/team"]"#), 403);
        assert_eq!(change(r#"["/key/info"]"#), 200);
        assert_eq!(change(r#"["/key/info","/key/list"]"#), 403);
        // and what a key with a list makes opens no more than the list
        let limited = strict.key(r#"{"user_id":"u","allowed_routes":["key_management_routes"]}"#);
        let (status, made) = strict.post(&limited, "/key/generate", r#"{"key_type":"read_only"}"#);
        assert_eq!((status, made.get("allowed_routes")), (200, Some(&json(r#"["key_management_routes"]"#))));
    }
}
