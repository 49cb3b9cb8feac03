//! A plain webhook: LiteLLM's `GENERIC_LOGGER_ENDPOINT`.

use super::event::{ANSWER, MODEL, PROMPT, needed, post};
use crate::context::Context;
use crate::settings::Probes;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, write};
use latchkey_contract::wire::Probe;

pub(super) fn plan(cx: &Context<'_>, probes: &Probes) -> Result<Probe, String> {
    let endpoint = needed(probes, "GENERIC_LOGGER_ENDPOINT")?;
    let seconds = cx.now().0 as f64 / 1000.0;
    let event = dict! {
        "id" => cx.uuid(),
        "call_type" => "acompletion",
        "status" => "success",
        "model" => MODEL,
        "messages" => vec![dict! { "role" => "user", "content" => PROMPT }],
        "response" => ANSWER,
        "startTime" => seconds,
        "endTime" => seconds,
    };
    Ok(post(endpoint, probes.variable("GENERIC_LOGGER_HEADERS"), write(&Json::List(vec![event]))))
}
