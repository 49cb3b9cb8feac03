//! `GET /policy` gives a caller settings that lead to the server's own verdicts.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read, write};
use latchkey_core::Policy;
use latchkey_tests::corpus::{self, Content};
use latchkey_tests::implementation::{Implementation, Native, Request, Session};
use latchkey_tests::scenario::dumps;
use latchkey_tests::vectors;
use std::collections::BTreeMap;

const MASTER: &str = "sk-master-key-of-the-tests";

/// Vectors of one set of settings that are put to both policies.
const SAMPLE: usize = 8;

fn send(session: &mut dyn Session, request: &Request) -> (u16, Json) {
    let response = session.send(request).expect("the rules answer");
    (response.status, read(&response.body, &Limits::STORED).expect("JSON"))
}

fn made(session: &mut dyn Session, path: &str, body: &str) -> String {
    let (status, reply) = send(session, &Request::post(path, MASTER, body));
    assert_eq!(status, 200, "{reply:?}");
    reply.get("key").and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn settings(litellm_settings: Json, profile: &str) -> Json {
    dict! {
        "general_settings" => dict! { "master_key" => MASTER },
        "litellm_settings" => litellm_settings,
        "latchkey" => dict! { "profile" => profile },
    }
}

#[test]
fn the_settings_shown_lead_to_the_same_verdicts() {
    let files = corpus::load(&corpus::own_folder()).expect("the corpus");
    let vectors = files.iter().flat_map(|file| match &file.content {
        Content::Vectors(vectors) => vectors.as_slice(),
        Content::Scenarios(_) | Content::Today(_) => &[],
    });
    let mut groups: BTreeMap<String, Vec<&Json>> = BTreeMap::new();
    for vector in vectors {
        let mut settings = vectors::settings(vector);
        let mut own = settings.get("latchkey").cloned().unwrap_or_else(Json::empty_dict);
        own.set("profile", "strict".into());
        settings.set("latchkey", own);
        let group = groups.entry(write(&settings)).or_default();
        if group.len() < SAMPLE {
            group.push(vector);
        }
    }
    let (mut compared, mut refused) = (0, 0);
    for (settings, vectors) in groups {
        let settings = read(settings.as_bytes(), &Limits::STORED).expect("JSON");
        // no server starts with settings that strict refuses
        let Ok(mut full) = Native.open(&settings) else { continue };
        let master = settings.get("general_settings").and_then(|general| general.get("master_key"));
        let master = master.and_then(Json::as_str).unwrap_or_default();
        let (status, policy) = send(full.as_mut(), &Request::get("/policy", master));
        assert_eq!(status, 200, "{policy:?}");
        let shown = policy.get("settings").expect("settings");
        // what a page and a server make of the settings
        let (alone, _) = Policy::configure_alone(dumps(shown).as_bytes());
        let alone = alone.expect("usable settings");
        let mut shown = Native.open(shown).expect("usable settings");
        for vector in vectors {
            let question = vectors::question(vector).expect("a question");
            let (expected, found) = (full.check(&question).unwrap(), shown.check(&question).unwrap());
            assert_eq!(write(&found), write(&expected), "{question:?} under {settings:?}");
            let found = alone.check(dumps(&question).as_bytes());
            assert_eq!(write(&found), write(&expected), "{question:?} in a page under {settings:?}");
            compared += 1;
            refused += usize::from(expected.get("allowed") == Some(&Json::Bool(false)));
        }
    }
    assert!(compared > 200 && refused > 50, "{compared} compared, {refused} refused");
}

#[test]
fn whoever_is_signed_in_sees_the_policy_and_no_master_key() {
    let bounds = dict! { "upperbound_key_generate_params" => dict! { "max_budget" => 100 } };
    let mut session = Native.open(&settings(bounds, "strict")).expect("usable settings");
    let session = session.as_mut();
    for role in ["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"] {
        let key = made(session, "/user/new", &format!(r#"{{"user_id":"{role}","user_role":"{role}"}}"#));
        let (status, policy) = send(session, &Request::get("/policy", &key));
        assert_eq!((status, policy.get("profile")), (200, Some(&"strict".into())), "{role} {policy:?}");
        let (_, readiness) = send(session, &Request::get("/health/readiness", &key));
        assert_eq!(policy.get("rules_digest"), readiness.get("rules_digest"));
        let bounds = policy
            .get("settings")
            .and_then(|settings| settings.get("litellm_settings")?.get("upperbound_key_generate_params"));
        assert_eq!(bounds.and_then(|bounds| bounds.get("max_budget")), Some(&Json::Float(100.0)));
        assert!(!write(&policy).contains(&latchkey_contract::mint::token(MASTER)));
        let who = |name: &str| policy.get("caller").and_then(|caller| caller.get(name));
        assert_eq!((who("user_role"), who("user_id")), (Some(&role.into()), Some(&role.into())));
    }
    let of_nobody = made(session, "/key/generate", r#"{"user_id":null}"#);
    assert_eq!(send(session, &Request::get("/policy", &of_nobody)).0, 403);
    assert_eq!(send(session, &Request::get("/policy", "sk-unknown-key-of-the-tests")).0, 401);
    assert_eq!(send(session, &Request::get("/policy", MASTER)).0, 200);
}

#[test]
fn litellm_has_no_policy_to_show() {
    let mut session = Native.open(&settings(Json::empty_dict(), "litellm-1.60")).expect("usable settings");
    assert_eq!(send(session.as_mut(), &Request::get("/policy", MASTER)).0, 404);
}
