//! Room in memory for the bodies of requests: for all of them together, and within it for those of one sender.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long a body may wait for room.
const PATIENCE: Duration = Duration::from_secs(5);

/// The unit in which room is counted.
pub(super) const UNIT: usize = 1 << 10;

/// Of the room for all bodies, the share of one sender.
const SHARE: usize = 4;

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is larger than the limit.
    TooLarge,
    /// It broke off, or took too long.
    Gone,
    /// Other bodies take all the memory there is for them.
    NoRoom,
}

/// The room for all bodies.
#[derive(Debug)]
pub(super) struct Room {
    all: Arc<Semaphore>,
    /// Units for one sender.
    share: usize,
    /// Of senders whose bodies are read or judged.
    shares: Mutex<HashMap<String, Weak<Semaphore>>>,
}

/// The room for the bodies of one sender.
#[derive(Debug)]
pub(super) struct Share {
    all: Arc<Semaphore>,
    /// None where the sender is not known.
    own: Option<Arc<Semaphore>>,
}

/// Room that one body has.
#[derive(Debug)]
pub(super) struct Taken {
    all: OwnedSemaphorePermit,
    own: Option<OwnedSemaphorePermit>,
}

impl Room {
    /// Room for so many bytes, where one body may have `largest`.
    pub(super) fn new(bytes: usize, largest: usize) -> Self {
        let all = Arc::new(Semaphore::new(bytes / UNIT));
        let share = (bytes / SHARE).max(largest).div_ceil(UNIT).min(bytes / UNIT);
        Self { all, share, shares: Mutex::default() }
    }

    /// The share of `sender`.
    pub(super) fn of(&self, sender: Option<&str>) -> Share {
        let own = sender.map(|sender| {
            let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = shares.get(sender).and_then(Weak::upgrade) {
                return known;
            }
            shares.retain(|_, share| share.strong_count() > 0);
            let new = Arc::new(Semaphore::new(self.share));
            shares.insert(sender.to_owned(), Arc::downgrade(&new));
            new
        });
        Share { all: Arc::clone(&self.all), own }
    }
}

impl Share {
    /// Room for so many bytes.
    pub(super) async fn take(&self, bytes: usize) -> Result<Taken, Unread> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).map_err(|_| Unread::NoRoom)?;
        let both = async {
            let own = match &self.own {
                Some(own) => Some(Arc::clone(own).acquire_many_owned(units).await?),
                None => None,
            };
            Ok::<_, tokio::sync::AcquireError>((own, Arc::clone(&self.all).acquire_many_owned(units).await?))
        };
        let (own, all) = timeout(PATIENCE, both).await.ok().and_then(Result::ok).ok_or(Unread::NoRoom)?;
        Ok(Taken { all, own })
    }
}

impl Taken {
    /// Bytes that there is room for.
    pub(super) fn bytes(&self) -> usize {
        self.all.num_permits() * UNIT
    }

    /// Adds room of the same sender.
    pub(super) fn merge(&mut self, more: Self) {
        self.all.merge(more.all);
        if let (Some(own), Some(more)) = (&mut self.own, more.own) {
            own.merge(more);
        }
    }
}

/// A number of bytes of the report.
pub(super) fn whole(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether so many bytes have to wait.
    async fn waits(share: Share, bytes: usize) -> bool {
        timeout(Duration::from_millis(20), share.take(bytes)).await.is_err()
    }

    #[tokio::test]
    async fn one_sender_takes_its_share_and_leaves_the_rest_to_others() {
        let room = Room::new(64 * UNIT, 4 * UNIT);
        let held = room.of(Some("a")).take(15 * UNIT).await.expect("room");
        assert!(waits(room.of(Some("a")), 2 * UNIT).await);
        let other = room.of(Some("b")).take(16 * UNIT).await.expect("another share");
        let unknown = room.of(None).take(33 * UNIT).await.expect("all that is left");
        assert!(waits(room.of(None), 1).await);
        drop((held, other, unknown));
        let mut all = room.of(Some("a")).take(UNIT).await.expect("room again");
        all.merge(room.of(Some("a")).take(15 * UNIT).await.expect("more of it"));
        assert_eq!((all.bytes(), room.shares.lock().expect("shares").len()), (16 * UNIT, 1));
    }

    #[tokio::test]
    async fn a_share_has_room_for_the_largest_body() {
        let room = Room::new(8 * UNIT, 6 * UNIT);
        assert_eq!(room.of(Some("a")).take(6 * UNIT).await.expect("room").bytes(), 6 * UNIT);
    }
}
