//! What rules say.

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

/// The answer of a rule.
pub(crate) type Verdict = Result<Passed, Refusal>;

/// What the rule called `rule` said, where it decides. A rule that misses a fact refuses then: only `check` and `describe`,
/// which have no store, may leave a question open.
pub(crate) fn decided(rule: &str, said: Verdict) -> Result<(), Refusal> {
    match said? {
        Passed::Allowed | Passed::NotApplicable | Passed::Changed => Ok(()),
        Passed::Unknown => {
            let message = format!("nothing was decided: a fact is missing that rule `{rule}` needs");
            Err(Refusal::error(Code::FactMissing, 409, Kind::BadRequestError, Json::Null, message))
        }
    }
}
