//! Typed functions over plain JavaScript objects, for forms.

use latchkey_core::{Policy, RULES_DIGEST, duration, mint, settings::Profile, tables::Millis};
use serde::Serialize;
use std::cell::RefCell;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

thread_local! {
    static POLICY: RefCell<Option<Policy>> = const { RefCell::new(None) };
}

/// Reads the settings (LiteLLM's configuration as an object) and keeps them; returns the report.
#[wasm_bindgen]
pub fn configure(settings: JsValue) -> Result<JsValue, JsError> {
    let (policy, report) = Policy::configure(&text(settings)?);
    POLICY.with(|kept| *kept.borrow_mut() = policy);
    object(&report)
}

/// Judges a request: every violation, the effective values and where they come from.
#[wasm_bindgen]
pub fn check(input: JsValue) -> Result<JsValue, JsError> {
    ask(input, Policy::check)
}

/// What a caller may enter, as JSON Schema.
#[wasm_bindgen]
pub fn describe(input: JsValue) -> Result<JsValue, JsError> {
    ask(input, Policy::describe)
}

/// The moment that `text` (`30d`, `12h`, …) is after `now`, both in milliseconds since 1970 UTC.
#[wasm_bindgen(js_name = parseDuration)]
pub fn parse_duration(text: &str, now: f64) -> Result<f64, JsError> {
    let end = duration::end(Profile::Strict, text, Millis(now as i64))?;
    Ok(end.0 as f64)
}

/// How a key is stored: the SHA-256 of it in lower-case hex.
#[wasm_bindgen(js_name = hashKey)]
pub fn hash_key(key: &str) -> String {
    mint::token(key)
}

/// A new key from the browser's random bytes.
#[wasm_bindgen(js_name = mintKey)]
pub fn mint_key() -> Result<String, JsError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| JsError::new(&error.to_string()))?;
    Ok(mint::key(random))
}

/// The hash over the sources of the rules: equal to the server's if both judge by the same rules.
#[wasm_bindgen(js_name = rulesDigest)]
pub fn rules_digest() -> String {
    RULES_DIGEST.to_owned()
}

fn ask(input: JsValue, question: fn(&Policy, &[u8]) -> Vec<u8>) -> Result<JsValue, JsError> {
    let input = text(input)?;
    let answer = POLICY.with(|kept| kept.borrow().as_ref().map(|policy| question(policy, &input)));
    object(&answer.ok_or_else(|| JsError::new("`configure` comes first"))?)
}

fn text(value: JsValue) -> Result<Vec<u8>, JsError> {
    let value: serde_json::Value = serde_wasm_bindgen::from_value(value)?;
    Ok(serde_json::to_vec(&value)?)
}

fn object(json: &[u8]) -> Result<JsValue, JsError> {
    let value: serde_json::Value = serde_json::from_slice(json)?;
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
