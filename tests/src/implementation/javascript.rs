//! The edge handler of the npm package over HTTP, in each JavaScript runtime: one server process for all scenarios, which
//! opens a handler with an empty store for each (`tests/runtimes/edge/scenes.mjs`).

use super::http::runtime;
use super::server::port_in;
use super::{Connection, Implementation, Request, Response, Session};
use chrono::TimeDelta;
use latchkey_contract::json::Json;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How long a start may take: one builds a worker first.
const PATIENCE: Duration = Duration::from_mins(2);

/// The names of the runtimes.
pub const RUNTIMES: [&str; 4] = ["workerd", "node", "deno", "bun"];

/// The handler in one runtime.
#[derive(Debug)]
pub struct JavaScript {
    name: &'static str,
    server: OnceLock<Result<Arc<JavaScriptServer>, String>>,
}

impl JavaScript {
    /// The handler in the runtime of this name; it starts when it is needed.
    pub fn new(name: &'static str) -> Self {
        Self { name, server: OnceLock::new() }
    }

    /// Whether the package is built and the runtimes are installed.
    pub fn is_at_hand() -> bool {
        folder().join("node_modules/miniflare").is_dir()
            && folder().join("../../js/dist/edge/index.js").is_file()
    }

    /// A fresh handler with an empty store.
    pub fn scene(&self, settings: &Json) -> Result<Scene, String> {
        let server = self.server.get_or_init(|| JavaScriptServer::start(self.name).map(Arc::new)).clone()?;
        let mut scene = Scene {
            runtime: runtime()?,
            server,
            connection: None,
            number: String::new(),
            ahead: TimeDelta::zero(),
        };
        let mut request = Request::post("/", "none", crate::scenario::dumps(settings));
        request.headers.push(("x-latchkey-scene".to_owned(), "open".to_owned()));
        let response = scene.exchange(&request)?;
        let said = String::from_utf8_lossy(&response.body).into_owned();
        if response.status != 200 {
            return Err(format!("no scene: {said}"));
        }
        scene.number = said;
        Ok(scene)
    }
}

impl Implementation for JavaScript {
    fn name(&self) -> &'static str {
        self.name
    }

    fn open(&self, settings: &Json) -> Result<Box<dyn Session>, String> {
        Ok(Box::new(self.scene(settings)?))
    }

    fn judges(&self) -> bool {
        false
    }

    fn parallel(&self) -> usize {
        4
    }
}

/// One handler with its store. Dropping it gives the store back.
#[derive(Debug)]
pub struct Scene {
    runtime: Runtime,
    server: Arc<JavaScriptServer>,
    connection: Option<Connection>,
    number: String,
    ahead: TimeDelta,
}

impl Scene {
    /// Sends a request that is decided at this moment (milliseconds) with these random bytes (hex).
    pub fn send_given(&mut self, request: &Request, now: i64, entropy: &str) -> Result<Response, String> {
        let mut request = request.clone();
        request.headers.push(("x-latchkey-scene".to_owned(), self.number.clone()));
        request.headers.push(("x-latchkey-given".to_owned(), format!("{now} {entropy}")));
        self.exchange(&request)
    }

    fn exchange(&mut self, request: &Request) -> Result<Response, String> {
        let port = self.server.port;
        self.runtime.block_on(async {
            let mut connection = match self.connection.take() {
                Some(connection) if !connection.is_closed() => connection,
                _ => Connection::open(port).await?,
            };
            let response = connection.send(request).await?;
            self.connection = Some(connection);
            Ok(response)
        })
    }
}

impl Session for Scene {
    fn send(&mut self, request: &Request) -> Result<Response, String> {
        let mut request = request.clone();
        request.headers.push(("x-latchkey-scene".to_owned(), self.number.clone()));
        let ahead = self.ahead.num_milliseconds().to_string();
        request.headers.push(("x-latchkey-ahead".to_owned(), ahead));
        let mut response = self.exchange(&request)?;
        response.at += self.ahead;
        Ok(response)
    }

    fn sleep(&mut self, seconds: f64) {
        self.ahead += TimeDelta::milliseconds((seconds * 1000.0) as i64);
    }

    fn check(&mut self, _input: &Json) -> Result<Json, String> {
        Err("a server does not judge without a store".to_owned())
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let mut request = Request::get("/", "none");
        request.headers.push(("x-latchkey-scene".to_owned(), format!("close {}", self.number)));
        self.exchange(&request).ok();
    }
}

/// A server process. It ends when its standard input does.
#[derive(Debug)]
struct JavaScriptServer {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl JavaScriptServer {
    fn start(name: &str) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let said = folder.path().join("said");
        let out = std::fs::File::create(&said).map_err(|error| error.to_string())?;
        let errors = out.try_clone().map_err(|error| error.to_string())?;
        let (program, words) = program(name);
        let process = Command::new(&program)
            .args(words)
            .current_dir(self::folder())
            .env_remove("LITELLM_MASTER_KEY")
            .stdin(Stdio::piped())
            .stdout(out)
            .stderr(errors)
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let mut server = Self { process, port: 0, _folder: folder };
        let deadline = Instant::now() + PATIENCE;
        let text = || {
            std::fs::read(&said).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
        };
        while Instant::now() < deadline {
            if let Some(port) = port_in(&text()) {
                server.port = port;
                return Ok(server);
            }
            if !matches!(server.process.try_wait(), Ok(None)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!("{name} did not start: {}", text()))
    }
}

impl Drop for JavaScriptServer {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let deadline = Instant::now() + Duration::from_secs(10);
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        // it is gone already if this fails
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where the runtimes are installed.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("runtimes")
}

/// How a server is started. Node is the installed one, which has SQLite, where npm has it for this machine.
fn program(name: &str) -> (PathBuf, Vec<String>) {
    let installed = |name: &str| folder().join("node_modules/.bin").join(name);
    let script = format!("edge/serve-{name}.mjs");
    match name {
        "deno" => (installed("deno"), ["run", "--allow-all", &script].map(str::to_owned).to_vec()),
        "bun" => (installed("bun"), vec![script]),
        "node" if installed("node").is_file() => (installed("node"), vec![script]),
        _ => (PathBuf::from("node"), vec![script]),
    }
}
