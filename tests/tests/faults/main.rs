//! Many hosts over one PostgreSQL under load, while hosts are killed and the database crashes: what was acknowledged is there
//! afterwards, what was not is whole or not there, and no call waits for long.

mod chaos;
mod client;
mod ledger;
mod random;

use chaos::{Chaos, Hosts};
use client::{Client, Report};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_tests::postgres::{Cluster, Disk};
use latchkey_tests::scenario::MASTER_KEY;
use ledger::Stored;
use random::Random;
use std::sync::Arc;
use std::time::{Duration, Instant};

const HOSTS: usize = 3;
const CLIENTS: u64 = 64;
const DURATION: Duration = Duration::from_mins(1);

fn settings() -> Json {
    let audited = dict! {"store_audit_logs" => true};
    dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}, "litellm_settings" => audited}
}

/// `LATCHKEY_SEED` repeats the choices of an earlier run; when things happen is never the same.
fn seed() -> u64 {
    let given = std::env::var("LATCHKEY_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or_else(|| {
        let mut random = [0; 8];
        getrandom::fill(&mut random).expect("random bytes");
        u64::from_le_bytes(random)
    })
}

#[test]
fn nothing_acknowledged_is_lost_while_hosts_are_killed_and_the_database_crashes() {
    let Some(cluster) = Cluster::start(Disk::Durable).expect("a cluster") else { return };
    let seed = seed();
    println!("LATCHKEY_SEED={seed}");
    let database = cluster.database("template0").expect("a database");
    let hosts = Arc::new(Hosts::start(HOSTS, &cluster.url(&database), &settings()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let end = Instant::now() + DURATION;
    let chaos = Chaos::start(cluster, Arc::clone(&hosts), Random::new(seed), end);
    let clients: Vec<Client> = runtime.block_on(async {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let client = Client::new(number, Arc::clone(&hosts), Random::new(seed ^ (number + 1)));
                tokio::spawn(client.work(end))
            })
            .collect();
        let mut done = Vec::new();
        for client in clients {
            done.push(client.await.expect("a client's work"));
        }
        done
    });
    let (cluster, disasters) = chaos.join();
    hosts.stop();

    let report = clients.iter().fold(Report::default(), |sum, client| sum.and(&client.report));
    println!("{report}; {disasters}");
    let stored = Stored::read(&cluster, &database);
    let mut wrong: Vec<String> =
        clients.iter().flat_map(|client| client.unexpected.iter().cloned()).collect();
    wrong.extend(clients.iter().flat_map(|client| client.ledger.differences(&stored)));
    wrong.extend(stored.halves());
    assert!(wrong.is_empty(), "{} findings, the first: {:#?}", wrong.len(), &wrong[..wrong.len().min(10)]);
    assert!(report.acknowledged > 1000 && report.unknown > 0, "too little happened to show anything");
    assert!(disasters.kills >= 15 && disasters.restarts == 2, "{disasters}");
}
