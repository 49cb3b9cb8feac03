//! Several hosts as real processes over one PostgreSQL database, and databases that LiteLLM has filled.

mod cut;
mod litellm;
mod many;
mod outage;
mod today;

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Response, Server};
use latchkey_tests::postgres::Cluster;
use latchkey_tests::scenario::MASTER_KEY;
use std::ffi::OsStr;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A host with its folder.
struct Host {
    server: Server,
    folder: TempDir,
}

impl Host {
    fn start(cluster: &Cluster, database: &str) -> Self {
        Self::start_at(&cluster.url(database))
    }

    fn start_at(url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}};
        let server = Server::start_on(folder.path(), &settings, OsStr::new(url)).expect("the host starts");
        Self { server, folder }
    }

    /// What the host has logged.
    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).expect("the host's log")
    }

    /// Waits until the host has logged `words`.
    fn wait_for(&self, words: &str) {
        while !self.log().contains(words) {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    async fn send(&self, request: &Request) -> Response {
        let mut connection = Connection::open(self.server.port).await.expect("a connection");
        connection.send(request).await.expect("the host answers")
    }

    async fn post(&self, path: &str, key: &str, body: &str) -> (u16, Json) {
        let response = self.send(&Request::post(path, key, body)).await;
        (response.status, json(&response))
    }

    async fn get(&self, target: &str, key: &str) -> (u16, Json) {
        let response = self.send(&Request::get(target, key)).await;
        (response.status, json(&response))
    }
}

fn json(response: &Response) -> Json {
    read(&response.body, &Limits::STORED).expect("an answer is JSON")
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}
