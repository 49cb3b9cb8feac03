//! Requests that race each other.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Server};
use latchkey_tests::scenario::MASTER_KEY;
use std::collections::BTreeMap;

#[test]
fn of_200_parallel_creates_with_one_alias_exactly_one_wins() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}};
    let server = Server::start(folder.path(), &settings).expect("the server starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut by_status: BTreeMap<u16, usize> = BTreeMap::new();
    runtime.block_on(async {
        let mut connections = Vec::new();
        for _ in 0..200 {
            connections.push(Connection::open(server.port).await.expect("a connection"));
        }
        let clients: Vec<_> = connections
            .into_iter()
            .map(|mut connection| {
                tokio::spawn(async move {
                    let request = Request::post("/key/generate", MASTER_KEY, r#"{"key_alias":"the-one"}"#);
                    connection.send(&request).await.expect("the server answers").status
                })
            })
            .collect();
        for client in clients {
            *by_status.entry(client.await.expect("an answer")).or_default() += 1;
        }
    });
    assert_eq!(by_status.get(&200), Some(&1), "{by_status:?}");
    assert!(by_status.keys().all(|status| *status < 500), "{by_status:?}");
    let stored = runtime.block_on(async {
        let mut connection = Connection::open(server.port).await.expect("a connection");
        let request = Request::get("/key/list?key_alias=the-one", MASTER_KEY);
        connection.send(&request).await.expect("the server answers").body
    });
    let stored = read(&stored, &Limits::STORED).expect("a list is JSON");
    assert_eq!(stored.get("total_count"), Some(&Json::Int(1)), "{stored:?}");
}

#[test]
fn a_holder_who_changes_their_key_without_end_keeps_no_admin_from_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}};
    let server = Server::start(folder.path(), &settings).expect("the server starts");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut admin = Connection::open(server.port).await.expect("a connection");
        let user = Request::post("/user/new", MASTER_KEY, r#"{"user_id":"u","user_role":"internal_user"}"#);
        let made = admin.send(&user).await.expect("the server answers").body;
        let made = read(&made, &Limits::STORED).expect("an object");
        let key = made.get("key").and_then(Json::as_str).expect("a key").to_owned();
        let holders: Vec<_> = (0..12)
            .map(|holder| {
                let (key, port) = (key.clone(), server.port);
                tokio::spawn(async move {
                    let mut connection = Connection::open(port).await.expect("a connection");
                    let mut changes = 0;
                    for number in 0.. {
                        let body = format!(r#"{{"key":"{key}","metadata":{{"n":"{holder}-{number}"}}}}"#);
                        let request = Request::post("/key/update", &key, body);
                        match connection.send(&request).await.expect("the server answers").status {
                            200 => changes += 1,
                            409 => {}
                            // blocked
                            401 => break,
                            status => panic!("{status}"),
                        }
                    }
                    changes
                })
            })
            .collect();
        for number in 1..=20 {
            let body = format!(r#"{{"key":"{key}","max_budget":{number}}}"#);
            let change = Request::post("/key/update", MASTER_KEY, body);
            let response = admin.send(&change).await.expect("the server answers");
            assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        }
        let block = Request::post("/key/block", MASTER_KEY, format!(r#"{{"key":"{key}"}}"#));
        let response = admin.send(&block).await.expect("the server answers");
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        for holder in holders {
            assert!(holder.await.expect("an answer") > 0);
        }
    });
}

#[test]
fn a_key_that_was_to_be_of_a_user_is_not_made_without_them() {
    const ROUNDS: usize = 200;
    let folder = tempfile::tempdir().expect("a folder");
    let settings = dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}};
    let server = Server::start(folder.path(), &settings).expect("the server starts");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut makers = Connection::open(server.port).await.expect("a connection");
        let mut removers = Connection::open(server.port).await.expect("a connection");
        let mut lost = 0;
        for round in 0..ROUNDS {
            let user = format!(r#"{{"user_id":"u{round}","auto_create_key":false}}"#);
            assert_eq!(
                makers.send(&Request::post("/user/new", MASTER_KEY, user)).await.expect("an answer").status,
                200
            );
            let make = Request::post("/key/generate", MASTER_KEY, format!(r#"{{"user_id":"u{round}"}}"#));
            let remove = Request::post("/user/delete", MASTER_KEY, format!(r#"{{"user_ids":["u{round}"]}}"#));
            let (key, removed) = tokio::join!(makers.send(&make), removers.send(&remove));
            let (key, removed) = (key.expect("an answer"), removed.expect("an answer"));
            assert_eq!(removed.status, 200, "{}", String::from_utf8_lossy(&removed.body));
            match key.status {
                200 => {}
                409 => lost += 1,
                status => panic!("{status}: {}", String::from_utf8_lossy(&key.body)),
            }
        }
        // a key that was asked for after the removal names a user that does not exist, which an admin may do
        assert!(lost > 0, "no round was a race");
    });
}
