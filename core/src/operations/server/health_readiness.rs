//! `GET /health/readiness`: the store answers; a shell whose store is away sends its ready reply instead.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::http::request::Request;
use latchkey_contract::dict;
use latchkey_contract::tables::VirtualKey;

/// The release whose API is spoken, for clients that ask.
const LITELLM_VERSION: &str = "1.60.8";

/// Asks the store for a key that cannot exist.
pub(crate) fn run(cx: &Context<'_>, _caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    cx.row::<VirtualKey>("token", "")?;
    let mut reply = dict! {
        "status" => "healthy",
        "db" => "connected",
        "litellm_version" => LITELLM_VERSION,
        "latchkey_version" => env!("CARGO_PKG_VERSION"),
        "rules_digest" => crate::RULES_DIGEST,
    };
    // strangers need not know which holes are open
    if !cx.settings.open_holes().is_empty() {
        reply.set("profile", cx.settings.profile.as_str().into());
    }
    Ok(Outcome::reply(reply))
}
