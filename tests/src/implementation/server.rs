//! The real binary as a process of its own.

use latchkey_contract::json::Json;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The `latchkey` binary: the variable `LATCHKEY_BIN`, or the one beside this test binary.
pub fn binary() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os("LATCHKEY_BIN") {
        return Ok(path.into());
    }
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    own.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("latchkey"))
        .find(|path| path.is_file())
        .ok_or_else(|| "no `latchkey` binary: build it with `cargo build --release -p latchkey`, or name it in LATCHKEY_BIN".to_owned())
}

/// The port in the line with which a server greets, once the line is whole.
pub(super) fn port_in(said: &str) -> Option<u16> {
    let (_, rest) = said.split_once("listens on http://127.0.0.1:")?;
    rest.split_once(',')?.0.parse().ok()
}

/// A running server. Dropping it ends the process.
#[derive(Debug)]
pub struct Server {
    process: Child,
    /// Where it listens.
    pub port: u16,
}

impl Server {
    /// Starts the binary in `folder`, with its settings, database and log there, and waits until it listens.
    pub fn start(folder: &Path, settings: &Json) -> Result<Self, String> {
        Self::start_on(folder, settings, folder.join("latchkey.db").as_os_str())
    }

    /// The same on the database that `database` names.
    pub fn start_on(folder: &Path, settings: &Json, database: &OsStr) -> Result<Self, String> {
        let config = folder.join("config.yaml");
        std::fs::write(&config, crate::scenario::dumps(settings)).map_err(|error| error.to_string())?;
        // the system chooses the port and the server says which: one found free beforehand may be taken by now, and
        // probing it can connect to itself
        let said = folder.join("said");
        let said_file =
            std::fs::File::create(&said).map_err(|error| format!("{}: {error}", said.display()))?;
        let log = folder.join("log");
        let log_file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .map_err(|error| format!("{}: {error}", log.display()))?;
        let binary = binary()?;
        let process = Command::new(&binary)
            .arg("serve")
            .arg("--config")
            .arg(config)
            .args(["--host", "127.0.0.1", "--port", "0", "--db"])
            .arg(database)
            .current_dir(folder)
            .env_remove("LITELLM_MASTER_KEY")
            .env_remove("DATABASE_URL")
            .env_remove("SERVER_ROOT_PATH")
            .stdin(Stdio::null())
            .stdout(said_file)
            .stderr(log_file)
            .spawn()
            .map_err(|error| format!("{}: {error}", binary.display()))?;
        let mut server = Self { process, port: 0 };
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(port) = std::fs::read_to_string(&said).ok().as_deref().and_then(port_in) {
                server.port = port;
                return Ok(server);
            }
            if !server.is_alive() {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let logged = std::fs::read_to_string(&log).unwrap_or_default();
        let end: String = logged.lines().rev().take(5).collect::<Vec<_>>().join(" | ");
        Err(format!("the server did not start: {end}"))
    }

    /// Ends the process at once, as a power failure would.
    pub fn kill(&mut self) {
        // it is gone already if this fails
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Asks the process to stop, and gives how it ended.
    pub fn stop(&mut self) -> Result<ExitStatus, String> {
        let id = self.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().map_err(|error| error.to_string())?;
        if !asked.success() {
            return Err("the server is gone already".to_owned());
        }
        self.process.wait().map_err(|error| error.to_string())
    }

    /// Whether the process still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
