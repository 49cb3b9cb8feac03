//! Turns at rows. Whoever lost the race for a row twice decides once more while nobody else on this host changes that row, so
//! that a holder of a key who changes it without end keeps no admin from blocking it.

use super::tags::Changed;
use latchkey_contract::wire::{Guard, Write};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// So many turns for all rows: two rows share one by chance.
const TURNS: usize = 1024;

/// The turns of a host.
#[derive(Debug)]
pub(crate) struct Turns(Vec<RwLock<()>>);

/// The rows that a commit is about, by their turns, in order.
#[derive(Debug)]
pub(crate) struct Places(Vec<usize>);

impl Turns {
    /// Nobody waits yet.
    pub(crate) fn new() -> Self {
        Self((0..TURNS).map(|_| RwLock::new(())).collect())
    }

    /// The rows that a commit changes or relies on; none where it is about more than can be named.
    pub(crate) fn places(writes: &[Write], guards: &[Guard]) -> Places {
        let Changed::Rows(tags) = Changed::around(writes, guards) else { return Places(Vec::new()) };
        let mut places: Vec<usize> = tags.into_iter().map(|tag| tag.place(TURNS)).collect();
        places.sort_unstable();
        places.dedup();
        Places(places)
    }

    /// Waits until nobody has these rows alone. All who wait take their turns in the same order, so that no two wait for each
    /// other.
    pub(crate) async fn beside(&self, places: &Places) -> Vec<RwLockReadGuard<'_, ()>> {
        let mut held = Vec::with_capacity(places.0.len());
        for turn in places.0.iter().filter_map(|place| self.0.get(*place)) {
            held.push(turn.read().await);
        }
        held
    }

    /// Waits until nobody else changes these rows, and keeps them from it.
    pub(crate) async fn alone(&self, places: &Places) -> Vec<RwLockWriteGuard<'_, ()>> {
        let mut held = Vec::with_capacity(places.0.len());
        for turn in places.0.iter().filter_map(|place| self.0.get(*place)) {
            held.push(turn.write().await);
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::{Team, User};
    use latchkey_contract::wire::present;
    use std::time::Duration;

    #[tokio::test]
    async fn a_row_that_somebody_has_alone_is_waited_for_and_another_is_not() {
        let turns = Turns::new();
        let (team, user) = (present::<Team>("t"), present::<User>("u"));
        let both = Turns::places(&[], &[team.clone(), user.clone()]);
        let (team, user) = (Turns::places(&[], &[team]), Turns::places(&[], &[user]));
        let soon = Duration::from_millis(20);
        let alone = turns.alone(&team).await;
        assert!(tokio::time::timeout(soon, turns.beside(&both)).await.is_err());
        assert!(tokio::time::timeout(soon, turns.beside(&user)).await.is_ok());
        drop(alone);
        let beside = turns.beside(&both).await;
        assert!(tokio::time::timeout(soon, turns.beside(&both)).await.is_ok());
        assert!(tokio::time::timeout(soon, turns.alone(&team)).await.is_err());
        drop(beside);
        assert!(tokio::time::timeout(soon, turns.alone(&both)).await.is_ok());
    }
}
