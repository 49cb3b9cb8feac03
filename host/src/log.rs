//! The log: on standard error, for people on a terminal and as JSON lines elsewhere.

use std::io::IsTerminal;
use tracing::Level;

/// Starts the log; `LATCHKEY_LOG` is `error`, `warn`, `info` (the default), `debug` or `off`.
pub fn start() {
    let level = match std::env::var("LATCHKEY_LOG").as_deref() {
        Ok("off") => return,
        Ok(level) => level.parse().unwrap_or(Level::INFO),
        Err(_) => Level::INFO,
    };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false);
    if std::io::stderr().is_terminal() {
        log.try_init().ok();
    } else {
        log.json().flatten_event(true).try_init().ok();
    }
}
