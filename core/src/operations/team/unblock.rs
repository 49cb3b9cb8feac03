//! `POST /team/unblock`: puts the keys of a blocked team back into service.

use super::block::set_blocked;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::http::request::Request;

/// Unblocks the team.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    set_blocked(cx, caller, request, false)
}
