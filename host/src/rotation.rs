//! Looks now and then whether keys are due, one host of all at a time. What becomes of a key the module decides.

use crate::flow::Service;
use crate::store::StoreError;
use latchkey_contract::json::Json;
use latchkey_contract::wire::{RotationReport, Task};
use std::time::Duration;

/// The name of the lease.
const LEASE: &str = "key_rotation";

/// Looks for keys that are due, for ever.
pub async fn run(service: Service) {
    let Some(rotation) = service.policy().report().rotation.clone() else { return };
    let mut ticks = tokio::time::interval(Duration::from_millis(rotation.check_ms.max(1)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut holder = [0; 16];
    if let Err(error) = getrandom::fill(&mut holder) {
        tracing::error!(%error, "the system gives no randomness, no key is rotated");
        return;
    }
    let holder = latchkey_contract::mint::hex(&holder);
    loop {
        ticks.tick().await;
        match look(&service, &holder, &rotation).await {
            Ok(0) => {}
            Ok(rotated) => tracing::info!(rotated, "keys have got another secret"),
            Err(error) => tracing::error!(%error, "keys could not be looked through for those that are due"),
        }
    }
}

/// Rotates the keys that are due, and gives how many it has rotated; none where another host does.
pub async fn look(service: &Service, holder: &str, rotation: &RotationReport) -> Result<u64, StoreError> {
    let (mut rotated, mut skip, mut failures) = (0, 0, 0);
    let (store, since, lease_ms) = (service.store(), crate::given::now(), rotation.lease_ms);
    while store.lease(LEASE, holder, lease_ms).await? {
        let Some(due) = service.task(Task::DueKeys { skip, since }).await else { break };
        let tokens: Vec<String> = due
            .get("tokens")
            .and_then(Json::as_list)
            .unwrap_or_default()
            .iter()
            .filter_map(|token| token.as_str().map(str::to_owned))
            .collect();
        if tokens.is_empty() {
            break;
        }
        for token in tokens {
            // from each key on: a list may take longer than the lease
            if !store.lease(LEASE, holder, lease_ms).await? {
                return Ok(rotated);
            }
            let done = service.task(Task::RotateKey { token: token.clone() }).await.unwrap_or(Json::Null);
            if done.get("rotated") == Some(&Json::Bool(true)) {
                (rotated, failures) = (rotated + 1, 0);
            } else {
                let why = done.get("why").and_then(Json::as_str).unwrap_or("it could not be stored");
                tracing::warn!(key = token, why, "a key that is due keeps its secret");
                skip += 1;
                failures = if done.get("told") == Some(&Json::Bool(false)) { failures + 1 } else { 0 };
                if failures >= rotation.most_failures {
                    tracing::error!(
                        "the address that is told new secrets does not take them, the next look tries again"
                    );
                    store.lease(LEASE, holder, 0).await?;
                    return Ok(rotated);
                }
            }
        }
    }
    // others may look at once
    store.lease(LEASE, holder, 0).await?;
    Ok(rotated)
}
