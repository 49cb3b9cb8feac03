//! What goes into the module and what comes out: frames, calls, steps, queries, writes and guards.
//!
//! All of it is JSON with closed sets of names, so that a shell can be written in any language from `wasm/README.md`.

mod call;
mod caller_rows;
mod cells;
mod facts;
mod frame;
mod probe;
mod query;
mod rows;
mod step;
mod text;

pub use call::{Call, Conflict};
pub use caller_rows::CallerRows;
pub use cells::Cells;
pub use facts::{Answer, AuditFilter, Facts, KeyFilter, KeyOrder, Query, Visibility};
pub use frame::{FrameError, join, split};
pub use probe::{Probe, ProbeFailure, Probed};
pub use step::{Condition, Event, Guard, Items, Note, Step, StepHead, Write};
