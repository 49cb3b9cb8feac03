//! What is said of a request: by one rule, and by all of them.

mod said;

pub use said::Source;
pub(crate) use said::{Passed, Said, decided};

use crate::error::{Envelope, Refusal};
use crate::types::Problem;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Name};

/// The rule's name under which problems with the request's form are reported.
const REQUEST_MODEL: &str = "request_model";

/// A judgement.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    violations: Vec<Json>,
    trace: Vec<Json>,
    /// The values as they would be stored, or the answer to a question.
    pub(crate) effective: Option<Json>,
    /// The budget that would be made.
    pub(crate) budget_row: Option<Json>,
    /// Where each value comes from.
    pub(crate) provenance: Vec<(Name, Source)>,
}

impl Verdict {
    /// The verdict on a request that does not fit its model.
    pub(crate) fn misfit(problems: &[Problem]) -> Self {
        let mut verdict = Self::default();
        for problem in problems {
            let entry = problem.to_json();
            let member = |name: &str| entry.get(name).cloned().unwrap_or(Json::Null);
            let field = match member("loc") {
                Json::List(loc) => loc.into_iter().next().unwrap_or(Json::Null),
                _ => Json::Null,
            };
            verdict.violations.push(dict! {
                "rule" => REQUEST_MODEL,
                "code" => problem.kind,
                "status" => 422,
                "field" => field,
                "message" => member("msg"),
                "loc" => member("loc"),
            });
        }
        verdict.note(REQUEST_MODEL, "refused");
        verdict
    }

    /// The verdict of an operation as a whole.
    pub(crate) fn of(operation: &str, said: Result<Json, Refusal>) -> Self {
        let mut verdict = Self::default();
        match said {
            Ok(effective) => {
                verdict.effective = Some(effective);
                verdict.note(operation, Passed::Allowed.as_str());
            }
            Err(refusal) => verdict.refused(operation, refusal),
        }
        verdict
    }

    /// The answer to a question that cannot be refused.
    pub(crate) fn answer(value: impl Into<Json>) -> Self {
        Self { effective: Some(value.into()), ..Self::default() }
    }

    /// Whether nothing was refused so far.
    pub(crate) fn is_allowed(&self) -> bool {
        self.violations.is_empty()
    }

    /// Notes what a rule said.
    pub(crate) fn heard(&mut self, rule: &str, said: Said) {
        match said {
            Ok(passed) => self.note(rule, passed.as_str()),
            Err(refusal) => self.refused(rule, refusal),
        }
    }

    /// Notes a refusal, and what else the same rule objects to.
    pub(crate) fn refused(&mut self, rule: &str, mut refusal: Refusal) {
        let more = std::mem::take(&mut refusal.more);
        for refusal in std::iter::once(refusal).chain(more) {
            self.violations.push(violation(rule, refusal));
        }
        self.note(rule, "refused");
    }

    /// Notes the refusal that ended an operation, unless a rule has said the same before.
    pub(crate) fn stopped(&mut self, operation: &str, refusal: Refusal) {
        let field = Json::from(refusal.field.clone());
        let is_said = self.violations.iter().any(|said| {
            said.get("code").and_then(Json::as_str) == Some(refusal.code.as_str())
                && said.get("field") == Some(&field)
                && said.get("message") == Some(&refusal.message)
        });
        match is_said {
            true => self.note(operation, "refused"),
            false => self.refused(operation, refusal),
        }
    }

    fn note(&mut self, rule: &str, outcome: &str) {
        self.trace.push(dict! { "rule" => rule, "outcome" => outcome });
    }

    /// The verdict on the wire.
    pub(crate) fn to_json(&self) -> Json {
        let provenance =
            self.provenance.iter().map(|(name, source)| (name.clone(), source.as_str().into())).collect();
        let mut out = dict! {
            "allowed" => self.is_allowed(),
            "violations" => self.violations.clone(),
            "effective" => self.effective.clone(),
            "provenance" => Json::Dict(provenance),
            "trace" => self.trace.clone(),
        };
        if let Some(budget) = &self.budget_row {
            out.set("budget_row", budget.clone());
        }
        out
    }
}

fn violation(rule: &str, refusal: Refusal) -> Json {
    let (kind, wire_param) = match refusal.envelope {
        Envelope::Error { kind, param } => (Json::from(kind.as_str()), param),
        Envelope::Detail | Envelope::Raised => (Json::Null, Json::Null),
    };
    dict! {
        "rule" => rule,
        "code" => refusal.code.as_str(),
        "status" => i64::from(refusal.status),
        "type" => kind,
        "param" => wire_param,
        "field" => refusal.field,
        "message" => refusal.message,
    }
}
