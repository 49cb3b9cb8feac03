//! The JSON Schema of what crosses, for those who write a shell.

use super::{Call, Configured, Message, Probed, RuleAnswer, StepHead};
use crate::dict;
use crate::json::Json;

/// Schemas by name, in the order in which they were found.
#[derive(Debug, Default)]
pub struct Schemas(Vec<(&'static str, Json)>);

impl Schemas {
    /// A reference to the schema called `name`, which `make` makes unless it is known.
    pub(super) fn named(
        &mut self,
        name: &'static str,
        lines: &[&str],
        make: impl FnOnce(&mut Self) -> Json,
    ) -> Json {
        if !self.0.iter().any(|(known, _)| *known == name) {
            let at = self.0.len();
            self.0.push((name, Json::Null));
            let made = about(make(self), lines);
            if let Some((_, schema)) = self.0.get_mut(at) {
                *schema = made;
            }
        }
        dict! { "$ref" => format!("#/$defs/{name}") }
    }
}

/// The schema of every message, under `$defs`.
pub fn schema() -> Json {
    let mut known = Schemas::default();
    Call::schema(&mut known);
    StepHead::schema(&mut known);
    Configured::schema(&mut known);
    Probed::schema(&mut known);
    RuleAnswer::schema(&mut known);
    dict! {
        "$schema" => "https://json-schema.org/draft/2020-12/schema",
        "title" => format!("The contract between the module and its shells, version {}", crate::ABI_VERSION),
        "$defs" => Json::from(known.0),
    }
}

/// The schema with what it is about.
pub(super) fn about(mut schema: Json, lines: &[&str]) -> Json {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    schema.set("description", lines.join(" ").into());
    schema
}

/// An object with these members.
pub(super) fn object(members: Vec<(&'static str, Json)>) -> Json {
    let required: Vec<Json> = members.iter().map(|(name, _)| (*name).into()).collect();
    dict! {
        "type" => "object",
        "properties" => Json::from(members),
        "required" => required,
        "additionalProperties" => false,
    }
}

/// One of several schemas.
pub(super) fn one_of(schemas: Vec<Json>) -> Json {
    dict! { "oneOf" => schemas }
}
