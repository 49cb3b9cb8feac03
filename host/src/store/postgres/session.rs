//! Connections: how they are made, set up, shared, and thrown away.

use super::address::Address;
use super::failure::{is_passing, spoils_connection, words};
use super::schema::quoted;
use crate::store::StoreError;
use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts,
};
use std::ops::Deref;
use std::time::{Duration, Instant};
use tokio_postgres::{Client, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a request may take, with waiting for a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);

/// How long a commit may take that removes or changes rows by conditions: there may be any number of them, and to break it off
/// would mean that they never go.
pub(super) const SET_PATIENCE: Duration = Duration::from_mins(1);

/// How long a start waits for a database that is not there yet.
const START: Duration = Duration::from_secs(30);

/// How often connecting is tried.
pub(super) const AGAIN: Duration = Duration::from_millis(250);

/// Prepared statements of a connection; there are as many as there are sets of columns that are changed together.
const STATEMENTS: usize = 256;

/// What each connection begins with. What was acknowledged must be on disk, whatever the server's default.
fn set_up(address: &Address, limits: bool) -> String {
    let milliseconds = if limits { PATIENCE.as_millis() } else { 0 };
    format!(
        "SET search_path TO {}, {}; SET statement_timeout = {milliseconds}; SET lock_timeout = {milliseconds}; \
         SET idle_in_transaction_session_timeout = {milliseconds}; SET jit = off; \
         SELECT set_config('synchronous_commit', 'on', false) \
         WHERE current_setting('synchronous_commit') = 'off'",
        quoted(&address.schema),
        quoted(&address.own_schema())
    )
}

/// A pool of connections, none of them open yet.
pub(super) fn pool(address: &Address) -> Result<Pool, String> {
    let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(address.config.clone(), address.tls()?, config);
    let begin = set_up(address, true);
    Pool::builder(manager)
        .max_size(address.connections)
        .runtime(Runtime::Tokio1)
        .timeouts(Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) })
        .post_create(Hook::async_fn(move |client, _| {
            let begin = begin.clone();
            Box::pin(async move { client.batch_execute(&begin).await.map_err(HookError::Backend) })
        }))
        .build()
        .map_err(|error| error.to_string())
}

/// A connection beside the pool, without limits of time. Waits a while for a database that is not there.
pub(super) async fn alone(address: &Address) -> Result<Client, StoreError> {
    let tls = address.tls().map_err(StoreError::Away)?;
    let deadline = Instant::now() + START;
    let mut said = false;
    loop {
        let why = match in_time(connect(address, tls.clone())).await {
            Ok(Err(error)) if is_passing(&error) && Instant::now() < deadline => words(&error),
            Err(late) if Instant::now() < deadline => late.to_string(),
            other => return Ok(other??),
        };
        if !said {
            tracing::warn!(why, "the database is not there yet");
            said = true;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// The same without waiting for a server that starts.
pub(super) async fn at_once(address: &Address) -> Result<Client, StoreError> {
    let tls = address.tls().map_err(StoreError::Away)?;
    Ok(in_time(connect(address, tls)).await??)
}

/// The work, or that the other side gave no answer in time: the library limits only the time until a socket is open.
pub(super) async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, StoreError> {
    within(PATIENCE, work).await
}

/// The same with another patience.
pub(super) async fn within<T>(patience: Duration, work: impl Future<Output = T>) -> Result<T, StoreError> {
    let late = |_| StoreError::Away("it gave no answer in time".to_owned());
    tokio::time::timeout(patience, work).await.map_err(late)
}

async fn connect(address: &Address, tls: MakeRustlsConnect) -> Result<Client, Error> {
    let (client, connection) = address.config.connect(tls).await?;
    tokio::spawn(connection);
    client.batch_execute(&set_up(address, false)).await?;
    Ok(client)
}

/// A connection of the pool. Unless it is given back it is closed: an answer may still be on its way to it.
pub(super) struct Lease {
    /// Always there until the lease ends.
    object: Option<Object>,
}

impl Lease {
    /// Takes a connection, a new one if none is idle.
    pub(super) async fn take(pool: &Pool) -> Result<Self, StoreError> {
        Ok(Self { object: Some(pool.get().await?) })
    }

    /// Gives the connection back, unless the error says that it is of no more use.
    pub(super) fn give_back(mut self, error: Option<&Error>) {
        if self.statement_cache.size() > STATEMENTS {
            self.statement_cache.clear();
        }
        if !error.is_some_and(spoils_connection) {
            self.object = None;
        }
    }
}

impl Deref for Lease {
    type Target = ClientWrapper;

    fn deref(&self) -> &ClientWrapper {
        self.object.as_deref().expect("a lease has its connection until it ends")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(object) = self.object.take() {
            drop(Object::take(object));
        }
    }
}
