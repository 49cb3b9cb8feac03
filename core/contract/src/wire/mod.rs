//! What goes into the module and what comes out: frames, calls, steps, queries, writes and guards.
//!
//! All of it is JSON with closed sets of names, so that a shell can be written in any language from `wasm/README.md`. Each
//! message is stated once, which gives its type, its writer, its reader and its schema.

mod call;
mod caller_rows;
mod change;
mod custom_rule;
mod facts;
mod frame;
mod message;
mod plain;
mod probe;
mod query;
mod report;
mod schema;
mod step;

pub use call::{Call, Conflict, Refused, Task};
pub use caller_rows::CallerRows;
pub use change::{changed, insert, insert_copy, present, unchanged, unchanged_in, untouched};
pub use custom_rule::{RuleAnswer, RuleFailure};
pub use facts::{Fact, Facts, Rows};
pub use frame::{FrameError, read_frame, write_frame};
pub use message::{Message, of_text, to_text};
pub use probe::{Probe, ProbeFailure, Probed};
pub use query::{AuditFilter, KeyFilter, KeyOrder, Query, Visibility};
pub use report::{
    Bounds, Configured, CustomRuleReport, Forwarding, OriginHeaders, ProbeBounds, ReadyReplies, ReadyReply,
    Report, RequestIds, RotationReport, SettingsProblem,
};
pub use schema::{Schemas, schema};
pub use step::{Condition, Event, Guard, Items, Note, RowName, Step, StepHead, Write};
