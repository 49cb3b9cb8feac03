//! Objects of a question.

use crate::error::Refusal;
use crate::members;
use latchkey_contract::json::{Json, str_of};
use latchkey_contract::nearest::{misspelt, nearest};
use latchkey_contract::tables::{Table, fit};

/// What the host takes out of a question before it asks.
const SETTINGS: Option<&str> = Some("settings");

/// Refuses members that are not in `known`, with the nearest known name.
pub(super) fn only(value: &Json, place: &str, known: &[&str]) -> Result<(), String> {
    let members = value.as_dict().unwrap_or_default();
    match members.iter().find(|(name, _)| !known.contains(&&**name)) {
        None => Ok(()),
        Some((name, _)) => {
            let taken_before = SETTINGS.filter(|_| place.is_empty());
            let nearest = nearest(name, known.iter().copied().chain(taken_before)).unwrap_or_default();
            Err(format!("unknown member `{place}{name}`, did you mean `{place}{nearest}`"))
        }
    }
}

/// A row of which some columns are named.
pub(super) fn row<T: Table>(value: &Json, name: &str) -> Result<T, String> {
    for (member, _) in
        value.as_dict().unwrap_or_default().iter().filter(|(member, _)| !members::is_of_today(member))
    {
        if let Some(meant) = misspelt(member, T::SCHEMA.columns.iter().map(|column| column.name)) {
            return Err(format!("unknown member `{name}.{member}`, did you mean `{name}.{meant}`"));
        }
    }
    let mut value = value.clone();
    if let Json::Dict(members) = &mut value {
        members.retain(|(_, value)| !value.is_null());
    }
    fit::row(&value).map_err(|misfit| format!("`{name}`: {}", str_of(&Refusal::from(misfit).message)))
}
