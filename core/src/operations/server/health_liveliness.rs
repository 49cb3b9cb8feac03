//! `GET /health/liveliness`: the process answers.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::http::request::Request;

/// Answers LiteLLM's text.
pub(crate) fn run(_cx: &Context<'_>, _caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    Ok(Outcome::reply("I'm alive!"))
}
