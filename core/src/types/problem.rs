//! What is wrong with a request, in the words of the reference's validation.

use latchkey_contract::json::{Json, repr};
use std::borrow::Cow;

/// One step on the way to the value a problem is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A member of an object, or `body`, or `query`.
    Name(Cow<'static, str>),
    /// An item of an array.
    Index(usize),
}

/// One problem: an entry of the 422 answer's `detail`.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The machine code, `type` in the answer.
    pub kind: &'static str,
    /// Where the value stands, outermost first.
    pub loc: Vec<Place>,
    /// The message.
    pub msg: Cow<'static, str>,
    /// The value as it was given.
    pub input: Json,
    /// What the message was made of.
    pub ctx: Option<Json>,
}

impl Problem {
    /// A problem with `input` itself, without context.
    pub fn new(kind: &'static str, msg: impl Into<Cow<'static, str>>, input: &Json) -> Self {
        Self { kind, loc: Vec::new(), msg: msg.into(), input: input.clone(), ctx: None }
    }

    /// A rule of the model itself that does not hold.
    pub fn rule(message: &str, input: &Json) -> Self {
        let ctx = latchkey_contract::dict! {"error" => Json::empty_dict()};
        Self::new("value_error", format!("Value error, {message}"), input).with(ctx)
    }

    /// A required value that is not there; `parent` is what should hold it.
    pub fn missing(parent: &Json) -> Self {
        Self::new("missing", "Field required", parent)
    }

    /// A value that should be an object with the members of a model.
    pub fn not_a_model(input: &Json) -> Self {
        let msg = "Input should be a valid dictionary or object to extract fields from";
        Self::new("model_attributes_type", msg, input)
    }

    /// Adds the context.
    #[must_use]
    pub fn with(mut self, ctx: Json) -> Self {
        self.ctx = Some(ctx);
        self
    }

    /// The same problem, seen from what holds the value under `name`.
    #[must_use]
    pub fn under(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.loc.insert(0, Place::Name(name.into()));
        self
    }

    /// The same problem, seen from the array that holds the value at `index`.
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        self.loc.insert(0, Place::Index(index));
        self
    }

    /// The entry of `detail`.
    pub fn to_json(&self) -> Json {
        let loc = self.loc.iter().map(|step| match step {
            Place::Name(name) => Json::from(name.as_ref()),
            Place::Index(index) => Json::Int(i64::try_from(*index).unwrap_or(i64::MAX)),
        });
        let mut entry = latchkey_contract::dict! {
            "type" => self.kind,
            "loc" => loc.collect::<Vec<_>>(),
            "msg" => self.msg.as_ref(),
            "input" => self.input.clone(),
        };
        if let Some(ctx) = &self.ctx {
            entry.set("ctx", ctx.clone());
        }
        entry
    }
}

/// Puts `name` in front of every problem's place.
pub(crate) fn all_under(problems: Vec<Problem>, name: impl Into<Cow<'static, str>>) -> Vec<Problem> {
    let name = name.into();
    problems.into_iter().map(|problem| problem.under(name.clone())).collect()
}

impl Problem {
    /// The problem as text, the way pydantic prints an exception: where, then what.
    pub fn line(&self) -> String {
        let place: Vec<String> = self
            .loc
            .iter()
            .map(|step| match step {
                Place::Name(name) => name.to_string(),
                Place::Index(index) => index.to_string(),
            })
            .collect();
        format!("{}\n  {} [type={}, input_value={}]", place.join("."), self.msg, self.kind, repr(&self.input))
    }
}
