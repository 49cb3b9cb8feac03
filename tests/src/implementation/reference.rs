//! The reference itself, where it is at hand: what proves that the runner plays a corpus as it was recorded.
//!
//! `LATCHKEY_REFERENCE=PORT/PATH` names a running server and its route that takes `{"config", "premium"}`, loads that
//! configuration and empties its database.

use super::http::runtime;
use super::{Connection, Implementation, Request, Response, Session};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use tokio::runtime::Runtime;

/// A running reference.
#[derive(Debug, Clone)]
pub struct Reference {
    port: u16,
    reset: String,
}

impl Reference {
    /// The one that the variable `LATCHKEY_REFERENCE` names, if any.
    pub fn from_environment() -> Option<Self> {
        let place = std::env::var("LATCHKEY_REFERENCE").ok()?;
        let (port, path) = place.split_once('/')?;
        Some(Self { port: port.parse().ok()?, reset: format!("/{path}") })
    }
}

struct ReferenceSession {
    runtime: Runtime,
    port: u16,
}

impl Implementation for Reference {
    fn name(&self) -> &'static str {
        "reference"
    }

    fn open(&self, settings: &Json) -> Result<Box<dyn Session>, String> {
        let premium = settings.get("latchkey").and_then(|own| own.get("premium_user")).cloned();
        let body = dict! {"config" => settings.clone(), "premium" => premium.unwrap_or(Json::Bool(false))};
        let request = Request::post(&self.reset, "none", crate::scenario::dumps(&body));
        let mut session = ReferenceSession { runtime: runtime()?, port: self.port };
        let response = session.send(&request)?;
        if response.status == 200 {
            Ok(Box::new(session))
        } else {
            Err("the reference was not reset".to_owned())
        }
    }

    fn judges(&self) -> bool {
        false
    }

    fn parallel(&self) -> usize {
        1
    }
}

impl Session for ReferenceSession {
    fn send(&mut self, request: &Request) -> Result<Response, String> {
        self.runtime.block_on(async { Connection::open(self.port).await?.send(request).await })
    }

    fn sleep(&mut self, seconds: f64) {
        std::thread::sleep(std::time::Duration::from_secs_f64(seconds));
    }

    fn check(&mut self, _input: &Json) -> Result<Json, String> {
        Err("the reference is asked over HTTP only".to_owned())
    }
}
