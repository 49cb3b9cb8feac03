//! The operator's own rule: a module in a sandbox like that of the policy module. It can reach nothing, and
//! remembers nothing: each question gets a fresh instance.

use crate::engine::{Limits, engine};
use crate::patience::PATIENCE;
use latchkey_contract::wire::{CustomRuleReport, RuleAnswer, RuleFailure};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use wasmtime::{Engine, InstancePre, Linker, Module, Store, Trap, TypedFunc};

/// Time for one question, to the precision of a tick.
const DEADLINE: Duration = Duration::from_millis(100);

/// How often the clock of deadlines ticks.
const TICK: Duration = Duration::from_millis(10);

/// A loaded rule.
pub struct CustomRule {
    engine: Engine,
    module: InstancePre<()>,
    permits: Arc<Semaphore>,
    answer_bytes: usize,
}

/// Why a question got no answer.
#[derive(Debug)]
enum Unanswered {
    Trap(String),
    Overrun,
    Malformed(&'static str),
}

impl std::fmt::Debug for CustomRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CustomRule").finish_non_exhaustive()
    }
}

impl std::fmt::Display for Unanswered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Trap(why) => write!(f, "it failed: {why}"),
            Self::Overrun => write!(f, "it ran longer than {} ms", DEADLINE.as_millis()),
            Self::Malformed(what) => write!(f, "its answer {what}"),
        }
    }
}

impl CustomRule {
    /// Loads the module at `path`, tries it and keeps it to what `report` says; says in one sentence why it cannot be used.
    pub fn load(path: &Path, report: &CustomRuleReport) -> Result<Arc<Self>, String> {
        let unusable = |why: String| format!("the custom rule `{}` cannot be used: {why}", path.display());
        let wasm = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
        Self::compile(&wasm, report).map_err(|why| unusable(one_line(&why)))
    }

    fn compile(wasm: &[u8], report: &CustomRuleReport) -> Result<Arc<Self>, String> {
        let limits = Limits { memory: report.memory_bytes, deadline: DEADLINE, ..Limits::default() };
        let engine = engine(&limits).map_err(|error| format!("{error:#}"))?;
        let module = Module::from_binary(&engine, wasm).map_err(|error| format!("{error:#}"))?;
        let imports: Vec<String> =
            module.imports().map(|import| format!("`{}.{}`", import.module(), import.name())).collect();
        if !imports.is_empty() {
            return Err(format!("a rule must have no imports, and it imports {}", imports.join(", ")));
        }
        let module = Linker::new(&engine).instantiate_pre(&module).map_err(|error| format!("{error:#}"))?;
        let permits = Arc::new(Semaphore::new(usize::try_from(limits.instances).unwrap_or(4)));
        let rule = Arc::new(Self { engine, module, permits, answer_bytes: report.answer_bytes });
        tick(&rule);
        rule.decide(&report.trial).map_err(|why| format!("on a question to try it with, {why}"))?;
        Ok(rule)
    }

    /// What the module says to `input`; nothing if its turn does not come in time.
    pub async fn ask(self: &Arc<Self>, input: String) -> Option<RuleAnswer> {
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned()).await.ok()?;
        let rule = Arc::clone(self);
        let said = tokio::task::spawn_blocking(move || {
            // held by the work, which may outlast the request
            let _permit = permit;
            rule.decide(&input)
        });
        let said = said.await;
        let said = said.unwrap_or_else(|error| Err(Unanswered::Trap(error.to_string())));
        Some(match said {
            Ok(answer) => RuleAnswer::Answer(answer),
            Err(why) => {
                tracing::warn!(%why, "the custom rule gave no answer");
                RuleAnswer::Failed(match why {
                    Unanswered::Trap(_) => RuleFailure::Trap,
                    Unanswered::Overrun => RuleFailure::Overrun,
                    Unanswered::Malformed(_) => RuleFailure::Malformed,
                })
            }
        })
    }

    fn decide(&self, input: &str) -> Result<String, Unanswered> {
        let answer = self.cross(input.as_bytes()).map_err(|error| match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) => Unanswered::Overrun,
            _ => Unanswered::Trap(one_line(&format!("{error:#}"))),
        })?;
        match answer {
            None => Err(Unanswered::Malformed("lies outside its memory or is too long")),
            Some(bytes) => String::from_utf8(bytes).map_err(|_| Unanswered::Malformed("is not UTF-8")),
        }
    }

    fn cross(&self, input: &[u8]) -> wasmtime::Result<Option<Vec<u8>>> {
        let mut store = Store::new(&self.engine, ());
        let ticks = DEADLINE.as_nanos().div_ceil(TICK.as_nanos()) + 1;
        store.set_epoch_deadline(u64::try_from(ticks)?);
        let instance = self.module.instantiate(&mut store)?;
        let alloc: TypedFunc<u32, u32> = instance.get_typed_func(&mut store, "alloc")?;
        let decide: TypedFunc<(u32, u32), u64> = instance.get_typed_func(&mut store, "decide")?;
        let memory = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| wasmtime::format_err!("it exports no memory called `memory`"))?;
        let length = u32::try_from(input.len())?;
        let at = alloc.call(&mut store, length)?;
        memory.write(&mut store, usize::try_from(at)?, input)?;
        let packed = decide.call(&mut store, (at, length))?;
        let start = usize::try_from(packed >> 32)?;
        let length = usize::try_from(packed & u64::from(u32::MAX))?;
        if length > self.answer_bytes {
            return Ok(None);
        }
        Ok(memory.data(&store).get(start..start + length).map(<[u8]>::to_vec))
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Moves the clock of deadlines for as long as the rule is in use.
fn tick(rule: &Arc<CustomRule>) {
    let rule = Arc::downgrade(rule);
    std::thread::spawn(move || {
        while let Some(rule) = rule.upgrade() {
            rule.engine.increment_epoch();
            drop(rule);
            std::thread::sleep(TICK);
        }
    });
}
