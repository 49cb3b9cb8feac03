//! The server of Latchkey: HTTP, a store, the clock and random bytes around the policy module. It decides nothing.

pub mod check;
pub mod cli;
pub mod custom_rule;
pub mod doctor;
pub mod engine;
pub mod exchange;
mod findings;
pub mod flow;
mod given;
pub mod health;
pub mod listen;
mod litellm_arguments;
pub mod log;
mod memo;
pub mod migrate;
mod output;
mod patience;
pub mod probe;
pub mod rotation;
pub mod run;
pub mod server;
pub mod settings;
pub mod start;
pub mod store;
