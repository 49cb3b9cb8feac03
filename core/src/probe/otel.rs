//! OpenTelemetry over HTTP: one span, in the JSON of OTLP.

use super::event::{MODEL, needed, post};
use crate::context::Context;
use crate::settings::Probes;
use latchkey_contract::dict;
use latchkey_contract::json::write;
use latchkey_contract::mint::hex;
use latchkey_contract::wire::Probe;

pub(super) fn plan(cx: &Context<'_>, probes: &Probes) -> Result<Probe, String> {
    let endpoint = needed(probes, "OTEL_ENDPOINT")?;
    let nanoseconds = format!("{}000000", cx.now().0.max(0));
    let attribute = |name: &str, value: &str| {
        dict! { "key" => name, "value" => dict! { "stringValue" => value } }
    };
    let span = dict! {
        "traceId" => hex(&cx.random::<16>()),
        "spanId" => hex(&cx.random::<8>()),
        "name" => "litellm_request",
        "kind" => 1,
        "startTimeUnixNano" => nanoseconds.clone(),
        "endTimeUnixNano" => nanoseconds,
        "attributes" => vec![attribute("gen_ai.request.model", MODEL)],
        "status" => dict! { "code" => 1 },
    };
    let scope = dict! { "scope" => dict! { "name" => "litellm" }, "spans" => vec![span] };
    let resource = dict! { "attributes" => vec![attribute("service.name", "litellm")] };
    let spans =
        dict! { "resourceSpans" => vec![dict! { "resource" => resource, "scopeSpans" => vec![scope] }] };
    Ok(post(endpoint, probes.variable("OTEL_HEADERS"), write(&spans)))
}
