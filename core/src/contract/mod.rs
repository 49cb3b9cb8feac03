//! What goes into the module and what comes out: frames, calls, steps, queries, writes and guards.
//!
//! All of it is JSON with closed sets of names, so that a shell can be written in any language from `wasm/README.md`.

mod call;
mod facts;
mod flat;
mod frame;
mod probe;
mod step;

pub use call::Call;
pub use facts::{Answer, AuditFilter, CallerRows, Facts, KeyFilter, KeyOrder, Query, Visibility};
pub use frame::{FrameError, join, split};
pub use probe::{Probe, ProbeFailure, Probed};
pub use step::{Cells, Event, Guard, Step, StepHead, Write};
