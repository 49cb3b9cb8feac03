//! Names that are misspelt, and settings that stand where they do not count: each of them would be a limit that is none.

use super::names::{self, Place, SETTINGS, Setting, Standing};
use super::section::Section;
use crate::nearest::misspelt;

/// Looks through the sections in which settings of the table may be misspelt or misplaced.
pub(super) fn judge(root: &Section<'_>, strict: bool) {
    let general = root.section("general_settings");
    let litellm = root.section("litellm_settings");
    for (section, place) in [(root, Place::Top), (&general, Place::General), (&litellm, Place::Litellm)] {
        for (name, _) in section.members() {
            if let Some(message) = objection(name, place) {
                object(section, name, message, strict);
            }
        }
    }
    for other in ["router_settings", "environment_variables"] {
        // of another kind it is for others to refuse
        let Some(members) = root.written(other).and_then(crate::json::Json::as_dict) else { continue };
        for (name, _) in members {
            if let Some(setting) = elsewhere(name, None) {
                object(root, &format!("{other}.{name}"), misplaced(setting), strict);
            }
        }
    }
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
