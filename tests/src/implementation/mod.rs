//! The implementations of the rules that every corpus is played on.

#[cfg(feature = "server")]
mod both;
mod client;
mod http;
mod javascript;
mod native;
mod postgres;
mod reference;
mod server;
mod sets;
mod shell;
mod store;
#[cfg(feature = "server")]
mod wasm;

#[cfg(feature = "server")]
pub use both::Both;
pub use client::Connection;
pub use http::Http;
pub use javascript::{JavaScript, RUNTIMES, Scene};
pub use native::{Native, configure};
pub use postgres::Postgres;
pub use reference::Reference;
pub use server::{Server, binary};
pub use shell::{Engine, InProcess, entropy};
#[cfg(feature = "server")]
pub use wasm::{Module, Wasm};

use chrono::{DateTime, Utc};
use latchkey_contract::json::Json;
use latchkey_contract::wire::Write;

/// One way to run the rules.
pub trait Implementation: Sync {
    /// `native`, `wasmtime`, `http`, `postgres`, `node`, …
    fn name(&self) -> &'static str;
    /// A fresh instance with an empty store under these settings.
    fn open(&self, settings: &Json) -> Result<Box<dyn Session>, String>;
    /// Whether it can judge without a store, as the vectors ask.
    fn judges(&self) -> bool;
    /// How many sessions are worth having at a time.
    fn parallel(&self) -> usize;
}

/// One instance of an implementation.
pub trait Session {
    /// Sends one request.
    fn send(&mut self, request: &Request) -> Result<Response, String>;
    /// Changes a row of the store, as others do who share it.
    fn write(&mut self, _write: Write) -> Result<(), String> {
        Err("its store is not within reach".to_owned())
    }
    /// All rows of a table, in the order of their making.
    fn rows(&self, _table: &str) -> Result<Vec<Json>, String> {
        Err("its store is not within reach".to_owned())
    }
    /// Sends one request, and another one after the first has been decided and before it is stored.
    fn send_while(&mut self, _request: &Request, _meanwhile: &Request) -> Result<Response, String> {
        Err("requests come one by one".to_owned())
    }
    /// Lets so many seconds pass.
    fn sleep(&mut self, seconds: f64);
    /// The verdict on a request, without a store.
    fn check(&mut self, input: &Json) -> Result<Json, String>;
}

/// What is sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query, percent-encoded.
    pub target: String,
    /// Headers; values are sent as UTF-8.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
}

impl Request {
    /// A request with a JSON body by the bearer of `key`.
    pub fn post(path: &str, key: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST".to_owned(),
            target: path.to_owned(),
            headers: vec![bearer(key), ("Content-Type".to_owned(), "application/json".to_owned())],
            body: Some(body.into()),
        }
    }

    /// A request without a body by the bearer of `key`.
    pub fn get(target: &str, key: &str) -> Self {
        Self { method: "GET".to_owned(), target: target.to_owned(), headers: vec![bearer(key)], body: None }
    }
}

fn bearer(key: &str) -> (String, String) {
    ("Authorization".to_owned(), format!("Bearer {key}"))
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The middle of the exchange.
    pub at: DateTime<Utc>,
}

impl Response {
    /// The value of the header called `name`, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// The moment.
fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}
