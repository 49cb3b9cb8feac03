//! Threads for evaluations that may take long, which give way to those that serve connections.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

/// By how much these threads are nicer than others.
#[cfg(unix)]
const NICENESS: i32 = 10;

/// Bytes of the calls that wait for a thread, or have one.
const BYTES: usize = 64 << 20;

/// The unit in which they are counted.
const UNIT: usize = 1 << 10;

/// The threads, a permit for each, and room for what waits for them.
pub(super) struct Aside {
    threads: rayon::ThreadPool,
    permits: Arc<Semaphore>,
    room: Arc<Semaphore>,
}

impl Aside {
    /// So many threads.
    pub(super) fn new(threads: u32) -> Result<Self, String> {
        let count = usize::try_from(threads).unwrap_or(1).max(1);
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(count)
            .thread_name(|number| format!("evaluation-{number}"))
            .start_handler(|_| give_way())
            // the hook has told it, and who waits is answered
            .panic_handler(|_| {})
            .build()
            .map_err(|error| error.to_string())?;
        let (permits, room) = (Semaphore::new(count), Semaphore::new(BYTES / UNIT));
        Ok(Self { threads, permits: Arc::new(permits), room: Arc::new(room) })
    }

    /// What `work` on a call of so many bytes gives, once a thread is free; nothing if none is in time, or too much waits.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        bytes: usize,
        patience: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let units = u32::try_from(bytes.min(BYTES).div_ceil(UNIT)).ok()?;
        let room = Arc::clone(&self.room).try_acquire_many_owned(units).ok()?;
        let permit =
            tokio::time::timeout(patience, Arc::clone(&self.permits).acquire_owned()).await.ok()?.ok()?;
        let (done, result) = oneshot::channel();
        self.threads.spawn(move || {
            // held by the work, which may outlast the request
            let _held = (permit, room);
            // who asked may be gone
            done.send(work()).ok();
        });
        result.await.ok()
    }
}

#[cfg(unix)]
fn give_way() {
    // on Linux the number of no process is this thread; where it is the whole process nothing is lost
    if cfg!(target_os = "linux") {
        rustix::process::setpriority_process(None, NICENESS).ok();
    }
}

#[cfg(not(unix))]
fn give_way() {}
