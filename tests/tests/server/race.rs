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
