//! Bodies of requests: what is there with the head is read at once, the rest when it is known that the caller may send it,
//! and all of them together take no more memory than the settings say.

use super::room::{Share, Taken, Unread, whole};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use latchkey_contract::wire::Bounds;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// How long a body that is read before the caller is known may take: clients send the head and a short body one right after
/// the other.
const PROMPT_TIME: Duration = Duration::from_millis(10);

/// Bytes that room is made for at one time, at the least.
const STEP: usize = 64 << 10;

/// A body that arrives.
pub(super) struct Arriving {
    body: Incoming,
    /// Bytes that it may have.
    limit: usize,
    /// Bytes of it that are read before it is known who sends it.
    prompt: usize,
    /// Bytes of it that are read and dropped if it is refused, so that the client reads the answer.
    drained: usize,
    /// When it is too late.
    end: Instant,
    /// Bytes that came, kept or not.
    seen: usize,
    /// The first piece, as long as it is the only one.
    first: Bytes,
    /// All pieces, if there are several.
    rest: Vec<u8>,
}

/// A body, and its room among all bodies.
struct Held {
    bytes: Vec<u8>,
    _room: Taken,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Arriving {
    /// A body of which nothing has been read.
    pub(super) fn new(body: Incoming, bounds: &Bounds) -> Self {
        let limit = whole(bounds.body_bytes);
        let (prompt, drained) = (whole(bounds.prompt_body_bytes), whole(bounds.drained_body_bytes));
        let end = Instant::now() + Duration::from_millis(bounds.body_ms);
        Self { body, limit, prompt, drained, end, seen: 0, first: Bytes::new(), rest: Vec::new() }
    }

    /// The whole body, if it is short and there.
    pub(super) async fn at_once(&mut self) -> Option<Bytes> {
        if self.body.is_end_stream() {
            return Some(Bytes::new());
        }
        if self.announced() > self.prompt {
            return None;
        }
        let whole = async {
            while let Some(data) = self.next().await? {
                self.keep(data);
                if self.body.is_end_stream() {
                    break;
                }
                if self.seen > self.prompt {
                    return Ok(false);
                }
            }
            Ok::<_, Unread>(true)
        };
        let is_whole = matches!(timeout(PROMPT_TIME, whole).await, Ok(Ok(true)));
        is_whole.then(|| self.take())
    }

    /// The whole body, once it is there, in the room that its sender has.
    pub(super) async fn whole(&mut self, room: &Share) -> Result<Bytes, Unread> {
        if self.announced() > self.limit {
            self.forget().await;
            return Err(Unread::TooLarge);
        }
        let mut held = room.take(self.announced().max(self.seen).min(STEP)).await?;
        self.rest.extend_from_slice(&std::mem::take(&mut self.first));
        while let Some(data) = self.next_in_time().await? {
            let needed = self.rest.len() + data.len();
            if needed > self.limit {
                drop((std::mem::take(&mut self.rest), data, held));
                self.forget().await;
                return Err(Unread::TooLarge);
            }
            let has_room = held.bytes();
            if needed > has_room {
                let more = (needed - has_room).max(STEP).min(self.limit.saturating_sub(has_room));
                held.merge(room.take(more).await?);
            }
            if self.rest.capacity() < needed {
                // no more than there is room for
                let capacity = held.bytes().max(needed);
                self.rest.reserve_exact(capacity - self.rest.len());
            }
            self.rest.extend_from_slice(&data);
            if self.body.is_end_stream() {
                break;
            }
        }
        Ok(Bytes::from_owner(Held { bytes: std::mem::take(&mut self.rest), _room: held }))
    }

    /// Reads what follows and keeps nothing of it, so that the client reads the answer.
    pub(super) async fn forget(&mut self) {
        drop((std::mem::take(&mut self.first), std::mem::take(&mut self.rest)));
        while self.seen <= self.drained && matches!(self.next_in_time().await, Ok(Some(_))) {}
    }

    /// What was read of it and is kept, and what is still to come.
    pub(super) fn halves(mut self) -> (Bytes, Incoming) {
        (self.take(), self.body)
    }

    /// Bytes that the client says are still to come.
    fn announced(&self) -> usize {
        let hint = self.body.size_hint().lower();
        usize::try_from(hint).unwrap_or(usize::MAX).saturating_add(self.seen)
    }

    async fn next_in_time(&mut self) -> Result<Option<Bytes>, Unread> {
        if self.body.is_end_stream() {
            return Ok(None);
        }
        let end = self.end;
        timeout_at(end, self.next()).await.unwrap_or(Err(Unread::Gone))
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Unread> {
        while let Some(frame) = self.body.frame().await {
            let Ok(data) = frame.map_err(|_| Unread::Gone)?.into_data() else { continue };
            self.seen += data.len();
            return Ok(Some(data));
        }
        Ok(None)
    }

    fn keep(&mut self, data: Bytes) {
        if self.first.is_empty() && self.rest.is_empty() {
            self.first = data;
            return;
        }
        if self.rest.is_empty() {
            self.rest.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.rest.extend_from_slice(&data);
    }

    fn take(&mut self) -> Bytes {
        match self.rest.is_empty() {
            true => std::mem::take(&mut self.first),
            false => std::mem::take(&mut self.rest).into(),
        }
    }
}
