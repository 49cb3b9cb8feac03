//! How hosts tell each other which rows have changed: PostgreSQL's LISTEN and NOTIFY.
//!
//! Each host listens on a connection of its own. It trusts the channel only after it has heard itself: behind a pooler that
//! shares connections nothing would arrive, and nothing may be remembered then.

use super::address::Address;
use super::cells::Value;
use super::failure::words;
use super::schema::quoted;
use super::session::{AGAIN, PATIENCE};
use super::sql::Sql;
use crate::store::cache::Cache;
use crate::store::tags::Changed;
use latchkey_contract::mint;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{sleep, timeout};
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Connection, Error, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How often a channel is tried through which nothing may have come for long.
const PULSE: Duration = Duration::from_secs(5);

/// The statement that tells all hosts; none if nothing has changed. It comes after the commit, as a transaction of its own
/// that waits for no disk: PostgreSQL lets only one transaction at a time tell something, up to its very end.
pub(super) fn telling(channel: &str, changed: &Changed) -> Option<Sql> {
    let message = changed.message()?;
    let mut sql = Sql::new("SELECT set_config('synchronous_commit', 'off', true), pg_notify(");
    sql.bind(Value::Text(channel.to_owned()));
    sql.push(", ");
    sql.bind(Value::Text(message));
    sql.push(")");
    Some(sql)
}

/// Keeps `cache` in step with the changes by all hosts, as long as it is polled.
pub(super) async fn listen(address: Address, tls: MakeRustlsConnect, cache: Arc<Cache>) {
    let mut is_news = true;
    loop {
        let deaf = match timeout(PATIENCE, address.config.connect(tls.clone())).await {
            Ok(Ok((client, connection))) => hear(&client, connection, &address.own_schema(), &cache).await,
            Ok(Err(error)) => Deaf::Broken(error),
            Err(_) => Deaf::Silent,
        };
        if cache.close() || is_news {
            is_news = false;
            let why = match &deaf {
                Deaf::Broken(error) => words(error),
                Deaf::Silent => "nothing comes through".to_owned(),
            };
            tracing::warn!(
                why,
                "changes by other hosts are not heard: until they are, every row is read again"
            );
        }
        sleep(AGAIN).await;
    }
}

/// Why a channel is of no use.
enum Deaf {
    Broken(Error),
    Silent,
}

/// Listens until the connection breaks.
async fn hear(
    client: &Client,
    mut connection: Connection<Socket, impl AsyncRead + AsyncWrite + Unpin>,
    channel: &str,
    cache: &Cache,
) -> Deaf {
    let own = call();
    let has_heard_itself = AtomicBool::new(false);
    let attend = async {
        loop {
            match poll_fn(|context| connection.poll_message(context)).await {
                Some(Ok(AsyncMessage::Notification(told))) if told.payload() == own => {
                    has_heard_itself.store(true, Ordering::Relaxed);
                    if !cache.is_heard() {
                        cache.open();
                        tracing::info!("changes by other hosts are heard");
                    }
                }
                Some(Ok(AsyncMessage::Notification(told))) if told.payload().starts_with(CALL) => {}
                Some(Ok(AsyncMessage::Notification(told))) => {
                    cache.drop_changed(&Changed::told(told.payload()));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Deaf::Broken(error),
                None => return Deaf::Silent,
            }
        }
    };
    let speak = async {
        let listening = format!("LISTEN {}", quoted(channel));
        if let Some(deaf) = failed(timeout(PATIENCE, client.batch_execute(&listening)).await) {
            return deaf;
        }
        let calling: [&(dyn ToSql + Sync); 2] = [&channel, &own];
        loop {
            has_heard_itself.store(false, Ordering::Relaxed);
            let called = client.execute("SELECT pg_notify($1, $2)", &calling);
            if let Some(deaf) = failed(timeout(PATIENCE, called).await) {
                return deaf;
            }
            sleep(PULSE).await;
            if !has_heard_itself.load(Ordering::Relaxed) {
                return Deaf::Silent;
            }
        }
    };
    tokio::select! {
        deaf = attend => deaf,
        deaf = speak => deaf,
    }
}

fn failed<T>(done: Result<Result<T, Error>, tokio::time::error::Elapsed>) -> Option<Deaf> {
    match done {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => Some(Deaf::Broken(error)),
        Err(_) => Some(Deaf::Silent),
    }
}

/// How a host's call to itself begins.
const CALL: &str = "call:";

/// What a host calls to hear itself.
fn call() -> String {
    let mut random = [0; 16];
    // without randomness two hosts would have one call, and trust a channel that the other one has heard
    getrandom::fill(&mut random).ok();
    format!("{CALL}{}:{}", std::process::id(), mint::hex(&random))
}
