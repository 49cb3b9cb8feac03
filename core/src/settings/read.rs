//! From a config.yaml, as JSON, to [`Settings`].

use super::section::{Problem, Section};
use super::{
    FROM_ENVIRONMENT, KeyGeneration, KeyLimit, Model, Probes, Profile, Serving, Settings, UpperBounds,
};
use crate::json::Json;
use crate::mint;
use std::cell::RefCell;

/// Reads the settings, or says everything that is wrong with them.
pub fn read(config: &Json) -> Result<Settings, Vec<Problem>> {
    let problems = RefCell::new(Vec::new());
    let root = Section::root(config, &problems);
    let settings = assemble(&root);
    let problems = problems.take();
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

fn assemble(root: &Section<'_>) -> Settings {
    let general = root.section("general_settings");
    let litellm = root.section("litellm_settings");
    let own = root.section("latchkey");
    own.only(&[
        "profile",
        "premium_user",
        "master_key_sha256",
        "probes",
        "max_keys_per_user",
        "max_keys_per_team",
        "cors",
        "root_path",
        "limits",
    ]);
