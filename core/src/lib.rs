//! The rules of Latchkey: who may create, change, see, rotate, block and delete a virtual key of an LLM gateway, with
//! which defaults and upper bounds.
//!
//! A pure function from a call to a step: no I/O, no clock, no randomness, no unsafe code, and no panic.

#![forbid(unsafe_code)]
#![allow(clippy::result_large_err, reason = "a refusal is made once and ends the request")]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unreachable
    )
)]

mod audit;
pub mod auth;
pub mod caller;
mod check;
pub mod context;
mod cors;
mod describe;
pub mod deviations;
pub mod duration;
pub mod error;
mod headers;
mod members;
mod openapi;
pub mod operations;
mod params;
mod policy;
mod probe;
mod redact;
mod report;
pub mod request;
mod route;
mod routing;
pub mod rules;
pub mod settings;
pub mod time;
pub mod types;

pub use policy::Policy;

/// SHA-256 over the sources of the rules, lower-case hex.
pub const RULES_DIGEST: &str = env!("LATCHKEY_RULES_DIGEST");
