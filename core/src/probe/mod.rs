//! Test events for the callbacks of a key: which request a shell should make, and what its answer means.
//!
//! A key's metadata is its owner's, and a probe is made by the server, from within the operator's network. So nothing is
//! sent to an address that the operator has not named, and the operator's credentials go to the operator's addresses only.

mod generic;
mod langfuse;
mod otel;

use crate::context::Context;
use crate::settings::Probes;
use crate::types::KeyCallback;
use latchkey_contract::wire::{Probe, ProbeFailure, Probed};

/// What the test event says, word for word what the reference's says.
const PROMPT: &str = "Hello, this is a test from litellm /key/health. No LLM API call was made for this";

/// The model and the answer of the call that was not made.
const MODEL: &str = "openai/litellm-key-health-test";
const ANSWER: &str = "test response";

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
        Probed::Failed { failed } => Err(match failed {
            ProbeFailure::Malformed => "the test event cannot be sent with these settings",
            ProbeFailure::Unreachable => "nobody answers at the address",
            ProbeFailure::Timeout => "the test event was not answered in time",
            ProbeFailure::Busy => "too many test events are under way, please try again",
        }
        .to_owned()),
    }
}

/// A POST of JSON with headers written as LiteLLM's variables have them: `name=value,name=value`.
fn post(url: &str, more: Option<&str>, body: String) -> Probe {
    let pairs = more.unwrap_or_default().split(',').filter_map(|pair| pair.split_once('='));
    let more = pairs.map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned()));
    let headers = std::iter::once(("content-type".to_owned(), "application/json".to_owned())).chain(more);
    Probe { method: "POST".to_owned(), url: url.to_owned(), headers: headers.collect(), body }
}

/// The value of a variable, or that it is not set.
fn needed<'p>(probes: &'p Probes, name: &str) -> Result<&'p str, String> {
    probes.variable(name).ok_or_else(|| format!("`latchkey.probes.variables.{name}` is not set"))
}
