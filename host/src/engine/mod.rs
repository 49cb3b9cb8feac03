//! The policy module under wasmtime: compiled once, instances configured once and reused, each evaluation bounded.

mod aside;
mod cache;
mod instance;

use aside::Aside;
use bytes::Bytes;
use instance::Instance;
use latchkey_contract::wire::{Report, SettingsProblem, StepHead, read_frame};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use wasmtime::PoolingAllocationConfig;
use wasmtime::{Config, Engine, InstanceAllocationStrategy, InstancePre, Linker, OptLevel};

/// The policy module, as `host/build` made it and as the npm package has it.
pub const POLICY_WASM: &[u8] = include_bytes!(env!("LATCHKEY_POLICY_WASM"));

/// What one evaluation may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of linear memory.
    pub memory: usize,
    /// Time until the evaluation is stopped, to the precision of a tick.
    pub deadline: Duration,
    /// Instances, and so evaluations at one time: on the threads that serve connections and aside.
    pub instances: u32,
    /// Evaluations at one time aside from the threads that serve connections.
    pub aside: u32,
    /// How long an evaluation may wait for its turn aside.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let cores = u32::try_from(cores).unwrap_or(8).clamp(2, 32);
        Self {
            memory: 64 << 20,
            deadline: Duration::from_secs(1),
            instances: 2 * cores,
            aside: cores,
            patience: crate::patience::PATIENCE,
        }
    }
}

/// How often the clock of deadlines ticks.
const TICK: Duration = Duration::from_millis(5);

/// Bytes of a call that may be decided on a thread that serves connections: what is decided depends on nothing but the call,
/// in a time that grows with its length, and this much takes less than a millisecond.
const SHORT: usize = 32 << 10;

/// Time that a short call may take there, to the precision of a tick. One that takes longer begins again aside.
const PROMPT: Duration = Duration::from_millis(15);

/// Linear memory never shrinks: an instance that took more than this for a request is not kept.
const KEPT_BYTES: usize = 4 << 20;

/// Why there is no engine.
#[derive(Debug)]
pub enum EngineError {
    /// The module or the runtime is unusable.
    Module(String),
    /// The module does not take the settings.
    Settings(Vec<SettingsProblem>),
}

impl std::fmt::Display for EngineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Module(why) => write!(f, "the policy module cannot be used: {why}"),
            Self::Settings(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                write!(f, "the settings cannot be used: {}", lines.join("; "))
            }
        }
    }
}

impl std::error::Error for EngineError {}

/// Why an evaluation gave no answer. The instance is gone; the next evaluation gets a fresh one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// The module trapped: out of memory, out of stack, or a defect.
    Trap(String),
    /// It ran longer than the deadline.
    Overrun,
    /// No instance came free in time.
    Busy,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Trap(why) => f.write_str(why),
            Self::Overrun => f.write_str("it ran longer than its deadline"),
            Self::Busy => f.write_str("no instance came free in time"),
        }
    }
}

/// A question to the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// Decide a request.
    Handle,
    /// Judge a request without a store.
    Check,
    /// What a caller may enter.
    Describe,
}

/// The compiled module.
pub struct Module {
    engine: Engine,
    module: InstancePre<()>,
    limits: Limits,
}

/// The policy under one set of settings.
pub struct Policy {
    engine: Engine,
    module: InstancePre<()>,
    settings: Vec<u8>,
    limits: Limits,
    report: Report,
    free: Mutex<Vec<Instance>>,
    /// For the threads that serve connections.
    permits: Semaphore,
    aside: Aside,
}

/// What the module decided.
#[derive(Debug)]
pub struct Decided {
    /// The step.
    pub head: StepHead,
    /// The reply's body.
    pub body: Bytes,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policy").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Module {
    /// Loads the module `wasm`. Where the user has no cache folder, what was compiled is kept in `spare`.
    pub fn load(wasm: &[u8], limits: Limits, spare: Option<&Path>) -> Result<Self, EngineError> {
        let engine = engine(&limits).map_err(|error| unusable(&error))?;
        let module = cache::module(&engine, wasm, spare).map_err(|error| unusable(&error))?;
        let module = Linker::new(&engine).instantiate_pre(&module).map_err(|error| unusable(&error))?;
        Ok(Self { engine, module, limits })
    }

    /// What the module says about `settings` (JSON) that can be used.
    pub fn judge(&self, settings: &[u8]) -> Result<Report, EngineError> {
        Instance::new(&self.module, settings, &self.limits).map(|(_, report)| report)
    }

