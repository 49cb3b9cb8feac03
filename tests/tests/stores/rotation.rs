//! Keys that get another secret by themselves: one host of many rotates them.

use crate::scene::{Scene, database, key};
use latchkey::engine::{Limits, POLICY_WASM, Policy};
use latchkey::flow::Service;
use latchkey::rotation::look;
use latchkey_contract::json::Json;
use latchkey_contract::mint;
use latchkey_contract::tables::{FormerToken, Millis, Table, VirtualKey};
use latchkey_contract::wire::{KeyFilter, Query, insert};
use latchkey_tests::world::{json, text};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

/// An address that is told secrets, answers with these statuses in turn, and the bodies that it was told.
fn receiver(statuses: &'static [u16]) -> (String, Receiver<Json>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/secrets", listener.local_addr().unwrap());
    let (told, bodies) = channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
            while !read.ends_with(b"}") {
                let bytes = stream.read(&mut buffer).unwrap();
                read.extend_from_slice(&buffer[..bytes]);
            }
            let head = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let read = String::from_utf8(read).unwrap();
            told.send(json(&read[read.find("\r\n\r\n").unwrap()..])).ok();
        }
    });
    (address, bodies)
}

fn service(scene: &Scene, address: &str) -> Service {
    let lacking: Vec<String> = scene.store.lacking().names().iter().map(|name| format!("{name:?}")).collect();
    let settings = format!(
        r#"{{"general_settings":{{"master_key":"sk-0123456789abcdef"}},"latchkey":{{"store_lacks":[{}],"key_rotation":
            {{"enabled":true,"deliver_to":"{address}","grace_period":"1h"}}}}}}"#,
        lacking.join(",")
    );
    let limits = Limits { instances: 1, ..Limits::default() };
    let policy = Policy::load(POLICY_WASM, settings.into_bytes(), limits).unwrap();
    assert!(policy.report().rotation.is_some(), "{:?}", policy.report());
    Service::new(policy, Arc::clone(&scene.store))
}

fn due(token: &str) -> VirtualKey {
    VirtualKey {
        auto_rotate: Some(true),
        rotation_interval: Some("1d".to_owned()),
        key_rotation_at: Some(Millis(1_000)),
        ..key(token)
    }
}

const LEASE: &str = "key_rotation";

