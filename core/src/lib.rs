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
mod auth;
mod caller;
mod context;
mod deviations;
mod duration;
mod error;
mod forms;
mod http;
mod members;
mod openapi;
mod operations;
mod policy;
mod probe;
mod redact;
mod report;
mod rules;
mod settings;
mod time;
mod types;
mod verdict;

pub use caller::{Caller, Role};
pub use deviations::DEVIATIONS;
pub use duration::end as end_of_duration;
pub use error::Code;
pub use policy::Policy;
pub use rules::{GENERATE_STRICT, KeyDraft, Standing, UPDATE_STRICT};
pub use settings::{Profile, Settings};
pub use time::iso_z;
pub use types::{FieldInfo, GenerateKeyRequest, Kind, Model, UpdateKeyRequest};
pub use verdict::Source;

/// SHA-256 over the sources of the rules and the versions of the crates that they are built with, lower-case hex.
pub const RULES_DIGEST: &str = env!("LATCHKEY_RULES_DIGEST");
