//! The fields that the operator requires of keys (`required_params`): whether a request has them.

use super::KeyDraft;
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;

/// Refuses for every field of `required` that the request leaves out; in strict, what holds nothing is left out too.
pub(super) fn judge(draft: &KeyDraft<'_>, required: &[String]) -> Said {
    let given = |name: &&String| match draft.request.get(name) {
        None => false,
        Some(Json::Null) => !draft.closes(Hole::required_params_are_not_null),
        Some(value) => is_filled(value) || !draft.closes(Hole::required_params_hold_for_changes),
    };
    Refusal::all(required.iter().filter(|name| !given(name)).map(|name| missing(name)))?;
    Ok(if required.is_empty() { Passed::NotApplicable } else { Passed::Allowed })
}

/// The refusal of a request without this field.
pub(super) fn missing(name: &str) -> Refusal {
    Refusal::http(Code::ParamRequired, 400, messages::required_param(name)).on(name)
}

/// Whether a value holds anything that could have been required.
pub(super) fn is_filled(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Str(text) => !text.chars().all(|c| c.is_whitespace() || is_invisible(c)),
        Json::List(items) => items.iter().any(is_filled),
        Json::Dict(members) => members.iter().any(|(_, value)| is_filled(value)),
        Json::Raw(text) => is_filled(&text.value()),
        Json::Bool(_) | Json::Int(_) | Json::Big(_) | Json::Float(_) => true,
    }
}

/// Whether a character shows nothing.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    #[test]
    fn places_without_anything_in_them_do_not_satisfy() {
        let list = |items: Vec<Json>| Json::List(items);
        for empty in [
            Json::Null,
            "".into(),
            " ".into(),
            "\u{200b}\u{feff}".into(),
            list(vec![]),
            list(vec!["".into(), Json::Null]),
            Json::empty_dict(),
            dict! { "a" => Json::Null },
        ] {
            assert!(!is_filled(&empty), "{empty:?}");
        }
        for filled in [Json::Int(0), false.into(), "a".into(), list(vec!["".into(), "a".into()])] {
            assert!(is_filled(&filled), "{filled:?}");
        }
    }
}
