//! A connection that is cut while the database commits.

use crate::{Host, MASTER_KEY, runtime};
use latchkey_contract::json::Json;
use latchkey_tests::postgres::{Cluster, shared};
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

/// Stands between hosts and the database.
struct Between {
    folder: TempDir,
    /// Whether the next commit gets through and its answer does not.
    cuts: Arc<AtomicBool>,
}

impl Between {
    fn start(cluster: &'static Cluster) -> Self {
        let folder = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").expect("a folder");
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).expect("a socket");
        let cuts = Arc::new(AtomicBool::new(false));
        let armed = Arc::clone(&cuts);
        std::thread::spawn(move || {
            for host in listener.incoming().map_while(Result::ok) {
                let database =
                    UnixStream::connect(cluster.folder().join(".s.PGSQL.5432")).expect("the database");
                let is_cut = Arc::new(AtomicBool::new(false));
                let (to_host, from_database) = (host.try_clone(), database.try_clone());
                let (armed, silenced) = (Arc::clone(&armed), Arc::clone(&is_cut));
                std::thread::spawn(move || {
                    forward(host, database, |bytes| {
                        let is_commit = bytes.windows(6).any(|word| word == b"COMMIT");
                        if is_commit && armed.swap(false, Ordering::SeqCst) {
                            is_cut.store(true, Ordering::SeqCst);
                        }
                        Pass::On
                    });
                });
                std::thread::spawn(move || {
                    let (to_host, from_database) =
                        (to_host.expect("a stream"), from_database.expect("a stream"));
                    forward(from_database, to_host, |bytes| match silenced.load(Ordering::SeqCst) {
                        false => Pass::On,
                        // not before the database has said so: what it answers first may be its word to an earlier
                        // statement, and the commit still be on its way
                        true if bytes.windows(7).any(|word| word == b"COMMIT\0") => Pass::End,
                        true => Pass::Swallow,
                    });
                });
            }
        });
        Self { folder, cuts }
    }
}

/// What becomes of bytes that one side has sent.
enum Pass {
    On,
    Swallow,
    End,
}

/// Passes bytes on until one side ends, or `pass` says so: then both end.
fn forward(mut from: UnixStream, mut to: UnixStream, mut pass: impl FnMut(&[u8]) -> Pass) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        match pass(&bytes[..count]) {
            Pass::Swallow => {}
            Pass::On if to.write_all(&bytes[..count]).is_ok() => {}
            Pass::On | Pass::End => break,
        }
    }
    for stream in [from, to] {
        // the other side may have ended it already
        let _ = stream.shutdown(Shutdown::Both);
    }
}

#[test]
fn a_commit_whose_answer_is_lost_is_503_and_is_not_made_again() {
    let Some(cluster) = shared() else { return };
    let database = cluster.database("template0").expect("a database");
    let between = Between::start(cluster);
    let url = format!("postgresql://postgres@/{database}?host={}", between.folder.path().display());
    let host = Host::start_at(&url);
    let runtime = runtime();
    runtime.block_on(async {
        assert_eq!(host.post("/key/generate", MASTER_KEY, r#"{"key_alias":"first"}"#).await.0, 200);
        between.cuts.store(true, Ordering::SeqCst);
        let (status, answer) = host.post("/key/generate", MASTER_KEY, r#"{"key_alias":"second"}"#).await;
        assert_eq!(status, 503, "{answer:?}");
        assert!(!between.cuts.load(Ordering::SeqCst), "nothing was cut");
        // the database made it last, once
        let (status, answer) = host.post("/key/generate", MASTER_KEY, r#"{"key_alias":"second"}"#).await;
        assert_eq!(status, 400, "{answer:?}");
        let (_, listed) = host.get("/key/list?key_alias=second", MASTER_KEY).await;
        assert_eq!(listed.get("total_count"), Some(&Json::Int(1)), "{listed:?}");
    });
}
