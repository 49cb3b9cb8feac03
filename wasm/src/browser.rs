//! Functions for wasm-bindgen, which the npm package wraps for forms.
//!
//! Questions come in as JSON text, written as it would be sent: what is `undefined` is absent, and no number is read in
//! another way than the server reads it. Answers go out as plain objects, or as text where numbers of JavaScript are
//! not exact enough.

use crate::plain::plain;
use latchkey_contract::json::{Json, write};
use latchkey_contract::secret::Secret;
use latchkey_contract::tables::Millis;
use latchkey_contract::{ABI_VERSION, dict, mint};
use latchkey_core::{Policy, Profile, RULES_DIGEST, end_of_duration};
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

/// The rules under one set of settings.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Rules {
    policy: Option<Policy>,
    report: Json,
}

#[wasm_bindgen]
impl Rules {
    /// Reads the settings: LiteLLM's configuration as JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Self {
        let (policy, report) = Policy::configure_alone(settings.as_bytes());
        Self { policy, report }
    }

    /// The report on the settings; unless it says `ok` there is nothing to ask.
    pub fn report(&self) -> JsValue {
        plain(&self.report)
    }

    /// Judges a request: every violation, the effective values and where they come from.
    pub fn check(&self, input: &str) -> JsValue {
        plain(&self.ask(input, Policy::check))
    }

    /// [`Self::check`], answered as text.
    #[wasm_bindgen(js_name = checkText)]
    pub fn check_text(&self, input: &str) -> String {
        write(&self.ask(input, Policy::check))
    }

    /// What a caller may enter, as JSON Schema.
    pub fn describe(&self, input: &str) -> JsValue {
        plain(&self.ask(input, Policy::describe))
    }

    /// [`Self::describe`], answered as text.
    #[wasm_bindgen(js_name = describeText)]
    pub fn describe_text(&self, input: &str) -> String {
        write(&self.ask(input, Policy::describe))
    }

    /// The answer to a question; `null` if the settings were refused.
    fn ask(&self, input: &str, question: fn(&Policy, &[u8]) -> Json) -> Json {
        self.policy.as_ref().map_or(Json::Null, |policy| question(policy, input.as_bytes()))
    }
}

/// The version of the module's contract.
#[wasm_bindgen(js_name = abiVersion)]
pub fn abi_version() -> u32 {
    ABI_VERSION
}

/// The moment that `text` (`30d`, `12h`, …) is after `now`, both in milliseconds since 1970 UTC, as `{"end": …}`; or why it is
/// no duration, as `{"code": …, "message": …}`.
#[wasm_bindgen(js_name = parseDuration)]
pub fn parse_duration(text: &str, now: f64) -> JsValue {
    plain(&match end_of_duration(Profile::Strict, text, Millis(now as i64)) {
        Ok(end) => dict! { "end" => end.0 },
        Err(error) => dict! { "code" => error.code().as_str(), "message" => error.to_string() },
    })
}

/// How a key is stored: the SHA-256 of it in lower-case hex.
#[wasm_bindgen(js_name = hashKey)]
pub fn hash_key(key: &str) -> String {
    mint::token(key)
}

/// A new key, of 128 bits from the runtime's own source of randomness; an error if it has none.
#[wasm_bindgen(js_name = mintKey)]
pub fn mint_key() -> Result<String, JsError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| JsError::new(&error.to_string()))?;
    Ok(Secret::random(random).expose().to_owned())
}

/// The hash over the sources of the rules: equal to the server's if both judge by the same rules.
#[wasm_bindgen(js_name = rulesDigest)]
pub fn rules_digest() -> String {
    RULES_DIGEST.to_owned()
}
