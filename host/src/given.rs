//! What a host gives to a decision besides the request: the moment and random bytes.

use crate::exchange::Given;
use latchkey_contract::mint;
use std::time::{SystemTime, UNIX_EPOCH};

/// Both, for one request.
pub(crate) fn given() -> Result<Given, getrandom::Error> {
    let mut random = [0; 64];
    getrandom::fill(&mut random)?;
    Ok(Given { now: now(), entropy: mint::hex(&random) })
}

/// Milliseconds since 1970-01-01 UTC.
pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    i64::try_from(now).unwrap_or(i64::MAX)
}
