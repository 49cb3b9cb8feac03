//! The connections that are open, and which one makes room where there is none for a new one.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::Notify;

/// Of the connections that there is room for, the share of one address where the settings do not say.
const SHARE: usize = 4;

/// What [`Connection::idle_since`] is while a request is being answered.
const BUSY: u64 = u64::MAX;

/// All connections.
#[derive(Debug)]
pub(super) struct Connections {
    room: usize,
    per_address: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    /// By number, which is the order they came in.
    of: HashMap<IpAddr, BTreeMap<u64, Arc<Connection>>>,
    count: usize,
    next: u64,
}

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    address: IpAddr,
    number: u64,
    idle_since: AtomicU64,
    cut: Notify,
}

/// Why there is no place for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// All connections of this address have requests that are being answered.
    OfThisAddress,
    /// All connections have.
    AtAll,
}

/// A connection's place, until it ends.
#[derive(Debug)]
pub(super) struct Place {
    connections: Arc<Connections>,
    connection: Arc<Connection>,
}

impl Connections {
    /// Room for so many in all, and for so many of one address: 0 is as many as there is room for.
    pub(super) fn new(room: usize, per_address: Option<usize>) -> Arc<Self> {
        let per_address = match per_address {
            Some(0) => room,
            Some(bound) => bound,
            None => (room / SHARE).max(1),
        };
        Arc::new(Self { room, per_address, open: Mutex::default() })
    }

    /// A place for a connection from `address`. Where there is none, the one that has waited longest for a request loses its
    /// own: of the same address, or else of the address with most connections.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Place, NoPlace> {
        let address = network(address);
        let mut open = self.open();
        if open.of.get(&address).is_some_and(|same| same.len() >= self.per_address) {
            open.make_room(address).ok_or(NoPlace::OfThisAddress)?;
        } else if open.count >= self.room {
            open.make_room_anywhere().ok_or(NoPlace::AtAll)?;
        }
        let number = open.next;
        let (idle_since, cut) = (AtomicU64::new(milliseconds()), Notify::new());
        let connection = Arc::new(Connection { address, number, idle_since, cut });
        open.next += 1;
        open.count += 1;
        open.of.entry(address).or_default().insert(number, Arc::clone(&connection));
        Ok(Place { connections: Arc::clone(self), connection })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn make_room(&mut self, address: IpAddr) -> Option<()> {
        let same = self.of.get(&address)?.values();
        let idle = same.map(|connection| (connection.idle_since(), connection));
        let (_, oldest) = idle.filter(|(since, _)| *since != BUSY).min_by_key(|(since, _)| *since)?;
        let oldest = Arc::clone(oldest);
        self.remove(&oldest);
        oldest.cut();
        Some(())
    }

    fn make_room_anywhere(&mut self) -> Option<()> {
        let largest = self.of.iter().max_by_key(|(_, same)| same.len()).map(|(address, _)| *address)?;
        if self.make_room(largest).is_some() {
            return Some(());
        }
        let others: Vec<IpAddr> = self.of.keys().copied().collect();
        others.into_iter().find_map(|address| self.make_room(address))
    }

    fn remove(&mut self, connection: &Connection) {
        let Some(same) = self.of.get_mut(&connection.address) else { return };
        if same.remove(&connection.number).is_some() {
            self.count -= 1;
        }
        if same.is_empty() {
            self.of.remove(&connection.address);
        }
    }
}

impl Connection {
    /// A request has come.
    pub(super) fn begin(&self) {
        self.idle_since.store(BUSY, Ordering::Relaxed);
    }

    /// It is answered.
    pub(super) fn end(&self) {
        self.idle_since.store(milliseconds(), Ordering::Relaxed);
    }

    fn idle_since(&self) -> u64 {
        self.idle_since.load(Ordering::Relaxed)
    }

    /// Ends the connection, whatever it is at.
    pub(super) fn cut(&self) {
        self.cut.notify_one();
    }

    /// Waits until the connection is cut.
    pub(super) async fn is_cut(&self) {
        self.cut.notified().await;
    }
}

impl Place {
    /// Whose place it is.
    pub(super) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.open().remove(&self.connection);
    }
}

/// What counts as one address: of IPv6 the network that one customer gets.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        IpAddr::V4(address) => address.into(),
    }
}

/// Milliseconds since the first call.
fn milliseconds() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(START.elapsed().as_millis()).unwrap_or(BUSY - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn count(connections: &Connections) -> usize {
        connections.open().count
    }

    #[test]
    fn the_connection_that_idles_longest_makes_room_and_a_busy_one_does_not() {
        let connections = Connections::new(100, Some(2));
        let (one, other) = (address("10.0.0.1"), address("10.0.0.2"));
        let first = connections.admit(one).expect("room");
        let second = connections.admit(one).expect("room");
        first.connection().begin();
        let third = connections.admit(one).expect("the second one's place");
        assert_eq!(count(&connections), 2);
        third.connection().begin();
        assert_eq!(connections.admit(one).err(), Some(NoPlace::OfThisAddress));
        assert!(connections.admit(other).is_ok());
        drop(second);
        assert_eq!(count(&connections), 2);
        first.connection().end();
        drop(connections.admit(one).expect("the first one's place"));
        drop((first, third));
        assert_eq!(count(&connections), 0);
    }

    #[test]
    fn where_all_places_are_taken_the_address_with_most_connections_gives_one() {
        let connections = Connections::new(3, Some(0));
        let many = [(); 2].map(|()| connections.admit(address("10.0.0.1")).expect("room"));
        let one = connections.admit(address("10.0.0.2")).expect("room");
        let _new = connections.admit(address("10.0.0.3")).expect("a place of the first address");
        assert_eq!(connections.open().of.get(&address("10.0.0.1")).map(BTreeMap::len), Some(1));
        many.iter().chain([&one]).for_each(|place| place.connection().begin());
        let _other = connections.admit(address("10.0.0.3")).expect("the only idle one's place");
        for same in connections.open().of.values().flat_map(BTreeMap::values) {
            same.begin();
        }
        assert_eq!(connections.admit(address("10.0.0.4")).err(), Some(NoPlace::AtAll));
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        assert_eq!(network(address("2001:db8::1")), network(address("2001:db8::ffff:0:1")));
        assert_ne!(network(address("2001:db8:0:1::1")), network(address("2001:db8:0:2::1")));
        assert_eq!(network(address("::ffff:10.0.0.1")), address("10.0.0.1"));
    }

    #[test]
    fn an_address_has_a_share_where_the_settings_do_not_say() {
        assert_eq!(Connections::new(16_384, None).per_address, 4096);
        assert_eq!(Connections::new(344, None).per_address, 86);
        assert_eq!(Connections::new(344, Some(0)).per_address, 344);
    }
}
