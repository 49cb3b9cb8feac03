//! A server with a rule of its own.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Server};
use std::path::Path;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) const MASTER: &str = "sk-master-key-of-the-tests";

/// A server of the real binary.
pub(crate) struct Scene {
    runtime: Runtime,
    pub(crate) server: Server,
    _folder: TempDir,
}

impl Scene {
    /// Under profile strict with the module `wasm` as rule.
    pub(crate) fn strict(wasm: &[u8]) -> Self {
        Self::new("strict", wasm)
    }

    pub(crate) fn new(profile: &str, wasm: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("rules")).expect("a folder");
        std::fs::write(folder.path().join("rules/rule.wasm"), wasm).expect("a file");
        let server = start(folder.path(), profile, "rules/rule.wasm").expect("the server starts");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { runtime, server, _folder: folder }
    }

    /// A request of the proxy admin.
    pub(crate) fn post(&mut self, path: &str, body: &str) -> (u16, Json) {
        self.send(&Request::post(path, MASTER, body))
    }

    pub(crate) fn get(&mut self, target: &str) -> (u16, Json) {
        self.send(&Request::get(target, MASTER))
    }

    /// A key that the rule lets through.
    pub(crate) fn key(&mut self, body: &str) -> String {
        let (status, reply) = self.post("/key/generate", body);
        assert_eq!(status, 200, "{reply:?}");
        at(&reply, "key").as_str().expect("a key").to_owned()
    }

    fn send(&mut self, request: &Request) -> (u16, Json) {
        let port = self.server.port;
        let response = self.runtime.block_on(async { Connection::open(port).await?.send(request).await });
        let response = response.expect("an answer");
        (response.status, json(&String::from_utf8_lossy(&response.body)))
    }
}

fn start(folder: &Path, profile: &str, rule: &str) -> Result<Server, String> {
    let settings = dict! {
        "general_settings" => dict! { "master_key" => MASTER, "custom_key_generate" => rule },
        "latchkey" => dict! { "profile" => profile, "premium_user" => true },
    };
    Server::start(folder, &settings)
}

/// What the server says when it does not start with this rule.
pub(crate) fn refused_start(rule: &str, wasm: Option<&[u8]>) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    if let Some(wasm) = wasm {
        std::fs::write(folder.path().join(rule), wasm).expect("a file");
    }
    let refusal = start(folder.path(), "strict", rule).map(|_| ()).expect_err("the server starts");
    // each of the attempts said the same
    refusal.split(" | ").next().unwrap_or_default().to_owned()
}

pub(crate) fn json(text: &str) -> Json {
    read(text.as_bytes(), &Limits::STORED).expect("JSON")
}

/// A member of an object; `null` if it has none of this name.
pub(crate) fn at(value: &Json, name: &str) -> Json {
    value.get(name).cloned().unwrap_or(Json::Null)
}
