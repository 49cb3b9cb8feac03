//! `GET /openapi.json`: describes the interface.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::openapi;
use crate::request::Request;

/// Answers with the description under the settings in force.
pub(super) fn run(cx: &Context<'_>, _caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    Ok(Outcome::reply(openapi::document(cx.settings)))
}
