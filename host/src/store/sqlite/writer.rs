//! The one writer: a thread that takes all commits waiting and makes them one transaction.
//!
//! While a transaction waits for the disk the next commits gather, so that under load many share one wait. Each stands
//! in a savepoint of its own: a refused one takes nothing back but itself.

use super::remembered::Remembered;
use super::write;
use crate::store::{Commit, StoreError};
use latchkey_contract::wire::{Guard, Write};
use rusqlite::Connection;
use std::sync::{Arc, mpsc};
use tokio::sync::oneshot;

/// Commits in one transaction at the most: bounds the wait of the first.
const GROUP: usize = 256;

type Outcome = Result<Commit, StoreError>;

/// A commit that waits.
pub(super) struct Job {
    pub(super) writes: Vec<Write>,
    pub(super) guards: Vec<Guard>,
    pub(super) done: oneshot::Sender<Outcome>,
}

/// Starts the writer; it ends when the sender is gone and all that was sent is committed.
pub(super) fn start(
    connection: Connection,
    remembered: Arc<Remembered>,
) -> std::io::Result<(mpsc::Sender<Job>, std::thread::JoinHandle<()>)> {
    let (sender, jobs) = mpsc::channel();
    let thread = std::thread::Builder::new().name("sqlite-writer".to_owned()).spawn(move || {
        while let Ok(first) = jobs.recv() {
            let mut group = vec![first];
            group.extend(jobs.try_iter().take(GROUP - 1));
            commit(&connection, &remembered, group);
        }
    })?;
    Ok((sender, thread))
}

fn commit(connection: &Connection, remembered: &Remembered, group: Vec<Job>) {
    let outcomes = transaction(connection, remembered, &group);
    if outcomes.is_err() && !connection.is_autocommit() {
        // what is left of a transaction that failed; its error is what the waiting ones hear
        connection.execute_batch("ROLLBACK").ok();
    }
    match outcomes {
        Ok(outcomes) => {
            for (job, outcome) in group.into_iter().zip(outcomes) {
                job.done.send(outcome).ok();
            }
        }
        Err(error) => {
            for job in group {
                job.done.send(Err(StoreError::Away(error.to_string()))).ok();
            }
        }
    }
}

fn transaction(
    connection: &Connection,
    remembered: &Remembered,
    group: &[Job],
) -> rusqlite::Result<Vec<Outcome>> {
    let run = |sql| connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
    run("BEGIN IMMEDIATE")?;
    let mut outcomes = Vec::with_capacity(group.len());
    for job in group {
        run("SAVEPOINT job")?;
        let outcome = write::apply(connection, &job.writes, &job.guards);
        if !matches!(outcome, Ok(Commit::Committed)) {
            run("ROLLBACK TO job")?;
        }
        run("RELEASE job")?;
        outcomes.push(outcome);
    }
    let lasting = group.iter().zip(&outcomes).filter(|(_, outcome)| matches!(outcome, Ok(Commit::Committed)));
    let lasting: Vec<&[Write]> = lasting.map(|(job, _)| job.writes.as_slice()).collect();
    remembered.committing(&lasting, || run("COMMIT").map(drop))?;
    Ok(outcomes)
}
