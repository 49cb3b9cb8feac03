//! The real binary over HTTP, with a fresh database for every scenario.

use super::{Connection, Implementation, Request, Response, Server, Session};
use latchkey_contract::json::Json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// `latchkey serve`.
#[derive(Debug, Clone, Copy)]
pub struct Http;

pub(super) struct HttpSession {
    runtime: Runtime,
    server: Server,
    _folder: TempDir,
}

impl HttpSession {
    /// A session with a server whose files are in `folder`.
    pub(super) fn new(server: Server, folder: TempDir) -> Result<Self, String> {
        Ok(Self { runtime: runtime()?, server, _folder: folder })
    }
}

impl Implementation for Http {
    fn name(&self) -> &'static str {
        "http"
    }

    fn open(&self, settings: &Json) -> Result<Box<dyn Session>, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let server = Server::start(folder.path(), settings)?;
        Ok(Box::new(HttpSession::new(server, folder)?))
    }

    fn judges(&self) -> bool {
        false
    }

    fn parallel(&self) -> usize {
        4
    }
}

impl Session for HttpSession {
    fn send(&mut self, request: &Request) -> Result<Response, String> {
        self.runtime.block_on(async { Connection::open(self.server.port).await?.send(request).await })
    }

    fn sleep(&mut self, seconds: f64) {
        std::thread::sleep(std::time::Duration::from_secs_f64(seconds));
    }

    fn check(&mut self, _input: &Json) -> Result<Json, String> {
        Err("a server does not judge without a store".to_owned())
    }
}

/// A runtime of this thread.
pub(super) fn runtime() -> Result<Runtime, String> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())
}
