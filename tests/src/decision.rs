//! A decision to measure: the crossings of one `key_generate` by a user's key, as a shell makes them.

use crate::implementation::{Engine, InProcess, Request, Session, configure};
use crate::scenario::{MASTER_KEY, dumps};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_core::Policy;
use std::cell::RefCell;
use std::rc::Rc;

/// The frames of one decision, and the settings they are decided under.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The settings, as JSON.
    pub settings: Vec<u8>,
    /// The frames, in the order of the crossings.
    pub frames: Vec<Vec<u8>>,
}

/// Keeps every frame that goes in.
struct Recorder {
    policy: Policy,
    frames: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl Engine for Recorder {
    fn handle(&mut self, frame: &[u8]) -> Result<Vec<u8>, String> {
        self.frames.borrow_mut().push(frame.to_vec());
        Ok(self.policy.handle(frame))
    }

    fn check(&mut self, _input: &[u8]) -> Result<Vec<u8>, String> {
        Err("not recorded".to_owned())
    }
}

/// Settings with defaults, upper bounds and rules for who may generate.
pub fn settings() -> Json {
    let rules = dict! {
        "default_key_generate_params" => dict! {"max_budget" => 5, "models" => vec![Json::from("gpt-4")]},
        "upperbound_key_generate_params" => dict! {
            "max_budget" => 100, "duration" => "30d", "tpm_limit" => 10_000, "rpm_limit" => 100,
        },
        "key_generation_settings" => dict! {
            "personal_key_generation" => dict! {"allowed_user_roles" => vec![Json::from("internal_user"), Json::from("proxy_admin")]},
        },
    };
    dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}, "litellm_settings" => rules}
}

/// A request of about one kilobyte.
pub fn body() -> String {
    let notes: Vec<Json> =
        (0..16).map(|number| Json::from(format!("a note of some length, number {number:02}"))).collect();
    dumps(&dict! {
        "key_alias" => "an-alias", "duration" => "7d", "max_budget" => 10.5, "budget_duration" => "1d",
        "tpm_limit" => 1000, "rpm_limit" => 10, "metadata" => dict! {"notes" => notes, "service" => "search"},
    })
}

/// Plays a `key_generate` of a user in memory and keeps its frames.
pub fn key_generate() -> Result<Decision, String> {
    let settings = settings();
    let frames = Rc::new(RefCell::new(Vec::new()));
    let mut session = InProcess::new(Recorder { policy: configure(&settings)?, frames: Rc::clone(&frames) });
    let key = {
        let body = r#"{"user_id":"u1","user_role":"internal_user","budget_duration":"1d"}"#;
        let response = session.send(&Request::post("/user/new", MASTER_KEY, body))?;
        let answer = read(&response.body, &Limits::STORED).map_err(|error| error.to_string())?;
        let key = answer.get("key").and_then(Json::as_str).map(str::to_owned);
        key.ok_or_else(|| format!("no user: {}", String::from_utf8_lossy(&response.body)))?
    };
    frames.borrow_mut().clear();
    let response = session.send(&Request::post("/key/generate", &key, body()))?;
    if response.status != 200 {
        return Err(format!("refused: {}", String::from_utf8_lossy(&response.body)));
    }
    let frames = frames.borrow().clone();
    Ok(Decision { settings: dumps(&settings).into_bytes(), frames })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_that_is_measured_is_granted() {
        assert!(!key_generate().expect("a key").frames.is_empty());
    }
}
