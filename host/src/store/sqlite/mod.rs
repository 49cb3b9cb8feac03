//! SQLite inside the process: one writer that groups commits, and a pool of readers.

mod privacy;
mod read;
mod remembered;
mod rows;
mod schema;
mod snapshot;
mod survey;
#[cfg(test)]
mod tests;
mod values;
mod write;
mod writer;

pub use snapshot::FileSnapshot;
pub(super) use survey::survey;
pub(super) use values::{values, with_rows};

use super::{Announce, Commit, Fact, Pending, Store, StoreError, is_long};
use crate::patience::PATIENCE;
use latchkey_contract::tables::{DeprecatedToken, Lacking, Table};
use latchkey_contract::wire::{Guard, Query, Write};
use remembered::Remembered;
use rusqlite::{Connection, InterruptHandle, OpenFlags, OptionalExtension, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

/// Long reads at one time.
const LONG_READS: usize = 4;

/// A database in one file.
#[derive(Debug)]
pub struct Sqlite {
    readers: Arc<Readers>,
    remembered: Arc<Remembered>,
    long_reads: Arc<Semaphore>,
    patience: Duration,
    /// No LiteLLM reads a file: it is told of no secret.
    lacking: Lacking,
    jobs: Option<mpsc::Sender<writer::Job>>,
    writer: Option<std::thread::JoinHandle<()>>,
}

impl Sqlite {
    /// Opens the file at `path` and makes the file and the tables if they are missing.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        make_private_file(path).map_err(|error| StoreError::Away(error.to_string()))?;
        let mut connection = connect(path)?;
        // before anything is changed in it
        schema::version(&connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        schema::migrate(&mut connection)?;
        for danger in privacy::dangers(path) {
            tracing::warn!(danger, "the database's file");
        }
        let remembered = Arc::new(Remembered::new(&connection));
        let (jobs, writer) = writer::start(connection, Arc::clone(&remembered))
            .map_err(|error| StoreError::Away(error.to_string()))?;
        Ok(Self {
            readers: Arc::new(Readers { path: path.to_owned(), idle: Mutex::default() }),
            remembered,
            long_reads: Arc::new(Semaphore::new(LONG_READS)),
            patience: PATIENCE,
            lacking: Lacking::named(vec![DeprecatedToken::NAME.to_owned()]).unwrap_or_default(),
            jobs: Some(jobs),
            writer: Some(writer),
        })
    }

    async fn look_up(&self, queries: Vec<Query>) -> Result<Vec<Fact>, StoreError> {
        if !queries.iter().any(is_long) {
            return self.readers.answer(queries);
        }
        let permit = tokio::time::timeout(self.patience, Arc::clone(&self.long_reads).acquire_owned()).await;
        let permit = permit.map_err(|_| StoreError::Busy)?.map_err(gone)?;
        let readers = Arc::clone(&self.readers);
        let connection = readers.take()?;
        let waiting = Waiting::on(&connection);
        let is_over = Arc::clone(&waiting.is_over);
        let reading = tokio::task::spawn_blocking(move || {
            // held by the work, which may outlast the request
            let _permit = permit;
            let facts = read::answer(&connection, queries);
            // one that is or was interrupted may still be so for the next who takes it
            if !is_over.swap(true, Ordering::SeqCst) {
                readers.give_back(connection);
            }
            facts
        });
        let facts = reading.await.map_err(gone)?;
        drop(waiting);
        facts
    }

    /// A connection that writes, beside the writer's.
    fn beside(&self) -> Result<Connection, StoreError> {
        let connection = connect(&self.readers.path)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        Ok(connection)
    }
}

/// The value kept under `name`.
fn kept(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT \"value\" FROM \"latchkey_meta\" WHERE \"name\" = ?";
    Ok(connection.query_row(sql, [name], |row| row.get(0)).optional()?)
}

/// Keeps `value` under `name` if nothing is kept there, and gives what is.
fn keep(
    connection: &mut Connection,
    name: &str,
    value: &str,
    announce: Announce,
) -> Result<String, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(kept) = kept(&transaction, name)? {
        return Ok(kept);
    }
    announce().map_err(StoreError::Unannounced)?;
    let sql = "INSERT INTO \"latchkey_meta\" (\"name\", \"value\") VALUES (?, ?)";
    transaction.execute(sql, [name, value])?;
    transaction.commit()?;
    Ok(value.to_owned())
}

