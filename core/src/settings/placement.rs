//! Names that are misspelt, and settings that stand where they do not count: each of them would be a limit that is none.

use super::names::{self, Place, SETTINGS, Setting, Standing};
use super::section::Section;
use latchkey_contract::environment::misspelt_variable;
use latchkey_contract::json::Json;
use latchkey_contract::nearest::misspelt;

/// Looks through the sections in which settings of the table may be misspelt or misplaced.
pub(super) fn judge(root: &Section<'_>, strict: bool) {
    let general = root.section("general_settings");
    let litellm = root.section("litellm_settings");
    for (section, place) in [(root, Place::Top), (&general, Place::General), (&litellm, Place::Litellm)] {
        for (name, _) in section.members() {
            if let Some(message) = objection(name, place) {
                object(section, name, message, strict);
            } else if let Some(message) = advice(name, place) {
                section.warn(name, message);
            }
        }
    }
    for (section, name) in [root, &general].into_iter().flat_map(|section| {
        section
            .members()
            .iter()
            .filter(|(name, value)| is_database(name, value))
            .map(move |member| (section, &member.0))
    }) {
        let message =
            format!("unknown setting `{name}`: a database counts as `general_settings.database_url`");
        object(section, name, message, strict);
    }
    for (name, _) in root.section("environment_variables").members() {
        if let Some(meant) = misspelt_variable(name) {
            let message = format!("unknown variable `{name}`, did you mean `{meant}`");
            object(root, &format!("environment_variables.{name}"), message, strict);
        }
    }
    for other in ["router_settings", "environment_variables"] {
        // of another kind it is for others to refuse
        let Some(members) = root.written(other).and_then(Json::as_dict) else { continue };
        for (name, _) in members {
            if let Some(setting) = elsewhere(name, None) {
                object(root, &format!("{other}.{name}"), misplaced(setting), strict);
            }
        }
    }
}

/// Whether an unknown setting holds the address of a database.
fn is_database(name: &str, value: &Json) -> bool {
    let is_known = SETTINGS.iter().any(|setting| setting.name == name);
    let is_url = |text: &str| text.starts_with("postgres://") || text.starts_with("postgresql://");
    !is_known && value.as_str().is_some_and(is_url)
}

/// What may be meant by a name that nothing reads, where it is too far from every other to be a misspelling: a setting
/// that is not supported in another place, or one that has the same words and some more.
fn advice(name: &str, place: Place) -> Option<String> {
    if names::of(place).any(|setting| setting.name == name) {
        return None;
    }
    if let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) {
        return Some(format!("{}, and is not supported", misplaced(setting)));
    }
    let words: Vec<&str> = name.split('_').collect();
    let is_meant = |setting: &&Setting| {
        let wanted: Vec<&str> = setting.name.split('_').collect();
        let (few, many) = if words.len() < wanted.len() { (&words, &wanted) } else { (&wanted, &words) };
        let mut rest = many.iter();
        few.len() > 1 && few.iter().all(|word| rest.any(|other| other == word))
    };
    let setting = decisive().find(is_meant)?;
    Some(format!(
        "unknown setting `{name}`, did you mean `{}`, which counts {}",
        setting.name,
        setting.place.words()
    ))
}

/// In profile `litellm-1.60` a start is as tolerant as the release's.
fn object(section: &Section<'_>, name: &str, message: String, strict: bool) {
    if strict { section.complain(name, message) } else { section.warn(name, message) }
}

/// What is wrong with a name in this place.
fn objection(name: &str, place: Place) -> Option<String> {
    let here = || names::of(place).map(|setting| setting.name);
    if here().any(|known| known == name) {
        return None;
    }
    if let Some(setting) = elsewhere(name, Some(place)) {
        return Some(misplaced(setting));
    }
    if let Some(meant) = misspelt(name, here()) {
        return Some(format!("unknown setting `{name}`, did you mean `{meant}`"));
    }
    let others = || decisive().filter(|setting| setting.place != place);
    let meant = misspelt(name, others().map(|setting| setting.name))?;
    let setting = others().find(|setting| setting.name == meant)?;
    Some(format!("unknown setting `{name}`, did you mean `{meant}`, which counts {}", setting.place.words()))
}

/// Where a setting of this name counts, for a section in which it does not.
pub(super) fn hint(name: &str) -> Option<String> {
    elsewhere(name, None).map(misplaced)
}

fn elsewhere(name: &str, place: Option<Place>) -> Option<&'static Setting> {
    decisive().find(|setting| Some(setting.place) != place && setting.name == name)
}

fn misplaced(setting: &Setting) -> String {
    format!("has no effect here: `{}` counts {}", setting.name, setting.place.words())
}

/// Settings that count or are refused; names of the others are words that other sections may use.
fn decisive() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().filter(|setting| !matches!(setting.standing, Standing::Named(_)))
}
