//! The log: on standard error, for people on a terminal and as JSON lines elsewhere.
//!
//! It is written by a thread of its own: a reader that stops, a pipe that breaks or a disk that is full costs lines of
//! the log, and never a reply.

use std::io::{BufWriter, IsTerminal, stderr};
use tracing::Level;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

/// Lines that may wait to be written; what comes beyond is lost.
const LINES: usize = 16_384;

/// Bytes that are written at a time where lines come faster than that.
const BUFFER: usize = 64 << 10;

/// Starts the log; `LATCHKEY_LOG` is `error`, `warn`, `info` (the default), `debug` or `off`. What waits to be written is
/// written when the guard ends.
pub fn start() -> Result<Option<WorkerGuard>, String> {
    let level = match std::env::var("LATCHKEY_LOG").as_deref() {
        Ok("off") => return Ok(None),
        Ok("error") => Level::ERROR,
        Ok("warn") => Level::WARN,
        Ok("info") | Err(_) => Level::INFO,
        Ok("debug") => Level::DEBUG,
        Ok(other) => {
            return Err(format!(
                "`LATCHKEY_LOG` is `{other}`: it must be `error`, `warn`, `info`, `debug` or `off`"
            ));
        }
    };
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(LINES)
        .thread_name("log")
        .finish(BufWriter::with_capacity(BUFFER, stderr()));
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(writer)
        .with_target(false)
        // it would complain on standard error, and panic where that is what fails
        .log_internal_errors(false);
    if stderr().is_terminal() {
        log.with_ansi(true).try_init().ok();
    } else {
        log.json().flatten_event(true).try_init().ok();
    }
    Ok(Some(guard))
}
