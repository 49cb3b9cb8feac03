//! `POST /key/health`: whether the calling key's own logging works.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::probe;
use crate::types::{KeyCallback, Model as _, Problem};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, repr};
use latchkey_contract::wire::Query;

/// Callbacks of one key that are tested.
const MOST: usize = 8;

/// Judges the callbacks in the key's metadata.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    let metadata = caller.key.as_ref().map(|key| key.metadata.value());
    let Some(logging) = metadata.as_ref().and_then(|metadata| metadata.get("logging")) else {
        return Ok(Outcome::reply(dict! { "key" => "healthy", "logging_callbacks" => Json::Null }));
    };
    let status = logging_status(cx, logging)?;
    let key = status.get("status").cloned();
    Ok(Outcome::reply(dict! { "key" => key, "logging_callbacks" => status }))
}

/// Whether the callbacks can be called: their settings are judged, and then a test event is sent for each.
fn logging_status(cx: &Context<'_>, logging: &Json) -> Result<Json, Halt> {
    let callbacks = match logging {
        Json::List(callbacks) => callbacks.as_slice(),
        Json::Dict(members) if members.is_empty() => &[],
        _ => return Err(failed("`metadata.logging` must be a list of callbacks").into()),
    };
    let mut names = Vec::with_capacity(callbacks.len());
    for callback in callbacks {
        if callback.as_dict().is_none() {
            return Err(failed("each item of `metadata.logging` must be an object").into());
        }
        match callback.get("callback_name").filter(|name| !name.is_null()) {
            Some(name) => names.push(name.clone()),
            None => return Err(failed(messages::CALLBACK_NAME_REQUIRED).into()),
        }
    }
    let names = Json::List(names);
    let mut read = Vec::with_capacity(callbacks.len());
    for callback in callbacks {
        match KeyCallback::read_model(callback) {
            Ok(callback) => read.push(callback),
            Err(problems) => {
                return Ok(unhealthy(names, format!("Logging test failed: {}", validation_error(&problems))));
            }
        }
    }
    if read.len() > MOST {
        return Ok(unhealthy(names, format!("Logging test failed: a key may have {MOST} callbacks")));
    }
    if !read.is_empty() && cx.settings.probes.is_none() {
        let details = "Logging test failed: no test event was sent, `latchkey.probes` is not set";
        return Ok(unhealthy(names, details.to_owned()));
    }
    let failures = failures(cx, &read)?;
    if failures.is_empty() {
        let details = messages::logging_healthy(&repr(&names));
        return Ok(dict! { "callbacks" => names, "status" => "healthy", "details" => details });
    }
    Ok(unhealthy(names, messages::logging_unhealthy(&failures.join("\n"))))
}

/// What is wrong with the callbacks, a line for each that failed. All test events are sent at one time.
fn failures(cx: &Context<'_>, callbacks: &[KeyCallback]) -> Result<Vec<String>, Halt> {
    let Some(probes) = &cx.settings.probes else { return Ok(Vec::new()) };
    let plans: Vec<_> =
        callbacks.iter().map(|callback| probe::plan(cx, probes, callback).map(Query::Probe)).collect();
    cx.foresee(plans.iter().flatten().cloned());
    let mut failures = Vec::new();
    for (callback, plan) in callbacks.iter().zip(plans) {
        let name = &callback.callback_name;
        let said = match plan {
            Err(why) => Err(why),
            Ok(query) => match cx.answer(&query)?.rows.message() {
                None => Err("this server sends no test events".to_owned()),
                Some(probed) => probe::judge(name, &probed),
            },
        };
        failures.extend(said.err().map(|why| format!("{name}: {why}")));
    }
    Ok(failures)
}

fn unhealthy(names: Json, details: String) -> Json {
    dict! { "callbacks" => names, "status" => "unhealthy", "details" => details }
}

/// The problems of one callback as the reference's validation prints them.
fn validation_error(problems: &[Problem]) -> String {
    let plural = if problems.len() == 1 { "" } else { "s" };
    let lines: Vec<String> = problems.iter().map(Problem::line).collect();
    format!("{} validation error{plural} for AddTeamCallback\n{}", problems.len(), lines.join("\n"))
}

fn failed(why: &str) -> Refusal {
    let message = format!("Key health check failed: {why}");
    Refusal::error(Code::RequestUnsupported, 400, Kind::InternalServerError, "None", message)
}

#[cfg(test)]
mod tests;
