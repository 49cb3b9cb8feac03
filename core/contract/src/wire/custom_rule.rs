//! What the operator's own rule says.

use serde::{Deserialize, Serialize};

/// What became of a question to the operator's own rule: the row that answers the query for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RuleAnswer {
    /// The text that the rule gave.
    Answer(String),
    /// The rule gave none.
    Failed(RuleFailure),
}

/// Why the operator's own rule gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RuleFailure {
    /// The module failed.
    Trap,
    /// It ran too long.
    Overrun,
    /// What it gave is no text, or is too long.
    Malformed,
}
