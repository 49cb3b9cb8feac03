//! Which recorded steps the module's routes cover.

use crate::implementation::{configure, entropy};
use crate::scenario::{Body, Exchange, Scenario, Step, full_settings};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::wire::{Call, StepHead};
use latchkey_core::Policy;

/// The operation of a reply to a request that reaches none.
const NO_OPERATION: &str = "none";

/// The routes of the module, asked one by one: its reply names the operation that a request reaches.
#[derive(Debug)]
pub struct Scope {
    policy: Policy,
}

impl Scope {
    /// Asks the module linked into this process.
    pub fn new() -> Result<Self, String> {
        Ok(Self { policy: configure(&full_settings(&Json::Null, true))? })
    }

    /// Why a scenario is left out; `None` if it is played.
    pub fn leaves_out(&self, scenario: &Scenario) -> Option<String> {
        if scenario.tags.iter().any(|tag| tag == "cache") || uses_a_key_that_a_failed_call_deleted(scenario) {
            return Some("depends on stale caches".to_owned());
        }
        scenario.steps.iter().find_map(|step| match step {
            Step::Send(exchange) if !self.covers(exchange) => Some(route_of(exchange)),
            _ => None,
        })
    }

    /// Whether the module knows the route of a step, or the reference did not know it either.
    fn covers(&self, step: &Exchange) -> bool {
        let path = step.path.split('?').next().unwrap_or_default();
        let (is_known, status) = self.ask(&step.method, path);
        let refused = |detail: &str| step.expected == dict! {"detail" => detail};
        let same_status = (refused("Method Not Allowed") || step.status == 307) && status == step.status;
        is_known || refused("Not Found") || same_status
    }

    /// Whether a request reaches an operation, and the status if the module answers at once.
    fn ask(&self, method: &str, path: &str) -> (bool, i64) {
        let call = Call {
            method: method.to_owned(),
            path: path.to_owned(),
            entropy: entropy().unwrap_or_default(),
            ..Call::default()
        };
        match self.policy.decide(&call, b"").head {
            StepHead::Reply { operation, status, .. } | StepHead::Write { operation, status, .. } => {
                (operation != NO_OPERATION, i64::from(status))
            }
            StepHead::Read { .. } | StepHead::Body { .. } | StepHead::Forward { .. } => (true, 0),
        }
    }
}

/// Whether a key is used after a `/key/delete` that names it and that the reference answered with an internal error, or
/// that it refused because of another key than the caller's own: it deletes the row, fails before it empties its cache,
/// and takes the key for another minute.
fn uses_a_key_that_a_failed_call_deleted(scenario: &Scenario) -> bool {
    let mut deleted: Vec<&str> = Vec::new();
    scenario.steps.iter().any(|step| {
        let Step::Send(exchange) = step else { return false };
        let used = deleted.contains(&exchange.caller.as_str());
        if exchange.path == "/key/delete"
            && (exchange.status >= 500 || is_for_another_key(exchange))
            && let Body::Json(body) = &exchange.body
        {
            let keys = body.get("keys").and_then(Json::as_list).unwrap_or_default();
            let is_gone = |key: &&str| exchange.status >= 500 || exchange.caller == **key;
            deleted.extend(keys.iter().filter_map(Json::as_str).filter(is_gone));
        }
        used
    })
}

/// Whether a `/key/delete` was refused because the caller may not delete one of the keys.
fn is_for_another_key(exchange: &Exchange) -> bool {
    let refusal = dict! {"error" => "You are not authorized to delete this key"};
    exchange.expected.get("error").and_then(|error| error.get("message")) == Some(&refusal)
}

fn route_of(step: &Exchange) -> String {
    let path = step.path.split('?').next().unwrap_or_default();
    if path.ends_with("/regenerate") {
        return format!("{} /key/{{key}}/regenerate", step.method);
    }
    format!("{} {path}", step.method)
}
