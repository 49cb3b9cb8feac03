//! One instance of the module and the way bytes go in and out of it.

use super::{EngineError, Export, Failed, Limits, TICK};
use latchkey_contract::wire::{Configured, Report, of_text};
use std::time::Duration;
use wasmtime::{InstancePre, Memory, Store, Trap, TypedFunc};

type Call = TypedFunc<(u32, u32), u64>;

/// A configured instance.
pub(super) struct Instance {
    store: Store<()>,
    memory: Memory,
    alloc: TypedFunc<u32, u32>,
    free: TypedFunc<(u32, u32), ()>,
    handle: Call,
    check: Call,
    describe: Call,
}

impl Instance {
    /// A fresh instance, configured with `settings`, and its report.
    pub(super) fn new(
        module: &InstancePre<()>,
        settings: &[u8],
        limits: &Limits,
    ) -> Result<(Self, Report), EngineError> {
        let mut store = Store::new(module.module().engine(), ());
        store.set_epoch_deadline(ticks(limits.deadline));
        let instance = module.instantiate(&mut store).map_err(|error| super::unusable(&error))?;
        let version: TypedFunc<(), u32> =
            instance.get_typed_func(&mut store, "abi_version").map_err(|error| super::unusable(&error))?;
        let version = version.call(&mut store, ()).map_err(|error| super::unusable(&error))?;
        if version != latchkey_contract::ABI_VERSION {
            let wanted = latchkey_contract::ABI_VERSION;
            return Err(EngineError::Module(format!("its contract is version {version}, not {wanted}")));
        }
        let memory = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| EngineError::Module("it exports no memory".to_owned()))?;
        let mut function =
            |name| instance.get_typed_func(&mut store, name).map_err(|error| super::unusable(&error));
        let configure: Call = function("configure")?;
        let (handle, check, describe) = (function("handle")?, function("check")?, function("describe")?);
        let alloc = instance.get_typed_func(&mut store, "alloc").map_err(|error| super::unusable(&error))?;
        let free = instance.get_typed_func(&mut store, "free").map_err(|error| super::unusable(&error))?;
        let mut instance = Self { store, memory, alloc, free, handle, check, describe };
        let report = instance
            .call(&configure, &[settings], limits.deadline)
            .map_err(|failed| EngineError::Module(format!("it does not configure: {failed}")))?;
        match of_text(&report) {
            Ok(Configured::Usable(report)) => Ok((instance, *report)),
            Ok(Configured::Unusable(errors)) => Err(EngineError::Settings(errors)),
            Err(error) => Err(EngineError::Module(format!("its report cannot be read: {error}"))),
        }
    }

    /// Bytes of linear memory that it has taken so far.
    pub(super) fn memory_bytes(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    /// Asks one question; the parts of the input follow each other.
    pub(super) fn ask(
        &mut self,
        export: Export,
        input: &[&[u8]],
        deadline: Duration,
    ) -> Result<Vec<u8>, Failed> {
        let function = match export {
            Export::Handle => self.handle.clone(),
            Export::Check => self.check.clone(),
            Export::Describe => self.describe.clone(),
        };
        self.call(&function, input, deadline)
    }

    fn call(&mut self, function: &Call, input: &[&[u8]], deadline: Duration) -> Result<Vec<u8>, Failed> {
        self.store.set_epoch_deadline(ticks(deadline));
        self.cross(function, input).map_err(|error| match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) => Failed::Overrun,
            _ => Failed::Trap(format!("{error:#}")),
        })
    }

    fn cross(&mut self, function: &Call, input: &[&[u8]]) -> wasmtime::Result<Vec<u8>> {
        let length = u32::try_from(input.iter().map(|part| part.len()).sum::<usize>())?;
        let at = self.alloc.call(&mut self.store, length)?;
        let mut next = at as usize;
        for part in input {
            self.memory.write(&mut self.store, next, part)?;
            next += part.len();
        }
        let packed = function.call(&mut self.store, (at, length))?;
        let (start, length) = ((packed >> 32) as usize, (packed & u64::from(u32::MAX)) as usize);
        let output = self.memory.data(&self.store).get(start..start + length);
        let output =
            output.ok_or_else(|| wasmtime::format_err!("its answer lies outside its memory"))?.to_vec();
        self.free.call(&mut self.store, (u32::try_from(start)?, u32::try_from(length)?))?;
        Ok(output)
    }
}

fn ticks(deadline: Duration) -> u64 {
    u64::try_from(deadline.as_nanos() / TICK.as_nanos()).unwrap_or(u64::MAX).saturating_add(1)
}
