//! The JSON Schema of what crosses, for those who write a shell.

use super::{Call, Configured, Fact, Probed, Rows, RuleAnswer, StepHead};
use crate::json::JsonText;
use crate::tables::Cells;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// The schema of every message, under `$defs`.
pub fn schema() -> Schema {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.subschema_for::<Call>();
    generator.subschema_for::<Fact>();
    generator.subschema_for::<StepHead>();
    generator.subschema_for::<Configured>();
    generator.subschema_for::<Probed>();
    generator.subschema_for::<RuleAnswer>();
    let version = crate::ABI_VERSION;
    json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("The contract between the module and its shells, version {version}"),
        "$defs": generator.take_definitions(true),
    })
}

/// States the schema of a type that crosses as it is written.
macro_rules! raw {
    ($type:ty, $name:literal, $schema:tt) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

raw!(JsonText, "JsonText", { "description": "A document that is kept as it was written." });
raw!(Cells, "Cells", { "description": "Values by column name, each as it was written.", "type": "object" });
raw!(Rows, "Rows", {
    "description": "Rows, each as it was written: objects by column name, or the message of a shell.",
    "type": "array",
    "items": { "type": "object" }
});
