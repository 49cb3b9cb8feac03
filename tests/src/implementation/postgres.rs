//! The real binary over HTTP on PostgreSQL, with an empty database for every scenario.

use super::http::HttpSession;
use super::{Implementation, Request, Response, Server, Session};
use crate::postgres::{Cluster, shared};
use crate::scenario::full_settings;
use latchkey_contract::json::Json;
use std::ffi::OsStr;
use std::sync::{Arc, Mutex, PoisonError};

/// `latchkey serve` on a database of a cluster.
#[derive(Debug)]
pub struct Postgres {
    cluster: &'static Cluster,
    template: &'static str,
    idle: Arc<Mutex<Vec<String>>>,
}

/// Empties a database: much quicker than another one.
const EMPTY: &str = r#"TRUNCATE "LiteLLM_VerificationToken", "LiteLLM_UserTable", "LiteLLM_TeamTable",
    "LiteLLM_TeamMembership", "LiteLLM_ModelTable", "LiteLLM_BudgetTable", "LiteLLM_AuditLog",
    latchkey.latchkey_grace RESTART IDENTITY"#;

impl Postgres {
    /// Starts the cluster, and lets a server make the tables that every scenario begins with; `None` where no server of
    /// PostgreSQL is installed.
    pub fn start() -> Result<Option<Self>, String> {
        let Some(cluster) = shared() else { return Ok(None) };
        let template = cluster.database("template0")?.leak();
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        drop(serve(cluster, template, folder.path(), &full_settings(&Json::Null, false))?);
        Ok(Some(Self { cluster, template, idle: Arc::default() }))
    }
}

/// A session that leaves its database empty for the next one.
struct OnDatabase {
    session: Option<HttpSession>,
    cluster: &'static Cluster,
    name: String,
    idle: Arc<Mutex<Vec<String>>>,
}

impl Session for OnDatabase {
    fn send(&mut self, request: &Request) -> Result<Response, String> {
        self.session.as_mut().ok_or("the session has ended")?.send(request)
    }

    fn sleep(&mut self, seconds: f64) {
        std::thread::sleep(std::time::Duration::from_secs_f64(seconds));
    }

    fn check(&mut self, _input: &Json) -> Result<Json, String> {
        Err("a server does not judge without a store".to_owned())
    }
}

impl Drop for OnDatabase {
    fn drop(&mut self) {
        self.session = None;
        if self.cluster.sql(&self.name, EMPTY).is_ok() {
            let name = std::mem::take(&mut self.name);
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(name);
        }
    }
}

fn serve(cluster: &Cluster, name: &str, folder: &std::path::Path, settings: &Json) -> Result<Server, String> {
    Server::start_on(folder, settings, OsStr::new(&cluster.url(name)))
}

impl Implementation for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn open(&self, settings: &Json) -> Result<Box<dyn Session>, String> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let name = idle.map_or_else(|| self.cluster.database(self.template), Ok)?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let server = serve(self.cluster, &name, folder.path(), settings)?;
        let session = HttpSession::new(server, folder)?;
        let idle = Arc::clone(&self.idle);
        Ok(Box::new(OnDatabase { session: Some(session), cluster: self.cluster, name, idle }))
    }

    fn judges(&self) -> bool {
        false
    }

    fn parallel(&self) -> usize {
        8
    }
}
