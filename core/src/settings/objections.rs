//! What is said of a setting that does not count where it stands.

use super::names::Setting;
use super::section::Section;
use latchkey_contract::json::Json;

/// Where a database counts.
pub(super) const DATABASE_COUNTS: &str = "a database counts as `general_settings.database_url`";

/// Whether a value is the address of a database.
pub(super) fn is_server(value: &Json) -> bool {
    let is_scheme = |scheme: &str| scheme.to_ascii_lowercase().starts_with("postgres");
    value
        .as_str()
        .and_then(|text| text.trim_start().split_once("://"))
        .is_some_and(|(scheme, _)| is_scheme(scheme))
}

/// In profile `litellm-1.60` a start is as tolerant as the release's.
pub(super) fn object(section: &Section<'_>, name: &str, message: String, strict: bool) {
    if strict { section.complain(name, message) } else { section.warn(name, message) }
}

pub(super) fn misplaced(setting: &Setting) -> String {
    format!("has no effect here: `{}` counts {}", setting.name, setting.place.words())
}

pub(super) fn meant_by(name: &str, setting: &Setting) -> String {
    format!(
        "unknown setting `{name}`, did you mean `{}`, which counts {}",
        setting.name,
        setting.place.words()
    )
}
