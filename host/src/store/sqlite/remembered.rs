//! Answers that were read a moment ago, for as long as nobody has changed the file: not this process, and no other one.
//!
//! What this process commits it knows. Of others it learns by the counter that SQLite keeps in the index of its write-ahead
//! log, `iChange` of the file `-shm`, which every commit raises by one
//! (<https://www.sqlite.org/walformat.html#the_wal_index_header>).

use crate::store::Fact;
use crate::store::cache::{Cache, Since};
use crate::store::tags::Changed;
use latchkey_contract::wire::{Query, Write};
use rusqlite::Connection;
use std::fs::File;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// The remembered answers of one process.
#[derive(Debug)]
pub(super) struct Remembered {
    cache: Cache,
    counter: Option<Counter>,
    /// The counter as it is when nobody but this process has committed.
    known: AtomicU32,
    /// Whether the counter may just be rising by a commit of this process.
    is_committing: AtomicBool,
}

impl Remembered {
    /// Nothing yet. Where the counter cannot be read, nothing ever is.
    pub(super) fn new(connection: &Connection) -> Self {
        let counter = Counter::of(connection);
        let cache = Cache::default();
        if counter.is_some() {
            cache.open();
        }
        let known = AtomicU32::new(counter.as_ref().and_then(Counter::read).unwrap_or_default());
        Self { cache, counter, known, is_committing: AtomicBool::new(false) }
    }

    /// The answers that are known, and the queries to which none is.
    pub(super) fn split(&self, queries: Vec<Query>) -> (Vec<Option<Fact>>, Vec<Query>) {
        if self.is_current() {
            self.cache.split(queries)
        } else {
            (queries.iter().map(|_| None).collect(), queries)
        }
    }

    /// To be asked for before rows are read that will be remembered.
    pub(super) fn now(&self) -> Since {
        self.cache.now()
    }

    /// All answers in the order of the queries that were split; remembers those which were read `since` then.
    pub(super) fn complete(&self, known: Vec<Option<Fact>>, read: Vec<Fact>, since: Since) -> Vec<Fact> {
        self.cache.complete(known, read, since)
    }

    /// Whether nobody else has committed; if somebody has, all is forgotten.
    fn is_current(&self) -> bool {
        let Some(counter) = &self.counter else { return false };
        let (known, found) = (self.known.load(Ordering::SeqCst), counter.read());
        if found == Some(known) {
            return true;
        }
        if !self.is_committing.load(Ordering::SeqCst) {
            self.forget(found);
        }
        false
    }

    fn forget(&self, found: Option<u32>) {
        self.cache.drop_changed(&Changed::All);
        if let Some(found) = found {
            self.known.store(found, Ordering::SeqCst);
        }
    }

    /// Commits a transaction that nobody else can come before: it has the lock to write. `writes` are those that last, if
    /// it does.
    pub(super) fn committing<E>(
        &self,
        writes: &[&[Write]],
        commit: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let before = self.counter.as_ref().and_then(Counter::read);
        if before != Some(self.known.load(Ordering::SeqCst)) {
            self.forget(before);
        }
        self.is_committing.store(true, Ordering::SeqCst);
        let done = commit();
        match &done {
            Ok(()) => writes.iter().for_each(|writes| self.cache.drop_changed(&Changed::by(writes))),
            // nobody knows what has become of it
            Err(_) => self.cache.drop_changed(&Changed::All),
        }
        // a deletion may find no row, and then there is nothing to commit
        let changes = |write: &Write| matches!(write, Write::Insert { .. } | Write::Update { .. });
        let rises = done.is_ok() && writes.iter().any(|writes| writes.iter().any(changes));
        if let Some(before) = before {
            self.known.store(before.wrapping_add(u32::from(rises)), Ordering::SeqCst);
        }
        self.is_committing.store(false, Ordering::SeqCst);
        done
    }
}

/// The counter of all commits to a file, whoever makes them.
///
/// Its file stays open for good: to close it would release the locks that SQLite holds on it for this process.
#[derive(Debug)]
struct Counter(ManuallyDrop<File>);

impl Counter {
    fn of(connection: &Connection) -> Option<Self> {
        let counter = Self(ManuallyDrop::new(File::open(format!("{}-shm", connection.path()?)).ok()?));
        counter.read().map(|_| counter)
    }

