//! The hosts, and the thread that kills them.

use crate::random::Random;
use latchkey_contract::json::Json;
use latchkey_tests::implementation::Server;
use latchkey_tests::postgres::Cluster;
use std::ffi::OsStr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How often a host is killed.
const KILL: Duration = Duration::from_secs(3);

/// After which kills the database crashes, too.
const CRASHES: [usize; 2] = [6, 12];

/// Hosts over one database; a killed one comes back on another port.
pub(crate) struct Hosts {
    all: Vec<Host>,
    url: String,
    settings: Json,
}

struct Host {
    folder: TempDir,
    server: Mutex<Option<Server>>,
    port: AtomicU16,
}

impl Hosts {
    pub(crate) fn start(count: usize, url: &str, settings: &Json) -> Self {
        let hosts = Self {
            all: (0..count)
                .map(|_| Host {
                    folder: tempfile::tempdir().expect("a folder"),
                    server: Mutex::new(None),
                    port: AtomicU16::new(0),
                })
                .collect(),
            url: url.to_owned(),
            settings: settings.clone(),
        };
        (0..count).for_each(|at| hosts.begin(at));
        hosts
    }

    fn begin(&self, at: usize) {
        let host = &self.all[at];
        let server = Server::start_on(host.folder.path(), &self.settings, OsStr::new(&self.url));
        let server = server.expect("the host starts");
        host.port.store(server.port, Ordering::SeqCst);
        *host.server.lock().expect("no panic while starting") = Some(server);
    }

    fn kill(&self, at: usize) {
        // dropping a server is SIGKILL
        drop(self.all[at].server.lock().expect("no panic while starting").take());
    }

    pub(crate) fn stop(&self) {
        (0..self.all.len()).for_each(|at| self.kill(at));
    }

    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn port(&self, at: usize) -> u16 {
        self.all[at].port.load(Ordering::SeqCst)
    }
}

/// What was done to hosts and database.
#[derive(Debug, Default)]
pub(crate) struct Disasters {
    pub(crate) kills: usize,
    pub(crate) restarts: usize,
}

impl std::fmt::Display for Disasters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} kills of a host, {} crashes of the database", self.kills, self.restarts)
    }
}

/// A thread that kills.
pub(crate) struct Chaos(JoinHandle<(Cluster, Disasters)>);

impl Chaos {
    pub(crate) fn start(mut cluster: Cluster, hosts: Arc<Hosts>, mut random: Random, end: Instant) -> Self {
        Self(std::thread::spawn(move || {
            let mut done = Disasters::default();
            let mut next = Instant::now() + KILL;
            // the last one leaves time to come back while clients still work
            while next + KILL / 2 < end {
                std::thread::sleep(next.saturating_duration_since(Instant::now()));
                let at = random.below(hosts.count());
                hosts.kill(at);
                done.kills += 1;
                if CRASHES.contains(&done.kills) {
                    cluster.crash_and_restart().expect("the database comes back");
                    done.restarts += 1;
                }
                hosts.begin(at);
                next += KILL;
            }
            (cluster, done)
        }))
    }

    pub(crate) fn join(self) -> (Cluster, Disasters) {
        self.0.join().expect("nothing failed but what was killed")
    }
}
