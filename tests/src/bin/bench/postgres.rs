//! The real binary on PostgreSQL under load: one host, and two over one database.

use crate::Line;
use crate::load::{CONNECTIONS, ROUNDS, known_key, load, message, shown};
use latchkey_tests::decision::settings;
use latchkey_tests::implementation::Server;
use latchkey_tests::postgres::{Cluster, Disk};
use latchkey_tests::scenario::MASTER_KEY;
use std::ffi::OsStr;

/// No lines where no server of PostgreSQL is installed.
pub(crate) fn lines() -> Result<Vec<Line>, String> {
    let text = |error: std::io::Error| error.to_string();
    let Some(cluster) = Cluster::start(Disk::Durable)? else { return Ok(Vec::new()) };
    let database = cluster.database("template0")?;
    let url = cluster.url(&database);
    let folders = [tempfile::tempdir().map_err(text)?, tempfile::tempdir().map_err(text)?];
    let mut servers = Vec::new();
    for folder in &folders {
        servers.push(Server::start_on(folder.path(), &settings(), OsStr::new(&url))?);
    }
    let ports: Vec<u16> = servers.iter().map(|server| server.port).collect();
    let one = ports.get(..1).ok_or("no host")?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(text)?;
    let (target, _) = runtime.block_on(known_key(one.first().copied().unwrap_or_default()))?;
    let key = target.split_once('=').map(|(_, key)| key.to_owned()).ok_or("no key")?;
    let body = br#"{"duration":"7d","max_budget":10,"metadata":{"service":"search"}}"#;
    let generate = message("POST", "/key/generate", MASTER_KEY, body);
    let info = message("GET", &target, MASTER_KEY, b"");
    let own_info = message("GET", "/key/info", &key, b"");
    let calls = [
        ("`POST /key/generate`, durable", &generate),
        ("`GET /key/info` by the master key", &info),
        ("`GET /key/info` by the key itself", &own_info),
    ];
    let mut rounds: Vec<Vec<_>> = (0..calls.len() * 2).map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        let all = calls.iter().flat_map(|(_, message)| [(one, message), (&ports[..], message)]);
        for ((ports, message), results) in all.zip(&mut rounds) {
            results.push(load(&runtime, ports, message)?);
        }
    }
    let names = calls.iter().flat_map(|(name, _)| [(name, "one host"), (name, "two hosts")]);
    Ok(names
        .zip(&rounds)
        .map(|((name, hosts), results)| {
            (format!("PostgreSQL, {name}, {CONNECTIONS} connections, {hosts}"), shown(results), "")
        })
        .collect())
}
