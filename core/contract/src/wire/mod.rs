//! What goes into the module and what comes out: frames, calls, steps, queries, writes and guards.
//!
//! All of it is JSON with closed sets of names, so that a shell can be written in any language from `wasm/README.md`.

mod call;
mod caller_rows;
mod change;
mod facts;
mod frame;
mod headers;
mod member;
mod probe;
mod query;
mod query_text;
mod rows_text;
mod step;
mod step_text;

pub use call::{Call, Conflict};
pub use caller_rows::CallerRows;
pub use change::{changed, insert, insert_copy, present, unchanged, unchanged_in};
pub use facts::{Answer, Facts};
pub use frame::{FrameError, join, split};
pub use probe::{Probe, ProbeFailure, Probed};
pub use query::{AuditFilter, KeyFilter, KeyOrder, Query, Visibility};
pub use step::{Condition, Event, Guard, Items, Note, Step, StepHead, Write};
