//! Replies that are being sent: all large ones together take no more memory than the settings say, and a client that does not
//! read its own is cut off.

use super::connections::Connection;
use super::room::UNIT;
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A reply of no more bytes is not counted: a connection has buffers of this size in any case.
const SMALL: usize = 64 << 10;

/// How long a client may take to read a reply, whatever its size, …
const UNREAD: Duration = Duration::from_secs(20);

/// … and for each so many bytes a second more.
const SLOWEST: usize = 32 << 10;

/// How long a reply that others wait for may go unread.
const GRACE: Duration = Duration::from_secs(1);

/// How long a reply may wait for room.
const PATIENCE: Duration = Duration::from_secs(1);

/// All large replies that are being sent.
#[derive(Debug)]
pub(super) struct Replies {
    bytes: usize,
    room: Arc<Semaphore>,
    /// As much again, for replies that wait for room.
    waiting: Arc<Semaphore>,
    /// Oldest first.
    sent: Mutex<VecDeque<Sent>>,
}

#[derive(Debug)]
struct Sent {
    since: Instant,
    units: usize,
    connection: Arc<Connection>,
    /// Gone when the reply is.
    reply: Weak<()>,
}

/// A reply, and its room among all replies.
struct Held {
    body: Bytes,
    _room: OwnedSemaphorePermit,
    _alive: Arc<()>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

impl Replies {
    /// Room for so many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        let room = || Arc::new(Semaphore::new(bytes / UNIT));
        Self { bytes, room: room(), waiting: room(), sent: Mutex::default() }
    }

    /// The body of a reply on `connection`, counted until it is sent; nothing where there is no room for it.
    pub(super) async fn count(&self, body: &Bytes, connection: &Arc<Connection>) -> Option<Bytes> {
        if body.len() <= SMALL {
            return Some(body.clone());
        }
        let units = body.len().min(self.bytes) / UNIT;
        let wanted = u32::try_from(units).ok()?;
        let room = match Arc::clone(&self.room).try_acquire_many_owned(wanted) {
            Ok(room) => room,
            Err(_) => {
                self.cut_slow_readers(units);
                let _waits = Arc::clone(&self.waiting).try_acquire_many_owned(wanted).ok()?;
                let room = Arc::clone(&self.room).acquire_many_owned(wanted);
                tokio::time::timeout(PATIENCE, room).await.ok()?.ok()?
            }
        };
        let alive = Arc::new(());
        let reply = Arc::downgrade(&alive);
        let mut sent = self.sent();
        while sent.front().is_some_and(|oldest| oldest.reply.strong_count() == 0) {
            sent.pop_front();
        }
        let connection = Arc::clone(connection);
        let (since, watched) = (Instant::now(), (Arc::clone(&connection), reply.clone()));
        sent.push_back(Sent { since, units, connection, reply });
        drop(sent);
        let time = UNREAD + Duration::from_secs((body.len() / SLOWEST) as u64);
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            let (connection, reply) = watched;
            if reply.strong_count() > 0 {
                connection.cut();
            }
        });
        Some(Bytes::from_owner(Held { body: body.clone(), _room: room, _alive: alive }))
    }

    /// Cuts off the clients that have been reading longest, until that gives so much room.
    fn cut_slow_readers(&self, units: usize) {
        let mut sent = self.sent();
        let mut given = self.room.available_permits();
        while given < units && sent.front().is_some_and(|oldest| oldest.since.elapsed() > GRACE) {
            let Some(oldest) = sent.pop_front() else { break };
            if oldest.reply.strong_count() > 0 {
                oldest.connection.cut();
                given += oldest.units;
            }
        }
    }

    fn sent(&self) -> MutexGuard<'_, VecDeque<Sent>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
