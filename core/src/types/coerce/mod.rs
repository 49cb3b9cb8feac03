//! From JSON to typed values, with the reference's lax conversions: `"10"` is an integer, `1` a boolean.

mod bool;
mod choice;
mod collections;
mod number;
mod text;

pub(crate) use choice::choice;
pub(crate) use collections::Dict;

use super::{Kind, Problem};
use latchkey_contract::json::Json;

/// A type that a value of a request is converted to.
pub(crate) trait Value: Sized {
    /// What it is, for descriptions.
    const KIND: Kind;

    /// Converts, or tells all problems, their places relative to `input`.
    fn read(input: &Json) -> Result<Self, Vec<Problem>>;

    /// The value as JSON; `how` says which fields of models in it are left out.
    fn dump_as(&self, how: Dump) -> Json;

    /// The value as JSON, of models in it the fields that the request mentions.
    fn into_json(self) -> Json {
        self.dump_as(Dump::SET)
    }
}

/// Which fields of a model a dump leaves out, also in models within it. Members of plain objects stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dump {
    /// Fields that the request does not mention (pydantic's `exclude_unset`).
    pub without_unset: bool,
    /// Fields that are `null` (`exclude_none`).
    pub without_null: bool,
}

impl Dump {
    /// All fields with their effective values.
    pub const ALL: Self = Self { without_unset: false, without_null: false };
    /// The fields the request mentions.
    pub const SET: Self = Self { without_unset: true, without_null: false };
    /// The fields the request mentions and does not set to `null`.
    pub const GIVEN: Self = Self { without_unset: true, without_null: true };
}

impl Value for Json {
    const KIND: Kind = Kind::Any;

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        Ok(input.clone())
    }

    fn dump_as(&self, _how: Dump) -> Json {
        self.clone()
    }

    fn into_json(self) -> Json {
        self
    }
}

fn refuse<T>(kind: &'static str, msg: &'static str, input: &Json) -> Result<T, Vec<Problem>> {
    Err(vec![Problem::new(kind, msg, input)])
}
