//! What was acknowledged survives a crash.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Server};
use latchkey_tests::scenario::MASTER_KEY;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const ROUNDS: usize = 6;
const CLIENTS: usize = 16;

/// Creates keys until the connection breaks, and notes each that was acknowledged.
async fn create_keys(port: u16, acknowledged: Arc<Mutex<Vec<String>>>) {
    let Ok(mut connection) = Connection::open(port).await else { return };
    let request = Request::post("/key/generate", MASTER_KEY, r#"{"max_budget":5,"metadata":{"a":1}}"#);
    while let Ok(response) = connection.send(&request).await {
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        let answer = read(&response.body, &Limits::STORED).expect("json");
        let key = answer.get("key").and_then(Json::as_str).expect("a key").to_owned();
        acknowledged.lock().expect("no panic while noting").push(key);
    }
}

async fn is_known(connection: &mut Connection, key: &str) -> bool {
    let request = Request::get(&format!("/key/info?key={key}"), MASTER_KEY);
    connection.send(&request).await.expect("the server answers").status == 200
}

#[test]
fn every_acknowledged_key_survives_kill_9_under_load() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut all: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let mut server =
            Server::start(folder.path(), &settings).expect("the server starts on what was left behind");
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        runtime.block_on(async {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|_| tokio::spawn(create_keys(server.port, Arc::clone(&acknowledged))))
                .collect();
            let mut random = [0];
            getrandom::fill(&mut random).expect("random bytes");
            tokio::time::sleep(Duration::from_millis(100 + 4 * u64::from(random[0]))).await;
            server.kill();
            for client in clients {
                client.await.expect("the client saw nothing but answers and a broken connection");
            }
        });
        let fresh = std::mem::take(&mut *acknowledged.lock().expect("all clients are done"));
        assert!(!fresh.is_empty(), "round {round}: no key was acknowledged, so nothing was tested");
        all.extend(fresh);
        let server = Server::start(folder.path(), &settings).expect("the server starts after the crash");
        runtime.block_on(async {
            let mut connection = Connection::open(server.port).await.expect("a connection");
            let mut missing = 0;
            for key in &all {
                missing += usize::from(!is_known(&mut connection, key).await);
            }
            assert_eq!(missing, 0, "round {round}: of {} acknowledged keys", all.len());
        });
    }
}
