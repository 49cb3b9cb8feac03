//! Whether a migration of LiteLLM's has changed the optional columns since the start: the host would
//! ignore what the new columns say, so it answers nothing from then on.

use super::address::Address;
use super::schema;
use super::session::{Lease, in_time};
use crate::store::StoreError;
use deadpool_postgres::Pool;
use latchkey_contract::tables::Lacking;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often the tables are looked at.
const PAUSE: Duration = Duration::from_secs(1);

const WHY: &str = "its tables have other columns than at the start of this host, which must be started again";

/// Set once, for good.
#[derive(Debug, Clone, Default)]
pub(super) struct Outdated(Arc<AtomicBool>);

impl Outdated {
    /// Nothing, or the error that is everybody's answer.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self.0.load(Ordering::Relaxed) {
            true => Err(StoreError::Away(WHY.to_owned())),
            false => Ok(()),
        }
    }

    /// Compares the tables with `known`, which the start found, until they differ.
    pub(super) async fn watch(self, pool: Pool, address: Address, known: Lacking) {
        let own = address.own_schema();
        loop {
            tokio::time::sleep(PAUSE).await;
            // the requests that need the database report that it is away
            let Ok(lease) = Lease::take(&pool).await else { continue };
            let Ok(looked) = in_time(schema::lacking(&lease, &address.schema, &own)).await else { continue };
            lease.give_back(looked.as_ref().err());
            if looked.is_ok_and(|lacking| lacking.names() != known.names()) {
                tracing::error!("{WHY}");
                self.0.store(true, Ordering::Relaxed);
                return;
            }
        }
    }
}
