//! What the rules of Latchkey and its shells share: JSON as Python knows it, the tables, what crosses between module and
//! shell, and what that is in SQLite. It has no rule: a crate that depends on this one alone cannot call any.

#![forbid(unsafe_code)]
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

pub mod amounts;
pub mod duration;
pub mod environment;
pub mod json;
pub mod mint;
pub mod nearest;
pub mod number;
pub mod order;
pub mod secret;
pub mod sql;
pub mod tables;
pub mod wire;

/// The version of the module's contract; a shell refuses a module of another version.
pub const ABI_VERSION: u32 = 6;
