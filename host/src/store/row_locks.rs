//! Locks of rows. A request that lost the race for a row twice decides once more while no other request on this host changes that
//! row, so that a holder who changes their key without end keeps no admin from blocking it.

use super::tags::Changed;
use latchkey_contract::wire::{Guard, Write};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// So many locks for all rows: two rows share one by chance.
const LOCKS: usize = 1024;

/// The locks of a host.
#[derive(Debug)]
pub(crate) struct RowLocks(Vec<RwLock<()>>);

/// The rows that a commit is about, by the numbers of their locks, in order, and whether it changes each of them.
#[derive(Debug)]
pub(crate) struct Rows(Vec<(usize, bool)>);

/// A lock that is held.
pub(crate) enum Held<'a> {
    /// With others that rely on the row.
    Shared { _lock: RwLockReadGuard<'a, ()> },
    /// With no other.
    Exclusive { _lock: RwLockWriteGuard<'a, ()> },
}

impl RowLocks {
    /// The locks, none of which is held.
    pub(crate) fn new() -> Self {
        Self((0..LOCKS).map(|_| RwLock::new(())).collect())
    }

    /// The rows that a commit changes or relies on; none where it is about more than can be named.
    pub(crate) fn rows(writes: &[Write], guards: &[Guard]) -> Rows {
        let (Changed::Rows(changed), Changed::Rows(all)) =
            (Changed::by(writes), Changed::around(writes, guards))
        else {
            return Rows(Vec::new());
        };
        let changed: Vec<usize> = changed.into_iter().map(|tag| tag.place(LOCKS)).collect();
        let mut numbers: Vec<usize> = all.into_iter().map(|tag| tag.place(LOCKS)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        Rows(numbers.into_iter().map(|number| (number, changed.contains(&number))).collect())
    }

    /// Waits until no request has one of these rows exclusively. All take their locks in the same order, so that no two wait for
    /// each other.
    pub(crate) async fn shared(&self, rows: &Rows) -> Vec<Held<'_>> {
        self.hold(rows, false).await
    }

    /// Waits until no other request changes or relies on the rows that the commit changes, and keeps others from it.
    pub(crate) async fn exclusive(&self, rows: &Rows) -> Vec<Held<'_>> {
        self.hold(rows, true).await
    }

    async fn hold(&self, rows: &Rows, changed_exclusively: bool) -> Vec<Held<'_>> {
        let mut held = Vec::with_capacity(rows.0.len());
        for (number, is_changed) in &rows.0 {
            let Some(lock) = self.0.get(*number) else { continue };
            held.push(match changed_exclusively && *is_changed {
                true => Held::Exclusive { _lock: lock.write().await },
                false => Held::Shared { _lock: lock.read().await },
            });
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::{Team, User};
    use latchkey_contract::wire::{changed, present};
    use std::time::Duration;

    #[tokio::test]
    async fn a_row_that_is_held_exclusively_is_waited_for_and_another_is_not() {
        let locks = RowLocks::new();
        let team = Team { team_id: "t".to_owned(), ..Team::default() };
        let blocks = changed(&team, &Team { blocked: true, ..team.clone() }).expect("a change");
        let user = present::<User>("u");
        let both = RowLocks::rows(&[], &[present::<Team>("t"), user.clone()]);
        let of_user = RowLocks::rows(&[], std::slice::from_ref(&user));
        let change = RowLocks::rows(&[blocks], &[user]);
        let soon = Duration::from_millis(20);
        let exclusive = locks.exclusive(&change).await;
        assert!(tokio::time::timeout(soon, locks.shared(&both)).await.is_err());
        // what the change relies on others may rely on, too
        assert!(tokio::time::timeout(soon, locks.shared(&of_user)).await.is_ok());
        drop(exclusive);
        let shared = locks.shared(&both).await;
        assert!(tokio::time::timeout(soon, locks.shared(&both)).await.is_ok());
        assert!(tokio::time::timeout(soon, locks.exclusive(&change)).await.is_err());
        drop(shared);
        assert!(tokio::time::timeout(soon, locks.exclusive(&change)).await.is_ok());
    }
}
