//! The settings for questions without a server: as much of them as `check` and `describe` look at. What [`Settings::shown`]
//! has is enough. The server alone tells an operator what is wrong with a config.yaml, for which it needs the names of all
//! settings of LiteLLM's; a form must not load those.

use super::read::{OWN, models, profile};
use super::section::{Notes, Problem, Section};
use super::{KeyGeneration, Settings, bounds, defaults};
use latchkey_contract::json::Json;

/// Reads the settings, or says which of them cannot be read.
pub(crate) fn read_alone(config: &Json) -> Result<Settings, Vec<Problem>> {
    let notes = Notes::default();
    let settings = assemble(&Section::root(config, &notes));
    let problems = notes.problems.into_inner();
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

fn assemble(root: &Section<'_>) -> Settings {
    let general = root.section("general_settings");
    let litellm = root.section("litellm_settings");
    let own = root.section("latchkey");
    own.only(OWN);
    let profile = profile(&own);
    Settings {
        profile,
        premium_user: own.flag("premium_user").unwrap_or(profile.is_strict()),
        admin_only_routes: general.texts("admin_only_routes"),
        public_routes: general.texts("public_routes").unwrap_or_default(),
        custom_rule: general.text("custom_key_generate"),
        disable_custom_keys: general.flag("disable_custom_api_keys").unwrap_or(false),
        key_generation: KeyGeneration::written(&litellm.section("key_generation_settings")),
        default_key_params: defaults::written_of_keys(&litellm, profile),
        upper_bounds: bounds::written(&litellm),
        models: models(root, false),
        ..Settings::default()
    }
}
