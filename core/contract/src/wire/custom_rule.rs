//! What the operator's own rule says.

use super::message::message;

message! {
    /// What became of a question to the operator's own rule: the row that answers the query for it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum RuleAnswer {
        /// The text that the rule gave.
        "answer" => Answer(String),
        /// The rule gave none.
        "failed" => Failed(RuleFailure),
    }
}

message! {
    /// Why the operator's own rule gave no answer.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum RuleFailure {
        /// The module failed.
        Trap = "trap",
        /// It ran too long.
        Overrun = "overrun",
        /// What it gave is no text, or is too long.
        Malformed = "malformed",
    }
}
