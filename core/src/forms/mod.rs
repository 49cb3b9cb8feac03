//! What a form asks: `check` and `describe`.
//!
//! `check` is the pipeline of an operation without a store, for forms. All violations in the order of the rules, the
//! effective values, where they come from, and what every rule said.

mod caller;
pub(crate) mod describe;
mod input;
mod key;
mod object;
mod questions;

pub(crate) use caller::shown as shown_caller;
pub(crate) use input::Input;

use crate::settings::Settings;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};

/// Judges `input`: `{operation, request, caller, team?, existing_key?, now}`. An input that cannot be judged gives
/// `{"error": …}`.
pub(crate) fn check(settings: &Settings, input: &[u8]) -> Json {
    let input = match read(input, &Limits::STORED) {
        Ok(value) => value,
        Err(error) => return dict! { "error" => format!("check input is {error}") },
    };
    let input = match Input::read(&input) {
        Ok(input) => input,
        Err(message) => return dict! { "error" => message },
    };
    let verdict = match input.operation.as_str() {
        "key_generate" => key::generate(settings, &input),
        "key_update" => key::update(settings, &input),
        other => match questions::ask(other, settings, &input) {
            Some(verdict) => verdict,
            None => return dict! { "error" => format!("unknown operation `{other}`") },
        },
    };
    verdict.to_json()
}
