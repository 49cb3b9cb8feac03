//! Test events for the callbacks of a key: which request a shell should make, and what its answer means.
//!
//! A key's metadata is its owner's, and a probe is made by the server, from within the operator's network. So nothing is
//! sent to an address that the operator has not named, and the operator's credentials go to the operator's addresses only.

mod event;
mod generic;
mod langfuse;
mod otel;

use crate::context::Context;
use crate::settings::Probes;
use crate::types::KeyCallback;
use latchkey_contract::wire::{Probe, ProbeFailure, Probed};

/// The request that tests `callback`, or why none can be made.
pub(crate) fn plan(cx: &Context<'_>, probes: &Probes, callback: &KeyCallback) -> Result<Probe, String> {
    match callback.callback_name.as_str() {
        "langfuse" => langfuse::plan(cx, probes, callback),
        "otel" => otel::plan(cx, probes),
        "generic" | "webhook" => generic::plan(cx, probes),
        other => Err(format!("this server cannot test `{other}`")),
    }
}

/// What an answer to the probe of the callback called `name` means.
pub(crate) fn judge(name: &str, probed: &Probed) -> Result<(), String> {
    match probed {
        Probed::Answered { status: 200..300, body } if name == "langfuse" => langfuse::judge(body),
        Probed::Answered { status: 200..300, .. } => Ok(()),
        Probed::Answered { status, .. } => Err(format!("the test event was answered with status {status}")),
        Probed::Failed(failure) => Err(match failure {
            ProbeFailure::Malformed => "the test event cannot be sent with these settings",
            ProbeFailure::Unreachable => "nobody answers at the address",
            ProbeFailure::Timeout => "the test event was not answered in time",
            ProbeFailure::Busy => "too many test events are under way, please try again",
        }
        .to_owned()),
    }
}