impl Store for Sqlite {
    fn lacking(&self) -> &Lacking {
        &self.lacking
    }

    fn read(&self, queries: Vec<Query>) -> Pending<'_, Result<Vec<Fact>, StoreError>> {
        Box::pin(async move {
            let (known, unknown) = self.remembered.split(queries);
            if unknown.is_empty() {
                return Ok(known.into_iter().flatten().collect());
            }
            let since = self.remembered.now();
            let read = self.look_up(unknown).await?;
            Ok(self.remembered.complete(known, read, since))
        })
    }

    fn commit(&self, writes: Vec<Write>, guards: Vec<Guard>) -> Pending<'_, Result<Commit, StoreError>> {
        let (done, outcome) = oneshot::channel();
        let sent = self.jobs.as_ref().map(|jobs| jobs.send(writer::Job { writes, guards, done }));
        Box::pin(async move {
            match sent {
                Some(Ok(())) => outcome.await.map_err(gone)?,
                _ => Err(gone("the writer has ended")),
            }
        })
    }

    fn meta<'a>(&'a self, name: &'a str) -> Pending<'a, Result<Option<String>, StoreError>> {
        Box::pin(async move { kept(&self.beside()?, name) })
    }

    fn keep_meta<'a>(
        &'a self,
        name: &'a str,
        value: &'a str,
        announce: Announce,
    ) -> Pending<'a, Result<String, StoreError>> {
        Box::pin(async move { keep(&mut self.beside()?, name, value, announce) })
    }

    fn lease<'a>(&'a self, name: &'a str, holder: &'a str, ms: u64) -> Pending<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let until = "?2 || ' ' || CAST(unixepoch('subsec') * 1000 + ?3 AS INTEGER)";
            let sql = format!(
                "INSERT INTO \"latchkey_meta\" (\"name\", \"value\") VALUES (?1, {until}) ON CONFLICT (\"name\") DO UPDATE \
                 SET \"value\" = excluded.\"value\" WHERE \"value\" LIKE ?2 || ' %' \
                 OR CAST(substr(\"value\", instr(\"value\", ' ')) AS INTEGER) <= unixepoch('subsec') * 1000"
            );
            let ms = i64::try_from(ms).unwrap_or(i64::MAX);
            Ok(self.beside()?.execute(&sql, rusqlite::params![name, holder, ms])? > 0)
        })
    }

    fn forget_meta<'a>(&'a self, name: &'a str) -> Pending<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.beside()?.execute("DELETE FROM \"latchkey_meta\" WHERE \"name\" = ?", [name])?;
            Ok(())
        })
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(writer) = self.writer.take() {
            writer.join().ok();
        }
    }
}

/// Somebody who waits for a long read. When they go away before it ends it is broken off.
struct Waiting {
    reading: InterruptHandle,
    is_over: Arc<AtomicBool>,
}

impl Waiting {
    fn on(connection: &Connection) -> Self {
        Self { reading: connection.get_interrupt_handle(), is_over: Arc::default() }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.is_over.swap(true, Ordering::SeqCst) {
            self.reading.interrupt();
        }
    }
}

/// Connections that only read, reused.
#[derive(Debug)]
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    fn answer(&self, queries: Vec<Query>) -> Result<Vec<Fact>, StoreError> {
        let connection = self.take()?;
        let facts = read::answer(&connection, queries)?;
        self.give_back(connection);
        Ok(facts)
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let connection = connect(&self.path)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    // no URI: a path is what it says
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.pragma_update(None, "cache_size", -8000)?;
    Ok(connection)
}

/// A connection that changes nothing, to a file that is there.
fn connect_to_read(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

/// The database holds hashes of keys: a new file is its owner's alone.
fn make_private_file(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn gone(error: impl std::fmt::Display) -> StoreError {
    StoreError::Away(error.to_string())
}