    #[cfg(unix)]
    fn read(&self) -> Option<u32> {
        const AT: u64 = 8;
        let mut bytes = [0; 4];
        std::os::unix::fs::FileExt::read_exact_at(&*self.0, &mut bytes, AT).ok()?;
        Some(u32::from_ne_bytes(bytes))
    }

    #[cfg(not(unix))]
    fn read(&self) -> Option<u32> {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::store::sqlite::Sqlite;
    use crate::store::{Commit, Store};
    use latchkey_contract::tables::VirtualKey;
    use latchkey_contract::wire::{Guard, Query, Write};
    use latchkey_contract::wire::{changed, insert, present};
    use rusqlite::Connection;
    use std::sync::atomic::Ordering;
    use tempfile::TempDir;

    /// A store with a key that was read once, and the file as others open it.
    async fn scene() -> (TempDir, Sqlite, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.sqlite3");
        let store = Sqlite::open(&path).unwrap();
        commit(&store, vec![insert(&key(0.0))], vec![]).await;
        spend(&store).await;
        (folder, store, Connection::open(path).unwrap())
    }

    fn key(spend: f64) -> VirtualKey {
        VirtualKey { token: "t".to_owned(), spend, ..VirtualKey::default() }
    }

    async fn commit(store: &Sqlite, writes: Vec<Write>, guards: Vec<Guard>) -> Commit {
        store.commit(writes, guards).await.unwrap()
    }

    async fn spend(store: &Sqlite) -> f64 {
        let facts = store.read(vec![Query::Caller { token: "t".to_owned() }]).await.unwrap();
        let rest = facts[0].rows.as_str().split("\"spend\":").nth(1).unwrap();
        rest[..rest.find(',').unwrap()].parse().unwrap()
    }

    /// Whether the next read is answered from what is remembered.
    fn remembers(store: &Sqlite) -> bool {
        store.remembered.split(vec![Query::Caller { token: "t".to_owned() }]).1.is_empty()
    }

    const OTHERS: &str = "UPDATE \"LiteLLM_VerificationToken\" SET spend = spend + 1";

    #[tokio::test]
    async fn what_others_commit_is_seen_at_once() {
        let (_folder, store, others) = scene().await;
        assert!(remembers(&store));
        for round in 1..=5 {
            others.execute_batch(OTHERS).unwrap();
            assert_eq!(spend(&store).await, f64::from(round));
            assert!(remembers(&store));
        }
    }

    #[tokio::test]
    async fn what_this_process_commits_is_seen_at_once_and_costs_no_other_answer() {
        let (_folder, store, _others) = scene().await;
        for round in 1..=5 {
            let other = VirtualKey { token: format!("other {round}"), ..VirtualKey::default() };
            commit(&store, vec![insert(&other)], vec![]).await;
            assert!(remembers(&store), "the counter rises by one with each commit");
            let (old, new) = (key(f64::from(round) - 1.0), key(f64::from(round)));
            commit(&store, vec![changed(&old, &new).unwrap()], vec![]).await;
            assert!(!remembers(&store));
            assert_eq!(spend(&store).await, f64::from(round));
        }
        let counter = store.remembered.counter.as_ref().unwrap().read();
        assert_eq!(counter, Some(store.remembered.known.load(Ordering::SeqCst)));
    }

    #[tokio::test]
    async fn what_others_commit_beside_commits_that_change_nothing_is_seen() {
        let (_folder, store, others) = scene().await;
        let nothing = || Write::delete::<VirtualKey>("token", "none");
        let (old, new) = (key(0.0), key(9.0));
        for round in 1..=4 {
            let (writes, guards, wanted) = match round % 2 {
                0 => (vec![nothing()], vec![], Commit::Committed),
                _ => {
                    (vec![changed(&old, &new).unwrap()], vec![present::<VirtualKey>("none")], Commit::Refused)
                }
            };
            assert_eq!(commit(&store, writes, guards).await, wanted);
            others.execute_batch(OTHERS).unwrap();
            assert_eq!(spend(&store).await, f64::from(round));
        }
    }

    #[tokio::test]
    async fn a_checkpoint_and_a_new_log_hide_nothing() {
        let (_folder, store, others) = scene().await;
        for round in 1..=3 {
            others.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
            others.execute_batch(OTHERS).unwrap();
            assert_eq!(spend(&store).await, f64::from(round));
        }
    }
}
