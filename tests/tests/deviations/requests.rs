//! Deviations on how requests are read, whichever operation they are for.

use crate::{MASTER, World, text};
use latchkey_contract::json::{Json, write};
use latchkey_tests::implementation::Request;

/// The parameter that a refusal names.
fn param(reply: &Json) -> String {
    text(reply.get("error").unwrap_or(&Json::Null), "param")
}

/// What a refusal says.
fn message(reply: &Json) -> String {
    text(reply.get("error").unwrap_or(&Json::Null), "message")
}

deviations! {
    misspelt_members_are_refused under "{}": |litellm, strict| {
        for (path, body, name) in [
            ("/key/generate", r#"{"max_budgt":1}"#, "max_budgt"),
            ("/key/generate", r#"{"durration":"1d"}"#, "durration"),
            ("/key/generate", r#"{"model":"gpt-4"}"#, "model"),
            ("/key/generate", r#"{"maxBudget":1}"#, "maxBudget"),
            ("/key/generate", r#"{"dry_run":true}"#, "dry_run"),
            ("/user/new", r#"{"user_emial":"a@b.c"}"#, "user_emial"),
            ("/team/new", r#"{"tmp_limit":1}"#, "tmp_limit"),
            ("/budget/new", r#"{"max_budgets":1}"#, "max_budgets"),
        ] {
            assert_eq!(litellm.post(MASTER, path, body).0, 200, "{body}");
            let (status, reply) = strict.post(MASTER, path, body);
            assert_eq!((status, param(&reply).as_str()), (400, name), "{reply:?}");
        }
        let key = strict.key("{}");
        for body in [
            r#"{"max_bugdet":1}"#,
            r#"{"model_max_budget":{"gpt-4":{"max_budgt":1,"budget_duration":"1d"}}}"#,
        ] {
            let body = format!(r#"{{"key":"{key}",{}"#, &body[1..]);
            assert_eq!(strict.post(MASTER, "/key/update", &body).0, 400, "{body}");
            let (_, verdict) = strict.post(MASTER, "/key/update?dry_run=true", &body);
            assert_eq!(verdict.get("allowed"), Some(&Json::Bool(false)), "{verdict:?}");
        }
        let member = r#"{"team_id":"t","member":{"role":"user","userid":"u"}}"#;
        assert_eq!(strict.post(MASTER, "/team/member_add", member).0, 400);
        assert_eq!(strict.generate(r#"{"token":"x","disabled_callbacks":[],"last_active":null,"x":1}"#), 200);
    }

    unkept_fields_are_refused under "{}": |litellm, strict| {
        for (world, profile) in [(&mut *litellm, "litellm-1.60"), (&mut *strict, "strict")] {
            let lacking = r#"{"store_lacks":["LiteLLM_VerificationToken.tpd_limit","LiteLLM_VerificationToken.organization_id",
                "LiteLLM_TeamTable.team_member_permissions","LiteLLM_BudgetTable.tpd_limit","LiteLLM_OrganizationMembership"]}"#;
            *world = World::with_own(profile, lacking);
        }
        for (path, body, name) in [
            ("/key/generate", r#"{"tpd_limit":0}"#, "tpd_limit"),
            ("/key/generate", r#"{"organization_id":"default"}"#, "organization_id"),
            ("/user/new", r#"{"organizations":["o"]}"#, "organizations"),
            ("/user/new", r#"{"tpd_limit":5}"#, "tpd_limit"),
            ("/team/new", r#"{"team_member_permissions":["/key/generate"]}"#, "team_member_permissions"),
            ("/budget/new", r#"{"tpd_limit":5}"#, "tpd_limit"),
        ] {
            assert_eq!(litellm.post(MASTER, path, body).0, 200, "{body}");
            let (status, reply) = strict.post(MASTER, path, body);
            assert_eq!((status, param(&reply).as_str()), (400, name), "{reply:?}");
            let (_, verdict) = strict.post(MASTER, &format!("{path}?dry_run=true"), body);
            assert_eq!(verdict.get("allowed"), Some(&Json::Bool(false)), "{verdict:?}");
        }
        let (_, keys) = strict.get(MASTER, "/key/list");
        assert_eq!(keys.get("total_count"), Some(&Json::Int(0)));
        assert_eq!(strict.generate(r#"{"key_type":"default","tpd_limit":null,"organization_id":""}"#), 200);
    }

    empty_texts_are_no_values under "{}": |litellm, strict| {
        for (world, id) in [(&mut *litellm, ""), (&mut *strict, "default_user_id")] {
            let (_, made) = world.post(MASTER, "/team/new", r#"{"team_id":"","team_alias":""}"#);
            assert_eq!(text(&made, "team_id").is_empty(), id.is_empty());
        }
        assert_eq!(litellm.generate(r#"{"max_budget":""}"#), 422);
        for path in ["/user/new", "/budget/new"] {
            let (status, made) = strict.post(MASTER, path, r#"{"user_id":"","budget_id":"","max_budget":""}"#);
            assert_eq!((status, made.get("max_budget")), (200, Some(&Json::Null)), "{path}");
            assert!([made.get("user_id"), made.get("budget_id")].iter().all(|id| *id != Some(&"".into())));
        }
        let body = r#"{"team_id":"","user_id":"","key_alias":"","duration":"","budget_duration":"","max_budget":"","tpm_limit":""}"#;
        let key = strict.key(body);
        let named = format!(r#"{{"key":"{key}","key_alias":"a","user_id":"u","duration":"30d","max_budget":5}}"#);
        assert_eq!(strict.post(MASTER, "/key/update", &named).0, 200);
        let blank = format!(r#"{{"key":"{key}","team_id":"","user_id":"","duration":"","budget_duration":"","key_alias":""}}"#);
        let (status, changed) = strict.post(MASTER, "/key/update", &blank);
        assert_eq!((status, changed.get("key_alias")), (200, Some(&Json::Null)));
        assert_eq!((text(&changed, "user_id").as_str(), changed.get("max_budget")), ("u", Some(&Json::Float(5.0))));
        assert_ne!(changed.get("expires"), Some(&Json::Null));
        let form = r#"{"duration":"","grace_period":"","team_id":""}"#;
        let (status, renewed) = strict.post(MASTER, &format!("/key/{key}/regenerate"), form);
        assert_eq!(status, 200, "{renewed:?}");
        assert_ne!(renewed.get("expires"), Some(&Json::Null));
        let endless = format!(r#"{{"key":"{}","duration":"-1","max_budget":""}}"#, text(&renewed, "key"));
        let (_, changed) = strict.post(MASTER, "/key/update", &endless);
        assert_eq!((changed.get("expires"), changed.get("max_budget")), (Some(&Json::Null), Some(&Json::Null)));
    }

    keys_are_named_by_alias under "{}": |litellm, strict| {
        let update = r#"{"key_alias":"a","max_budget":3}"#;
        for (world, status) in [(litellm, 422), (&mut *strict, 200)] {
            world.key(r#"{"key_alias":"a"}"#);
            assert_eq!(world.post(MASTER, "/key/update", update).0, status);
        }
        let user = strict.user("u", "internal_user");
        let (status, reply) = strict.post(&user, "/key/update", update);
        assert_eq!((status, message(&reply).as_str()), (404, "Key not found. No key with key_alias='a'."));
        let (_, unknown) = strict.post(&user, "/key/update", r#"{"key_alias":"b"}"#);
        assert_eq!(message(&unknown), "Key not found. No key with key_alias='b'.");
        strict.key(r#"{"user_id":"u","key_alias":"own"}"#);
        assert_eq!(strict.post(&user, "/key/update", r#"{"key_alias":"own","metadata":{}}"#).0, 200);
        assert_eq!(strict.post(MASTER, "/key/update", r#"{"max_budget":3}"#).0, 422);
        let twin = strict.key("{}");
        strict.set("LiteLLM_VerificationToken", &latchkey_contract::mint::token(&twin), "key_alias", r#""a""#);
        let (status, reply) = strict.post(MASTER, "/key/update", update);
        assert_eq!((status, message(&reply).as_str()), (400, "Multiple keys share key_alias='a', so it cannot be used as an identifier."));
    }

    dry_runs_change_nothing under "{}": |litellm, strict| {
        let queries = ["dry_run=true", "dry_run=yes", "dry_run=ON", "dry_run=T", "dry_run=1"];
        let misread = ["dry_run=true%20", "dry_run=", "dry_run", "dry_run=maybe"];
        let misspelt = ["dryrun=true", "dry-run=1", "DRY_RUN=true", "dryRun=true", "dry_run%5B%5D=true"];
        let made = |world: &mut World, query: &str| {
            let (status, reply) = world.post(MASTER, &format!("/key/generate?{query}"), "{}");
            (status, reply.get("key").is_some())
        };
        for query in queries.iter().chain(&misread).chain(&misspelt) {
            assert_eq!(made(litellm, query), (200, true), "{query}");
        }
        for (queries, status) in [(&queries[..], 200), (&misread[..], 422), (&misspelt[..], 400)] {
            for query in queries {
                assert_eq!(made(strict, query), (status, false), "{query}");
            }
        }
        assert_eq!(made(strict, "dry_run=off"), (200, true));
        assert_eq!(strict.get(MASTER, "/key/list?return_full_object=perhaps").0, 422);
    }

    misfits_repeat_no_credential under "{}": |litellm, strict| {
        let secrets = ["hunter2-hunter2", "sk-0123456789abcdef", "my-own-credential"];
        for (path, body) in [
            ("/user/update", r#"{"user_id":"u","password":["hunter2-hunter2"]}"#),
            ("/user/update", r#"{"password":"hunter2-hunter2"}"#),
            ("/key/generate", r#"{"key":["sk-0123456789abcdef"]}"#),
            ("/key/generate", r#"{"metadata":"sk-0123456789abcdef"}"#),
            ("/key/block", r#"{"keys":["my-own-credential"]}"#),
            ("/key/delete", r#"{"keys":{"a":"my-own-credential"}}"#),
        ] {
            for (world, is_repeated) in [(&mut *litellm, true), (&mut *strict, false)] {
                let (status, reply) = world.post(MASTER, path, body);
                let reply = write(&reply);
                let repeated = secrets.iter().any(|secret| reply.contains(secret));
                assert_eq!(repeated, is_repeated, "{status} {path} {body} {reply}");
                assert_ne!(status, 200, "{path} {body}");
            }
        }
        for field in ["duration", "budget_duration", "team_id", "budget_id"] {
            for key in ["sk-0123456789abcdef", "sk-0123456789!$abcdef"] {
                let body = format!(r#"{{"{field}":"{key}"}}"#);
                let (status, reply) = strict.post(MASTER, "/key/generate", &body);
                assert_ne!(status, 200, "{field}");
                assert!(!write(&reply).contains("0123456789"), "{field}: {reply:?}");
                let verdict = strict.post(MASTER, "/key/generate?dry_run=true", &body).1;
                let violations = write(verdict.get("violations").expect("a verdict"));
                assert!(violations.len() > 2 && !violations.contains("0123456789"), "{field}: {violations}");
            }
        }
        let mut request = Request::post("/user/update", MASTER, "password=hunter2-hunter2");
        request.headers.retain(|(name, _)| name == "Authorization");
        request.headers.push(("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        let (status, reply) = strict.send(&request);
        assert_eq!((status, write(&reply).contains("hunter2")), (422, false));
    }

    refusals_fit under "{}": |litellm, strict| {
        let kind = |reply: &Json| text(reply.get("error").unwrap_or(&Json::Null), "type");
        let refused = |world: &mut World, is_strict: bool| {
            let key = world.key("{}");
            world.user("u", "internal_user");
            for (path, field, body) in [
                ("/key/generate", "duration", r#"{"duration":"soon"}"#.to_owned()),
                ("/key/update", "duration", format!(r#"{{"key":"{key}","duration":"soon"}}"#)),
                ("/key/update", "budget_duration", format!(r#"{{"key":"{key}","budget_duration":"soon"}}"#)),
                ("/user/update", "budget_duration", r#"{"user_id":"u","budget_duration":"soon"}"#.to_owned()),
                ("/user/update", "key_alias", r#"{"user_id":"u","key_alias":"a"}"#.to_owned()),
            ] {
                let (status, reply) = world.post(MASTER, path, &body);
                assert_eq!(status, 400, "{path} {reply:?}");
                let fits = kind(&reply) == "bad_request_error" && param(&reply) == field;
                assert_eq!(fits, is_strict, "{path} {body} {reply:?}");
            }
        };
        refused(litellm, false);
        refused(strict, true);
        let bounds = r#"{"upperbound_key_generate_params":{"max_budget":100}}"#;
        let mut bounded = World::new("strict", bounds);
        let (_, reply) = bounded.post(MASTER, "/key/generate", r#"{"max_budget":101}"#);
        assert_eq!((kind(&reply).as_str(), param(&reply).as_str()), ("bad_request_error", "max_budget"));
    }

    limits_of_other_requests_are_refused under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            let member = r#"{"team_id":"t","member":{"role":"user","user_id":"ann"},"max_budget":5}"#;
            for (path, body) in [
                ("/key/generate", r#"{"expires":"2099-01-01T00:00:00Z"}"#),
                ("/key/generate", r#"{"budget_limit":[{"max_budget":1,"budget_duration":"1d"}]}"#),
                ("/key/generate", r#"{"temp_budget_increase":5}"#),
                ("/team/new", r#"{"max_parallel_requests":3}"#),
                ("/user/new", r#"{"object_permission_id":"o"}"#),
                ("/team/member_add", member),
            ] {
                assert_eq!(world.post(MASTER, path, body).0, expected, "{path} {body}");
            }
            let nothing = r#"{"expires":null,"budget_limit":[],"model_max_budget":{},"token":"x"}"#;
            assert_eq!(world.generate(nothing), 200);
        }
    }

    new_names_have_no_white_space_around under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            for (path, body) in [
                ("/user/new", r#"{"user_id":"ann "}"#),
                ("/user/new", r#"{"user_id":" "}"#),
                ("/user/new", "{\"user_id\":\"ann\u{200b}\"}"),
                ("/user/new", r#"{"user_id":"bob","user_email":" bob@x.y"}"#),
                ("/user/new", r#"{"user_id":"eve","user_email":"eve\t@x.y"}"#),
                ("/team/new", r#"{"team_id":"t\n"}"#),
                ("/key/generate", r#"{"key_alias":" a"}"#),
                ("/team/member_add", r#"{"team_id":"t","member":{"role":"user","user_email":"ann@x.y "}}"#),
            ] {
                assert_eq!(world.post(MASTER, path, body).0, expected, "{path} {body}");
            }
            assert_eq!(world.generate(r#"{"key_alias":"a b","user_id":"ann"}"#), 200);
        }
    }

    a_rotation_names_one_key under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 400)] {
            let (one, other) = (world.key("{}"), world.key("{}"));
            let body = format!(r#"{{"key":"{other}"}}"#);
            assert_eq!(world.post(MASTER, &format!("/key/{one}/regenerate"), &body).0, expected);
            let body = format!(r#"{{"key":"{other}"}}"#);
            assert_eq!(world.post(MASTER, &format!("/key/{other}/regenerate"), &body).0, 200);
        }
    }

    requests_without_a_user_mean_the_caller under "{}": |litellm, strict| {
        for (world, own) in [(litellm, false), (strict, true)] {
            let ann = world.user("ann", "internal_user");
            for target in ["/user/info", "/user/info?user_id="] {
                let (status, reply) = world.get(&ann, target);
                assert_eq!((status == 200 && text(&reply, "user_id") == "ann"), own, "{target}: {reply:?}");
            }
            let (_, reply) = world.get(MASTER, "/user/info?user_id=");
            assert_eq!(reply.get("user_id") == Some(&Json::Null), own, "{reply:?}");
        }
    }
}
