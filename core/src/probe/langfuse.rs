//! Langfuse: one trace by its API for ingestion.

use super::event::{ANSWER, PROMPT, post};
use crate::context::Context;
use crate::settings::{LANGFUSE_HOST, Probes};
use crate::time::iso_z;
use crate::types::KeyCallback;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use latchkey_contract::dict;
use latchkey_contract::environment::FROM_ENVIRONMENT;
use latchkey_contract::json::{Json, Limits, read, write};
use latchkey_contract::wire::Probe;

pub(super) fn plan(cx: &Context<'_>, probes: &Probes, callback: &KeyCallback) -> Result<Probe, String> {
    let own = |name: &str| {
        let found = callback.callback_vars.get(name);
        found.and_then(Json::as_str).filter(|text| !text.is_empty())
    };
    let operators = probes.variable("LANGFUSE_HOST").unwrap_or(LANGFUSE_HOST).trim_end_matches('/');
    let host = match own("langfuse_host") {
        None => operators,
        Some(reference) if reference.starts_with(FROM_ENVIRONMENT) => match reference {
            "os.environ/LANGFUSE_HOST" => operators,
            other => return Err(format!("`langfuse_host` cannot be `{other}`")),
        },
        Some(host) => host.trim_end_matches('/'),
    };
    let is_operators = host == operators && probes.variable("LANGFUSE_HOST").is_some();
    if !is_operators && !probes.allows(host) {
        return Err(format!("`{host}` is not among `latchkey.probes.hosts`"));
    }
    // the operator's credentials go to the operator's address only
    let credential = |own: Option<&str>, variable: &str| match own {
        Some(value) if !value.starts_with(FROM_ENVIRONMENT) => Ok(value.to_owned()),
        Some(reference) if reference.strip_prefix(FROM_ENVIRONMENT) != Some(variable) => {
            Err(format!("a credential of langfuse cannot be `{reference}`"))
        }
        _ if is_operators => {
            let value = probes.variable(variable).map(str::to_owned);
            value.ok_or_else(|| format!("`latchkey.probes.variables.{variable}` is not set"))
        }
        _ => Err(format!("a callback to `{host}` needs its own credentials")),
    };
    let public = credential(own("langfuse_public_key"), "LANGFUSE_PUBLIC_KEY")?;
    let secret =
        credential(own("langfuse_secret_key").or_else(|| own("langfuse_secret")), "LANGFUSE_SECRET_KEY")?;
    let moment = iso_z(cx.now());
    let trace = dict! {
        "id" => cx.uuid(),
        "timestamp" => moment.clone(),
        "name" => "litellm-key-health-test",
        "input" => PROMPT,
        "output" => ANSWER,
    };
    let event = dict! { "id" => cx.uuid(), "timestamp" => moment, "type" => "trace-create", "body" => trace };
    let body = write(&dict! { "batch" => vec![event] });
    let mut probe = post(&format!("{host}/api/public/ingestion"), None, body);
    let basic = STANDARD.encode(format!("{public}:{secret}"));
    probe.headers.push(("authorization".to_owned(), format!("Basic {basic}")));
    Ok(probe)
}

/// Langfuse answers 207 and says of each event what became of it.
pub(super) fn judge(body: &str) -> Result<(), String> {
    let answer = read(body.as_bytes(), &Limits::REQUEST).unwrap_or(Json::Null);
    let errors = answer.get("errors").and_then(Json::as_list).unwrap_or_default();
    let Some(first) = errors.first() else { return Ok(()) };
    let status = first.get("status").map_or_else(
        || "an error".to_owned(),
        |status| format!("status {}", latchkey_contract::json::str_of(status)),
    );
    Err(format!("the test event was answered with {status}"))
}
