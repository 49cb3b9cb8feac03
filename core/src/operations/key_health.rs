//! `POST /key/health`: whether the calling key's own logging works.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::dict;
use crate::error::{Code, Kind, Refusal, messages};
use crate::json::{Json, repr};
use crate::request::Request;
use crate::types::{KeyCallback, Model as _, Problem};

/// Judges the callbacks in the key's metadata.
pub(super) fn run(_cx: &Context<'_>, caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    let metadata = caller.key.as_ref().map(|key| key.metadata.value());
    let Some(logging) = metadata.as_ref().and_then(|metadata| metadata.get("logging")) else {
        return Ok(Outcome::reply(dict! { "key" => "healthy", "logging_callbacks" => Json::Null }));
    };
    let status = logging_status(logging)?;
    let key = status.get("status").cloned();
    Ok(Outcome::reply(dict! { "key" => key, "logging_callbacks" => status }))
}

/// Whether the callbacks can be called, as far as their settings tell.
fn logging_status(logging: &Json) -> Result<Json, Refusal> {
    let callbacks = match logging {
        Json::List(callbacks) => callbacks.as_slice(),
        Json::Dict(members) if members.is_empty() => &[],
        _ => return Err(failed("`metadata.logging` must be a list of callbacks")),
    };
    let mut names = Vec::with_capacity(callbacks.len());
    for callback in callbacks {
        if callback.as_dict().is_none() {
            return Err(failed("each item of `metadata.logging` must be an object"));
        }
        match callback.get("callback_name").filter(|name| !name.is_null()) {
            Some(name) => names.push(name.clone()),
            None => return Err(failed(messages::CALLBACK_NAME_REQUIRED)),
        }
    }
    let names = Json::List(names);
    if let Some(problems) = callbacks.iter().find_map(|callback| KeyCallback::read_model(callback).err()) {
        return Ok(unhealthy(names, format!("Logging test failed: {}", validation_error(&problems))));
    }
    if callbacks.is_empty() {
        let details = messages::logging_healthy(&repr(&names));
        return Ok(dict! { "callbacks" => names, "status" => "healthy", "details" => details });
    }
    let details = "Logging test failed: no test event was sent, this server cannot send one yet".to_owned();
    Ok(unhealthy(names, details))
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
mod tests {
    use super::*;

    fn status(logging: &Json) -> Result<String, u16> {
        let status = logging_status(logging).map_err(|refusal| refusal.status)?;
        Ok(status.get("status").and_then(Json::as_str).unwrap_or_default().to_owned())
    }

    #[test]
    fn a_callback_is_healthy_only_if_it_was_called() {
        assert_eq!(status(&Json::List(Vec::new())).as_deref(), Ok("healthy"));
        let callback = dict! { "callback_name" => "langfuse", "callback_vars" => Json::empty_dict() };
        assert_eq!(status(&Json::List(vec![callback])).as_deref(), Ok("unhealthy"));
    }

    #[test]
    fn settings_that_name_no_callback_are_refused() {
        assert_eq!(status(&Json::from("langfuse")), Err(400));
        assert_eq!(status(&Json::List(vec![Json::from("langfuse")])), Err(400));
        assert_eq!(status(&Json::List(vec![dict! { "callback_name" => Json::Null }])), Err(400));
    }
}
