//! `POST /key/unblock`: puts a blocked virtual key back into service.

use super::block::set_blocked;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::http::request::Request;
use crate::types::BlockKeyRequest;

/// Unblocks the key.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: BlockKeyRequest = request.model()?;
    set_blocked(cx, caller, &asked.key, false)
}
