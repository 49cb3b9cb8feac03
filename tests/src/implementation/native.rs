//! The rules linked into this process.

use super::shell::{Engine, InProcess};
use super::{Implementation, Session};
use latchkey_contract::json::{Json, write};
use latchkey_core::Policy;

/// `latchkey-core` itself.
#[derive(Debug, Clone, Copy)]
pub struct Native;

/// The policy under these settings, or why they cannot be used.
pub fn configure(settings: &Json) -> Result<Policy, String> {
    let (policy, report) = Policy::configure(crate::scenario::dumps(settings).as_bytes());
    policy.ok_or_else(|| format!("settings refused: {}", String::from_utf8_lossy(&report)))
}

impl Implementation for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    fn open(&self, settings: &Json) -> Result<Box<dyn Session>, String> {
        Ok(Box::new(InProcess::new(configure(settings)?)))
    }

    fn judges(&self) -> bool {
        true
    }

    fn parallel(&self) -> usize {
        2
    }
}

impl Engine for Policy {
    fn handle(&mut self, frame: &[u8]) -> Result<Vec<u8>, String> {
        Ok(Self::handle(self, frame))
    }

    fn check(&mut self, input: &[u8]) -> Result<Vec<u8>, String> {
        Ok(write(&Self::check(self, input)).into_bytes())
    }
}
