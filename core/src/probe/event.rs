//! The test event, and how it is sent.

use crate::settings::Probes;
use latchkey_contract::wire::Probe;

/// What the test event says, word for word what the reference's says.
pub(super) const PROMPT: &str =
    "Hello, this is a test from litellm /key/health. No LLM API call was made for this";

/// The model and the answer of the call that was not made.
pub(super) const MODEL: &str = "openai/litellm-key-health-test";
pub(super) const ANSWER: &str = "test response";

/// A POST of JSON with headers written as LiteLLM's variables have them: `name=value,name=value`.
pub(super) fn post(url: &str, more: Option<&str>, body: String) -> Probe {
    let pairs = more.unwrap_or_default().split(',').filter_map(|pair| pair.split_once('='));
    let more = pairs.map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned()));
    let headers = std::iter::once(("content-type".to_owned(), "application/json".to_owned())).chain(more);
    Probe { method: "POST".to_owned(), url: url.to_owned(), headers: headers.collect(), body }
}

/// The value of a variable, or that it is not set.
pub(super) fn needed<'p>(probes: &'p Probes, name: &str) -> Result<&'p str, String> {
    probes.variable(name).ok_or_else(|| format!("`latchkey.probes.variables.{name}` is not set"))
}
