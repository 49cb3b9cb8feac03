//! A log that cannot be written.

use latchkey_contract::dict;
use latchkey_tests::implementation::{Connection, Request, Server};
use latchkey_tests::scenario::MASTER_KEY;
use std::os::unix::fs::symlink;

#[test]
fn a_log_on_a_full_disk_costs_no_reply_and_no_orderly_end() {
    let folder = tempfile::tempdir().expect("a folder");
    symlink("/dev/full", folder.path().join("log")).expect("a log that takes nothing");
    let settings = dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}};
    let mut server = Server::start(folder.path(), &settings).expect("the server starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut connection = Connection::open(server.port).await.expect("a connection");
        for number in 0..50 {
            let body = format!(r#"{{"key_alias":"number {number}"}}"#);
            let request = Request::post("/key/generate", MASTER_KEY, body);
            let response = connection.send(&request).await.expect("every request is answered");
            assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        }
    });
    assert!(server.stop().expect("the server was there to the end").success());
}
