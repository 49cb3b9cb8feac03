//! The policy module under wasmtime, through the server's own engine.

use super::shell::{Engine, InProcess};
use super::{Implementation, Session};
use latchkey::engine::{Export, Limits, POLICY_WASM, Policy};
use latchkey_contract::json::Json;
use std::sync::Arc;

/// `policy.wasm`.
#[derive(Debug, Clone, Copy)]
pub struct Wasm;

/// The module under some settings.
#[derive(Debug)]
pub struct Module(Arc<Policy>);

impl Module {
    /// Configures an instance with settings as JSON.
    pub fn load(settings: Vec<u8>) -> Result<Self, String> {
        let limits = Limits { instances: 1, ..Limits::default() };
        Policy::load(POLICY_WASM, settings, limits).map(Self).map_err(|error| error.to_string())
    }

    fn ask(&self, export: Export, input: &[u8]) -> Result<Vec<u8>, String> {
        self.0.ask_now(export, input).map_err(|failed| format!("{failed:?}"))
    }
}

impl Implementation for Wasm {
    fn name(&self) -> &'static str {
        "wasmtime"
    }

    fn open(&self, settings: &Json) -> Result<Box<dyn Session>, String> {
        let settings = crate::scenario::dumps(settings).into_bytes();
        Ok(Box::new(InProcess::new(Module::load(settings)?)))
    }

    fn judges(&self) -> bool {
        true
    }

    fn parallel(&self) -> usize {
        2
    }
}

impl Engine for Module {
    fn handle(&mut self, frame: &[u8]) -> Result<Vec<u8>, String> {
        self.ask(Export::Handle, frame)
    }

    fn check(&mut self, input: &[u8]) -> Result<Vec<u8>, String> {
        self.ask(Export::Check, input)
    }
}
