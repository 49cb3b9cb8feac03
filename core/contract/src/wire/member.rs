//! Members of an object that was read.

use crate::json::Json;

/// Whether an object has so many members and no more: a member nobody reads would be a condition nobody heeds.
pub(super) fn has_only(value: &Json, members: usize) -> bool {
    value.as_dict().is_some_and(|dict| dict.len() == members)
}

pub(super) fn text(value: &Json, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

/// `None` where there is something else than text or nothing.
pub(super) fn maybe_text(value: &Json, name: &str) -> Option<Option<String>> {
    match value.get(name) {
        None | Some(Json::Null) => Some(None),
        Some(Json::Str(text)) => Some(Some(text.clone())),
        Some(_) => None,
    }
}

pub(super) fn texts(value: &Json, name: &str) -> Option<Vec<String>> {
    value.get(name)?.as_list()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

pub(super) fn number_or_none(value: &Json, name: &str) -> Option<Option<u64>> {
    match value.get(name)? {
        Json::Null => Some(None),
        _ => number(value, name).map(Some),
    }
}

pub(super) fn number(value: &Json, name: &str) -> Option<u64> {
    match value.get(name)? {
        Json::Int(number) => (*number).try_into().ok(),
        _ => None,
    }
}
