//! Keys that get another secret by themselves: asked of the rules as a shell asks, since no request can.

use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::mint;
use latchkey_contract::tables::{Millis, Row, VirtualKey};
use latchkey_contract::wire::{Call, Fact, Probe, Probed, Query, Rows, StepHead, Task, Write};
use latchkey_core::Policy;
use latchkey_tests::world::{World, json, text};

const NOW: i64 = 1_800_000_000_000;

fn policy(profile: &str, rotation: &str) -> Policy {
    let settings = format!(
        r#"{{"general_settings":{{"master_key":"sk-0123456789abcdef"}},"litellm_settings":{{"store_audit_logs":true}},
            "latchkey":{{"profile":"{profile}","key_rotation":{rotation}}}}}"#
    );
    Policy::configure(settings.as_bytes()).0.expect("settings")
}

fn due() -> VirtualKey {
    VirtualKey {
        token: mint::token("sk-due-0123456789abcdef"),
        key_alias: Some("due".to_owned()),
        auto_rotate: Some(true),
        rotation_interval: Some("1d".to_owned()),
        key_rotation_at: Some(Millis(NOW - 1)),
        ..VirtualKey::default()
    }
}

/// What the rules decide about the task over a store with this key alone; `answer` is what the address answers.
fn decided(policy: &Policy, task: Task, key: &VirtualKey, answer: &Probed) -> (StepHead, Json, Vec<Probe>) {
    let (mut call, mut sent) =
        (Call { now: NOW, entropy: "07".repeat(64), task: Some(task), ..Call::default() }, Vec::new());
    loop {
        let step = policy.decide(&call, b"");
        let StepHead::Read { queries, .. } = step.head else {
            return (step.head, json(&String::from_utf8(step.body).expect("text")), sent);
        };
        for query in queries {
            let row: &dyn Row = key;
            let row = row.as_read().as_str().to_owned();
            let text = |text: String| [JsonText::parse(text).expect("JSON")].into_iter().collect();
            let rows = match &query {
                Query::Caller { token } if *token == key.token => text(format!(r#"{{"key":{row}}}"#)),
                Query::Keys { filter, .. } => {
                    assert_eq!((filter.rotation_due, filter.blocked), (Some(NOW), Some(false)));
                    text(row)
                }
                Query::Probe(probe) => {
                    sent.push(probe.clone());
                    Rows::of_message(answer)
                }
                _ => Rows::default(),
            };
            call.facts.0.push(Fact { query, rows, total: Some(1) });
        }
    }
}

const SETTINGS: &str = r#"{"enabled":true,"deliver_to":"https://secrets.example.com/x","deliver_key":"abc","grace_period":"1h"}"#;

deviations! {
    rotated_secrets_are_delivered under "{}": |litellm, strict| {
        let (key, ok) = (due(), Probed::Answered { status: 204, body: String::new() });
        let rotate = || Task::RotateKey { token: key.token.clone() };
        let refused = Probed::Answered { status: 500, body: String::new() };
        // no request can ask for it
        for world in [litellm, &mut *strict] {
            assert_eq!(world.post("sk-master-key-of-the-tests", "/rotate_key", "{}").0, 404);
        }
        for (profile, settings) in [
            ("litellm-1.60", SETTINGS),
            ("strict", "{}"),
            ("strict", r#"{"enabled":true}"#),
            ("strict", r#"{"enabled":false,"deliver_to":"https://secrets.example.com/x"}"#),
        ] {
            let policy = policy(profile, settings);
            let (_, named, _) = decided(&policy, Task::DueKeys { skip: 0, since: NOW }, &key, &ok);
            assert_eq!(named.get("tokens"), Some(&Json::List(vec![])), "{profile} {settings}");
            let (head, reply, sent) = decided(&policy, rotate(), &key, &ok);
            assert!(matches!(head, StepHead::Reply { .. }) && sent.is_empty(), "{head:?}");
            assert_eq!(reply.get("rotated"), Some(&Json::Bool(false)), "{profile} {settings}");
        }
        let policy = policy("strict", SETTINGS);
        let (_, named, _) = decided(&policy, Task::DueKeys { skip: 0, since: NOW }, &key, &ok);
        assert_eq!(named.get("tokens"), Some(&Json::List(vec![Json::from(key.token.clone())])));
        // who is not told keeps the old secret, and so does a key that is not due
        for (key, answer) in [
            (key.clone(), &refused),
            (VirtualKey { key_rotation_at: Some(Millis(NOW + 1)), ..key.clone() }, &ok),
            (VirtualKey { auto_rotate: Some(false), ..key.clone() }, &ok),
            (VirtualKey { blocked: Some(true), ..key.clone() }, &ok),
            (VirtualKey { rotation_interval: Some("soon".to_owned()), ..key.clone() }, &ok),
        ] {
            let (head, reply, _) = decided(&policy, rotate(), &key, answer);
            assert!(matches!(head, StepHead::Reply { status: 200, .. }), "{head:?}");
            assert_eq!(reply.get("rotated"), Some(&Json::Bool(false)));
        }
        let (head, reply, sent) = decided(&policy, rotate(), &key, &ok);
        assert_eq!(reply.get("rotated"), Some(&Json::Bool(true)));
        let [probe] = sent.as_slice() else { panic!("{} deliveries", sent.len()) };
        assert_eq!(probe.url, "https://secrets.example.com/x");
        assert!(probe.headers.contains(&("authorization".to_owned(), "Bearer abc".to_owned())));
        let delivered = json(&probe.body);
        let secret = text(&delivered, "key");
        assert_eq!(text(&delivered, "former_token_id"), key.token);
        let StepHead::Write { writes, guards, .. } = head else { panic!("{head:?}") };
        assert!(!guards.is_empty());
        let update = writes.iter().find_map(|write| match write {
            Write::Update { table, key, set } if table == "LiteLLM_VerificationToken" => Some((key.concat(), set)),
            _ => None,
        });
        let (token, set) = update.expect("the key changes");
        assert_eq!(token, key.token);
        let cell = |name: &str| set.get(name).map(JsonText::value);
        assert_eq!(cell("token"), Some(Json::from(mint::token(&secret))));
        assert_eq!(cell("rotation_count"), Some(Json::Int(1)));
        assert_eq!(cell("last_rotation_at"), Some(Json::Int(NOW)));
        assert_eq!(cell("key_rotation_at"), Some(Json::Int(NOW + 86_400_000)));
        let inserted = |table: &str, column: &str| {
            writes.iter().find_map(|write| match write {
                Write::Insert { table: into, row, .. } if into == table => row.get(column).map(JsonText::value),
                _ => None,
            })
        };
        assert_eq!(inserted("latchkey_grace", "works_until"), Some(Json::Int(NOW + 3_600_000)));
        assert_eq!(inserted("LiteLLM_AuditLog", "action"), Some(Json::from("regenerated")));
        assert_eq!(inserted("LiteLLM_AuditLog", "changed_by"), Some(Json::from("litellm_internal_jobs")));
        assert!(!format!("{writes:?}").contains(&secret), "a secret is stored");
    }
}