    /// The policy under `settings` (JSON), with a first instance.
    pub fn configure(&self, settings: Vec<u8>) -> Result<Arc<Policy>, EngineError> {
        let Self { engine, module, limits } = self;
        let (first, report) = Instance::new(module, &settings, limits)?;
        let policy = Arc::new(Policy {
            engine: engine.clone(),
            module: module.clone(),
            settings,
            limits: limits.clone(),
            report,
            free: Mutex::default(),
            permits: Semaphore::new(usize::try_from(limits.instances).unwrap_or(4)),
            aside: Aside::new(limits.aside).map_err(EngineError::Module)?,
        });
        policy.put_back(first);
        tick(&policy);
        Ok(policy)
    }
}

impl Policy {
    /// Loads the module `wasm` and configures it with `settings` (JSON).
    pub fn load(wasm: &[u8], settings: Vec<u8>, limits: Limits) -> Result<Arc<Self>, EngineError> {
        Module::load(wasm, limits, None)?.configure(settings)
    }

    /// What the module said about the settings.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Decides the call with this head and this body: a short one at once, a long one aside, so that no connection waits
    /// for the decisions of another.
    pub async fn handle(self: &Arc<Self>, head: String, body: Bytes) -> Result<Decided, Failed> {
        if head.len() + body.len() <= SHORT
            && let Ok(_permit) = self.permits.try_acquire()
        {
            match self.decide(&head, &body, PROMPT.min(self.limits.deadline)) {
                // the module is a pure function, and so can begin again
                Err(Failed::Overrun) => {}
                decided => return decided,
            }
        }
        let (policy, deadline, bytes) = (Arc::clone(self), self.limits.deadline, head.len() + body.len());
        let work = move || policy.decide(&head, &body, deadline);
        self.aside.run(bytes, self.limits.patience, work).await.unwrap_or(Err(Failed::Busy))
    }

    /// Decides a call on this thread.
    fn decide(&self, head: &str, body: &[u8], deadline: Duration) -> Result<Decided, Failed> {
        let malformed = |why: &dyn std::fmt::Display| Failed::Trap(why.to_string());
        let length = u32::try_from(head.len()).map_err(|error| malformed(&error))?.to_le_bytes();
        let frame = self.ask(Export::Handle, &[&length, head.as_bytes(), body], deadline)?;
        let frame = Bytes::from(frame);
        let (head, body) = read_frame(&frame).map_err(|error| malformed(&error))?;
        Ok(Decided { head, body: frame.slice_ref(body) })
    }

    /// Asks the module on this thread.
    pub fn ask_now(&self, export: Export, input: &[u8]) -> Result<Vec<u8>, Failed> {
        self.ask(export, &[input], self.limits.deadline)
    }

    /// Asks the module on this thread; the parts of the input follow each other.
    fn ask(&self, export: Export, input: &[&[u8]], deadline: Duration) -> Result<Vec<u8>, Failed> {
        let waiting = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut instance = match waiting {
            Some(instance) => instance,
            None => self.fresh()?,
        };
        let answer = instance.ask(export, input, deadline)?;
        if instance.memory_bytes() <= KEPT_BYTES {
            self.put_back(instance);
        }
        Ok(answer)
    }

    fn fresh(&self) -> Result<Instance, Failed> {
        match Instance::new(&self.module, &self.settings, &self.limits) {
            Ok((instance, _)) => Ok(instance),
            Err(error) => Err(Failed::Trap(error.to_string())),
        }
    }

    fn put_back(&self, instance: Instance) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
    }
}

fn unusable(error: &wasmtime::Error) -> EngineError {
    EngineError::Module(format!("{error:#}"))
}

/// A runtime whose instances are pooled and can be stopped by its clock.
pub(crate) fn engine(limits: &Limits) -> wasmtime::Result<Engine> {
    let mut pool = PoolingAllocationConfig::default();
    let instances = limits.instances + limits.aside + 1;
    pool.total_core_instances(instances)
        .total_memories(instances)
        .total_tables(instances)
        .max_memory_size(limits.memory)
        .max_unused_warm_slots(limits.instances);
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .cranelift_opt_level(OptLevel::Speed)
        .epoch_interruption(true)
        .memory_reservation(4 << 30)
        .memory_init_cow(true);
    Engine::new(&config)
}

/// Moves the clock of deadlines for as long as the policy is in use.
fn tick(policy: &Arc<Policy>) {
    let policy = Arc::downgrade(policy);
    std::thread::spawn(move || {
        while let Some(policy) = policy.upgrade() {
            policy.engine.increment_epoch();
            drop(policy);
            std::thread::sleep(TICK);
        }
    });
}

#[cfg(test)]
mod tests;
