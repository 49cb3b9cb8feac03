//! Turns at rows. A request that lost the race for a row twice decides once more while nobody else on this host changes that
//! row, so that a holder who changes their key without end keeps no admin from blocking it.

use super::tags::Changed;
use latchkey_contract::wire::{Guard, Write};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// So many turns for all rows: two rows share one by chance.
const TURNS: usize = 1024;

/// The turns of a host.
#[derive(Debug)]
pub(crate) struct Turns(Vec<RwLock<()>>);

/// The rows that a commit is about, by their turns, in order, and whether it changes each of them.
#[derive(Debug)]
pub(crate) struct Places(Vec<(usize, bool)>);

/// A turn that is taken.
pub(crate) enum Turn<'a> {
    /// Beside others who rely on the row.
    Shared { _held: RwLockReadGuard<'a, ()> },
    /// With nobody beside.
    Alone { _held: RwLockWriteGuard<'a, ()> },
}

impl Turns {
    /// No turn is taken.
    pub(crate) fn new() -> Self {
        Self((0..TURNS).map(|_| RwLock::new(())).collect())
    }

    /// The rows that a commit changes or relies on; none where it is about more than can be named.
    pub(crate) fn places(writes: &[Write], guards: &[Guard]) -> Places {
        let (Changed::Rows(changed), Changed::Rows(tags)) =
            (Changed::by(writes), Changed::around(writes, guards))
        else {
            return Places(Vec::new());
        };
        let changed: Vec<usize> = changed.into_iter().map(|tag| tag.place(TURNS)).collect();
        let mut places: Vec<usize> = tags.into_iter().map(|tag| tag.place(TURNS)).collect();
        places.sort_unstable();
        places.dedup();
        Places(places.into_iter().map(|place| (place, changed.contains(&place))).collect())
    }

    /// Waits until nobody has these rows alone. All who wait take their turns in the same order, so that no two wait for each
    /// other.
    pub(crate) async fn beside(&self, places: &Places) -> Vec<Turn<'_>> {
        self.take(places, |_| false).await
    }

    /// Waits until nobody else changes or relies on the rows that the commit changes, and keeps others from it.
    pub(crate) async fn alone(&self, places: &Places) -> Vec<Turn<'_>> {
        self.take(places, |is_changed| is_changed).await
    }

    async fn take(&self, places: &Places, is_alone: fn(bool) -> bool) -> Vec<Turn<'_>> {
        let mut held = Vec::with_capacity(places.0.len());
        for (place, is_changed) in &places.0 {
            let Some(turn) = self.0.get(*place) else { continue };
            held.push(match is_alone(*is_changed) {
                true => Turn::Alone { _held: turn.write().await },
                false => Turn::Shared { _held: turn.read().await },
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
    async fn a_row_that_somebody_changes_alone_is_waited_for_and_another_is_not() {
        let turns = Turns::new();
        let team = Team { team_id: "t".to_owned(), ..Team::default() };
        let blocks = changed(&team, &Team { blocked: true, ..team.clone() }).expect("a change");
        let user = present::<User>("u");
        let both = Turns::places(&[], &[present::<Team>("t"), user.clone()]);
        let of_user = Turns::places(&[], std::slice::from_ref(&user));
        let change = Turns::places(&[blocks], &[user]);
        let soon = Duration::from_millis(20);
        let alone = turns.alone(&change).await;
        assert!(tokio::time::timeout(soon, turns.beside(&both)).await.is_err());
        // what the change relies on others may rely on, too
        assert!(tokio::time::timeout(soon, turns.beside(&of_user)).await.is_ok());
        drop(alone);
        let beside = turns.beside(&both).await;
        assert!(tokio::time::timeout(soon, turns.beside(&both)).await.is_ok());
        assert!(tokio::time::timeout(soon, turns.alone(&change)).await.is_err());
        drop(beside);
        assert!(tokio::time::timeout(soon, turns.alone(&change)).await.is_ok());
    }
}
