//! The operator's own rule, over the real binary: what it decides, what becomes of it when it fails, what it is told.

mod examples;
mod scene;
mod words;

use latchkey_contract::dict;
use latchkey_contract::json::Json;
use scene::{MASTER, Scene, at, json, refused_start};
use std::time::{Duration, Instant};

const KEY: &str = "sk-custom-key-of-the-tests-wxyz";

#[test]
fn a_refusal_answers_with_the_operators_words_and_stores_nothing() {
    let mut scene = Scene::strict(&words::module());
    let (status, reply) = scene.post("/key/generate", r#"{"key_alias":"fine"}"#);
    assert_eq!((status, at(&reply, "key_alias")), (200, Json::from("fine")), "{reply:?}");
    let (status, reply) =
        scene.post("/key/generate", &format!(r#"{{"key":"{KEY}","key_alias":"please-deny"}}"#));
    let expected = r#"{"error":{"message":"Denied, alas.","type":"auth_error","param":null,"code":"403"}}"#;
    assert_eq!((status, reply), (403, json(expected)));
    assert_eq!(scene.get(&format!("/key/info?key={KEY}")).0, 404);
}

#[test]
fn updates_and_regenerations_are_judged_too() {
    let mut scene = Scene::strict(&words::module());
    let key = scene.key(r#"{"key_alias":"fine"}"#);
    let update = |alias: &str| format!(r#"{{"key":"{key}","key_alias":"{alias}"}}"#);
    assert_eq!(scene.post("/key/update", &update("please-deny")).0, 403);
    assert_eq!(scene.post("/key/update", &update("better")).0, 200);
    let path = format!("/key/{key}/regenerate");
    assert_eq!(scene.post(&path, r#"{"key_alias":"please-deny"}"#).0, 403);
    let (_, info) = scene.get(&format!("/key/info?key={key}"));
    assert_eq!(info.get("info").map(|info| at(info, "key_alias")), Some("better".into()));
    assert_eq!(scene.post(&path, "{}").0, 200);
    assert_eq!(scene.get(&format!("/key/info?key={key}")).0, 404);
}

#[test]
fn a_rule_that_fails_refuses_and_the_server_goes_on() {
    let mut scene = Scene::strict(&words::module());
    for (word, said) in [
        ("loop", "the custom rule ran longer than its deadline and decided nothing"),
        ("trap", "the custom rule failed and decided nothing"),
        ("grow", "the custom rule failed and decided nothing"),
        ("none", "the custom rule decided nothing"),
        (
            "junk",
            "the custom rule decided nothing: its answer must be json, `decision` true or false and `message` text",
        ),
        (
            "away",
            "the custom rule decided nothing: its answer must be json, `decision` true or false and `message` text",
        ),
    ] {
        let began = Instant::now();
        let (status, reply) = scene.post("/key/generate", &format!(r#"{{"key_alias":"please-{word}"}}"#));
        let message = reply.get("error").map(|error| at(error, "message"));
        assert_eq!((status, message), (403, Some(said.into())), "{word}");
        assert!(began.elapsed() < Duration::from_secs(3), "{word} took {:?}", began.elapsed());
        assert_eq!(scene.post("/key/generate", "{}").0, 200, "after {word}");
    }
    assert!(scene.server.is_alive());
}

#[test]
fn the_rule_sees_no_secret() {
    let mut scene = Scene::strict(&words::module());
    let request = format!(
        r#"{{"key":"{KEY}","key_alias":"please-echo","duration":"30d","metadata":{{"note":"was {KEY}","logging":[
           {{"callback_name":"langfuse","callback_type":"success","callback_vars":{{"langfuse_secret_key":"hush-hush"}}}}]}}}}"#
    );
    let (status, reply) = scene.post("/key/generate", &request);
    let seen = echoed(&reply);
    assert_eq!(status, 403);
    assert!(seen.starts_with("{'operation':'key_generate','caller':{'user_role':'proxy_admin',"), "{seen}");
    for part in [
        "'key':'sk-...wxyz'",
        "'note':'was sk-...wxyz'",
        "'existing_key':null",
        "'duration':'30d'",
        "'token':'",
    ] {
        assert!(seen.contains(part), "no {part} in {seen}");
    }
    let key = scene.key(&format!(r#"{{"key":"{KEY}"}}"#));
    let update = scene.post("/key/update", &format!(r#"{{"key":"{key}","key_alias":"please-echo"}}"#)).1;
    let rotation = scene.post(&format!("/key/{key}/regenerate"), r#"{"key_alias":"please-echo"}"#).1;
    for (seen, operation) in [(echoed(&update), "key_update"), (echoed(&rotation), "key_regenerate")] {
        assert!(seen.starts_with(&format!("{{'operation':'{operation}'")), "{seen}");
        assert!(
            seen.contains("'existing_key':{'token':'") && seen.contains("'effective_key':{'token':'"),
            "{seen}"
        );
    }
    for seen in [seen, echoed(&update), echoed(&rotation)] {
        for secret in [KEY, MASTER, "hush-hush", "custom-key-of-the-tests"] {
            assert!(!seen.contains(secret), "{secret} in {seen}");
        }
        assert!(!seen.contains(&latchkey_contract::mint::token(MASTER)), "{seen}");
    }
}

fn echoed(reply: &Json) -> String {
    let message = reply.get("error").map(|error| at(error, "message"));
    message.as_ref().and_then(Json::as_str).unwrap_or_default().to_owned()
}

#[test]
fn a_dry_run_asks_the_rule() {
    let mut scene = Scene::strict(&words::module());
    let (status, verdict) = scene.post("/key/generate?dry_run=true", r#"{"key_alias":"please-deny"}"#);
    assert_eq!((status, at(&verdict, "allowed")), (200, false.into()), "{verdict:?}");
    let first = verdict.get("violations").and_then(Json::as_list).and_then(<[Json]>::first).cloned().unwrap();
    assert_eq!((at(&first, "rule"), at(&first, "message")), ("custom_rule".into(), "Denied, alas.".into()));
    let (_, verdict) = scene.post("/key/generate?dry_run=true", r#"{"key_alias":"fine"}"#);
    assert_eq!(at(&verdict, "allowed"), true.into(), "{verdict:?}");
    let key = scene.key("{}");
    let update = format!(r#"{{"key":"{key}","key_alias":"please-deny"}}"#);
    let (_, verdict) = scene.post("/key/update?dry_run=true", &update);
    assert_eq!(at(&verdict, "allowed"), false.into(), "{verdict:?}");
}

#[test]
fn release_1_60_asks_first_and_about_new_keys_only() {
    let mut scene = Scene::new("litellm-1.60", &words::module());
    let (status, reply) = scene.post("/key/generate", r#"{"key_alias":"please-deny","duration":"nonsense"}"#);
    assert_eq!(
        (status, reply.get("error").map(|error| at(error, "message"))),
        (403, Some("Denied, alas.".into()))
    );
    let key = scene.key("{}");
    assert_eq!(scene.post("/key/update", &format!(r#"{{"key":"{key}","key_alias":"please-deny"}}"#)).0, 200);
}

#[test]
fn a_module_that_breaks_the_contract_is_refused_at_the_start() {
    let wat = |text: &str| wat::parse_str(text).expect("the test's module");
    let alone =
        r#"(memory (export "memory") 1) (func (export "alloc") (param i32) (result i32) i32.const 0)"#;
    let loops = format!(
        r#"(module {alone} (func (export "decide") (param i32 i32) (result i64) (loop br 0) unreachable))"#
    );
    for (wasm, said) in [
        (
            wat(
                r#"(module (import "wasi_snapshot_preview1" "fd_write" (func)) (import "env" "abort" (func)))"#,
            ),
            "a rule must have no imports, and it imports `wasi_snapshot_preview1.fd_write`, `env.abort`",
        ),
        (wat(&format!("(module {alone})")), "`decide`"),
        (wat(&loops), "on a question to try it with, it ran longer than"),
        (wat("(module (memory 2000))"), "memory"),
        (b"no module".to_vec(), "cannot be used"),
    ] {
        let sentence = refused_start("rule.wasm", Some(&wasm));
        assert!(sentence.contains("the custom rule `") && sentence.contains(said), "{sentence}");
        assert_eq!(sentence.matches("latchkey: ").count(), 1, "{sentence}");
    }
    assert!(refused_start("absent.wasm", None).contains("absent.wasm` cannot be used"));
    let sentence = refused_start("custom_auth.my_function", None);
    assert!(
        sentence.contains("general_settings.custom_key_generate") && sentence.contains("Python"),
        "{sentence}"
    );
}

#[test]
fn a_verdict_without_a_server_does_not_know_the_rule() {
    use latchkey_tests::implementation::{Implementation, Native};
    let settings = dict! {
        "general_settings" => dict! { "master_key" => MASTER, "custom_key_generate" => "rule.wasm" },
    };
    let input = dict! { "operation" => "key_generate", "request" => Json::empty_dict(), "caller" => dict! { "user_role" => "proxy_admin" } };
    let verdict = Native.open(&settings).unwrap().check(&input).unwrap();
    let last = verdict.get("trace").and_then(Json::as_list).and_then(<[Json]>::last).cloned();
    assert_eq!(last, Some(dict! { "rule" => "custom_rule", "outcome" => "unknown" }));
}
