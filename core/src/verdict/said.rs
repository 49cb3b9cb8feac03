//! What one rule says.

use crate::error::{Code, Kind, Refusal};
use latchkey_contract::json::Json;

/// What a rule that did not refuse has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// Nothing to object.
    Allowed,
    /// The rule does not concern this request.
    NotApplicable,
    /// The rule changed the draft.
    Changed,
    /// What the rule must know is not known here, as when a form is checked without a store.
    Unknown,
}

impl Passed {
    /// The outcome's name in a trace.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::NotApplicable => "not_applicable",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
        }
    }
}

/// The answer of a rule.
pub(crate) type Said = Result<Passed, Refusal>;

/// What the rule called `rule` said, where it decides. A rule that misses a fact refuses then: only `check` and `describe`,
/// which have no store, may leave a question open.
pub(crate) fn decided(rule: &str, said: Said) -> Result<(), Refusal> {
    match said? {
        Passed::Allowed | Passed::NotApplicable | Passed::Changed => Ok(()),
        Passed::Unknown => {
            let message = format!("nothing was decided: a fact is missing that rule `{rule}` needs");
            Err(Refusal::error(Code::FactMissing, 409, Kind::BadRequestError, Json::Null, message))
        }
    }
}

/// Where the value of a field comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The request set it.
    Request,
    /// `default_key_generate_params` set it.
    Default,
    /// `upperbound_key_generate_params` filled it in.
    UpperBound,
    /// It is the caller's own.
    Caller,
    /// A rule computed it.
    Computed,
}

impl Source {
    /// Every source.
    pub const ALL: &[Self] = &[Self::Request, Self::Default, Self::UpperBound, Self::Caller, Self::Computed];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Default => "default",
            Self::UpperBound => "upper_bound",
            Self::Caller => "caller",
            Self::Computed => "computed",
        }
    }
}