async fn story(scene: &Scene) {
    let late = VirtualKey { key_rotation_at: Some(Millis(2_000)), ..due("late") };
    let later = VirtualKey { key_rotation_at: Some(Millis(4_000_000_000_000)), ..due("later") };
    let blocked = VirtualKey { blocked: Some(true), ..due("blocked") };
    let rows = [due("first"), late, later, blocked, key("other")];
    let (address, told) = receiver(&[500, 200, 204]);
    let service = service(scene, &address);
    let rotation = service.policy().report().rotation.clone().unwrap();
    // a module that was just compiled may not be ready in time on a busy machine
    for _ in 0..3 {
        assert_eq!(look(&service, "me", &rotation).await.unwrap(), 0, "no key is due");
    }
    scene.commit(rows.iter().map(|row| insert(row)).collect(), vec![]).await;
    let filter = || KeyFilter { rotation_due: Some(2_000), blocked: Some(false), ..KeyFilter::default() };
    assert_eq!(
        scene.tokens(filter(), "key_rotation_at", false).await,
        (vec!["first".to_owned(), "late".to_owned()], 2)
    );

    // the first is not taken at first
    assert!(scene.store.lease(LEASE, "other", 600_000).await.unwrap());
    assert_eq!(look(&service, "me", &rotation).await.unwrap(), 0, "another host rotates");
    assert!(told.try_recv().is_err());
    assert!(scene.store.lease(LEASE, "other", 0).await.unwrap());
    assert_eq!(look(&service, "me", &rotation).await.unwrap(), 1);
    let [refused, taken] = [told.recv().unwrap(), told.recv().unwrap()];
    assert_eq!(
        (text(&refused, "former_token_id"), text(&taken, "former_token_id")),
        ("first".to_owned(), "late".to_owned())
    );
    assert_eq!(scene.key("first").await.key_rotation_at, Some(Millis(1_000)));
    let token = mint::token(&text(&taken, "key"));
    assert_eq!(token, text(&taken, "token_id"));
    let row = scene.key(&token).await;
    assert_eq!(row.rotation_count, Some(1));
    if scene.store.lacking().has_column::<VirtualKey>("updated_by") {
        assert_eq!(row.updated_by.as_deref(), Some("litellm_internal_jobs"));
    }
    assert!(row.key_rotation_at > row.last_rotation_at && row.last_rotation_at > Some(Millis(1_000)));
    let former = scene.rows::<FormerToken>(Query::one::<FormerToken>("token", "late")).await.remove(0);
    assert_eq!(former.current, token);
    assert!(former.works_until.is_some());
    // the next look takes the one that was left, and is the only one again
    assert_eq!(look(&service, "me", &rotation).await.unwrap(), 1);
    assert_eq!(text(&told.recv().unwrap(), "former_token_id"), "first");
    assert_eq!(look(&service, "you", &rotation).await.unwrap(), 0);
    let left: Vec<VirtualKey> = scene.rows(Query::All { table: VirtualKey::NAME.into() }).await;
    assert_eq!(left.len(), 5);

    // one of many gets it, and whoever has it keeps it
    let mut takers = tokio::task::JoinSet::new();
    for number in 0..16 {
        let store = Arc::clone(&scene.store);
        takers.spawn(async move { store.lease("race", &format!("host-{number}"), 600_000).await.unwrap() });
    }
    assert_eq!(takers.join_all().await.into_iter().filter(|taken| *taken).count(), 1);
    assert!(scene.store.lease("own", "a", 600_000).await.unwrap());
    assert!(scene.store.lease("own", "a", 600_000).await.unwrap());
    assert!(!scene.store.lease("own", "b", 600_000).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_due_are_rotated_by_one_host_on_sqlite() {
    story(&Scene::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_due_are_rotated_by_one_host_on_postgresql() {
    let Some((cluster, name)) = database() else { return };
    drop(Scene::on(cluster, &name).await);
    let columns = r#"ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "auto_rotate" BOOLEAN DEFAULT false,
        ADD COLUMN "rotation_interval" TEXT, ADD COLUMN "key_rotation_at" TIMESTAMP(3),
        ADD COLUMN "last_rotation_at" TIMESTAMP(3), ADD COLUMN "rotation_count" INTEGER DEFAULT 0"#;
    cluster.sql(&name, columns).unwrap();
    story(&Scene::on(cluster, &name).await).await;
}

/// A look over two keys whose interval is over before the look is: each gets one new secret.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_rotates_a_key_once_however_short_its_interval_is() {
    let scene = Scene::sqlite().await;
    let (address, _told) = receiver(&[200, 200, 200, 200]);
    let service = service(&scene, &address);
    let rotation = service.policy().report().rotation.clone().unwrap();
    look(&service, "me", &rotation).await.unwrap();
    let short = |token| VirtualKey { rotation_interval: Some("1s".to_owned()), ..due(token) };
    scene.commit(vec![insert(&short("one")), insert(&short("two"))], vec![]).await;
    assert_eq!(look(&service, "me", &rotation).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_ends_where_the_address_takes_nothing() {
    let scene = Scene::sqlite().await;
    let (address, told) = receiver(&[500; 20]);
    let service = service(&scene, &address);
    let rotation = service.policy().report().rotation.clone().unwrap();
    look(&service, "me", &rotation).await.unwrap();
    let keys: Vec<VirtualKey> = (0..10).map(|number| due(&format!("key-{number}"))).collect();
    scene.commit(keys.iter().map(|key| insert(key)).collect(), vec![]).await;
    assert_eq!(look(&service, "me", &rotation).await.unwrap(), 0);
    assert_eq!(told.try_iter().count() as u64, rotation.most_failures);
}
