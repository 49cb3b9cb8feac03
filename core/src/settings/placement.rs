//! Names that are misspelt, and settings that stand where they do not count: each of them would be a limit that is none.

use super::names::{self, Place, SETTINGS, Setting, decisive};
use super::objections::{DATABASE_COUNTS, is_server, meant_by, misplaced, object};
use super::section::Section;
use super::wrapped;
use latchkey_contract::environment::misspelt_variable;
use latchkey_contract::json::Json;
use latchkey_contract::nearest::misspelt;

/// Looks through the whole file for settings of the table that are misspelt or misplaced.
pub(super) fn judge(root: &Section<'_>, strict: bool) {
    if ["apiVersion", "kind"]
        .iter()
        .all(|name| root.written(name).is_some_and(|value| value.as_str().is_some()))
    {
        let message = "is a manifest of Kubernetes: what counts is the file that it is to hold";
        object(root, "kind", message.to_owned(), strict);
    }
    let general = root.section("general_settings");
    let litellm = root.section("litellm_settings");
    for (section, place) in [(root, Place::Top), (&general, Place::General), (&litellm, Place::Litellm)] {
        for (name, value) in section.members() {
            let found = objection(name, place).or_else(|| database(name, value, place));
            if let Some(message) = found {
                object(section, name, message, strict);
                continue;
            }
            if let Some(message) = advice(name, place) {
                section.warn(name, message);
            }
            wrapped::judge(section, place, (name, value), strict);
        }
    }
    for (name, _) in root.section("environment_variables").members() {
        let message = match (misspelt_variable(name), elsewhere(name, None)) {
            (Some(meant), _) => format!("unknown variable `{name}`, did you mean `{meant}`"),
            (None, Some(setting)) => misplaced(setting),
            (None, None) => continue,
        };
        object(root, &format!("environment_variables.{name}"), message, strict);
    }
}

/// What people call the database, or a part of its address, in the file; LiteLLM has settings of none of these names.
const DATABASES: &[&str] = &[
    "database",
    "database_host",
    "database_name",
    "database_password",
    "database_port",
    "database_schema",
    "database_user",
    "database_username",
    "db",
    "postgres",
    "postgresql",
];

/// What is wrong with an unknown setting that says where the rows are: they would be looked for somewhere else.
fn database(name: &str, value: &Json, place: Place) -> Option<String> {
    let is_known = SETTINGS.iter().any(|setting| setting.name == name);
    let is_named = place != Place::Litellm && !value.is_null() && DATABASES.contains(&name);
    (!is_known && (is_named || is_server(value)))
        .then(|| format!("unknown setting `{name}`: {DATABASE_COUNTS}"))
}

/// What is told of a setting that is not supported in another place, either.
fn advice(name: &str, place: Place) -> Option<String> {
    if names::of(place).any(|setting| setting.name == name) || LITELLMS_OWN.contains(&name) {
        return None;
    }
    match SETTINGS.iter().find(|setting| setting.name == name) {
        Some(setting) => Some(format!("{}, and is not supported", misplaced(setting))),
        None => with_other_words(name).map(|setting| meant_by(name, setting)),
    }
}

/// What is wrong with a name in this place.
fn objection(name: &str, place: Place) -> Option<String> {
    let here = || names::of(place).map(|setting| setting.name);
    if here().any(|known| known == name) || LITELLMS_OWN.contains(&name) {
        return None;
    }
    if let Some(setting) = elsewhere(name, Some(place)) {
        return Some(misplaced(setting));
    }
    let is_known = SETTINGS.iter().any(|setting| setting.name == name);
    if let Some(setting) = names::by_other_name(name).filter(|_| !is_known) {
        return Some(meant_by(name, setting));
    }
    if let Some(meant) = misspelt(name, here()) {
        return Some(format!("unknown setting `{name}`, did you mean `{meant}`"));
    }
    let others = || decisive().filter(|setting| setting.place != place);
    if let Some(meant) = misspelt(name, others().map(|setting| setting.name)) {
        return others().find(|setting| setting.name == meant).map(|setting| meant_by(name, setting));
    }
    names::in_path(name).filter(|_| !is_known).map(|setting| meant_by(name, setting))
}

/// Settings of LiteLLM's that mean nothing here and have the words of one that does.
const LITELLMS_OWN: &[&str] = &[
    "custom_auth_settings",
    "dangerously_permit_weak_or_unset_master_key",
    "disable_adding_master_key_hash_to_db",
    "disable_master_key_return",
    "enable_post_custom_auth_checks",
    "max_user_budget",
    "model_list_healthy_only",
    "proxy_auth",
];

/// The setting that has the same words as `name` and some more, or some less.
fn with_other_words(name: &str) -> Option<&'static Setting> {
    let words: Vec<&str> = name.split('_').collect();
    decisive().find(|setting| {
        let wanted: Vec<&str> = setting.name.split('_').collect();
        let (few, many) = if words.len() < wanted.len() { (&words, &wanted) } else { (&wanted, &words) };
        let mut rest = many.iter();
        few.len() > 1 && few.iter().all(|word| rest.any(|other| other == word))
    })
}

/// Where a setting of this name counts, for a section in which it does not.
pub(super) fn hint(name: &str) -> Option<String> {
    elsewhere(name, None).map(misplaced)
}

fn elsewhere(name: &str, place: Option<Place>) -> Option<&'static Setting> {
    decisive().find(|setting| Some(setting.place) != place && setting.name == name)
}
