//! Every field that LiteLLM 1.109 keeps is stored where 1.109 stores it and shown where it shows it; where a store has no place
//! for it, it is refused by name. Nothing is taken and dropped.

mod keys;
mod people;
mod samples;

use latchkey_contract::json::Json;
use latchkey_tests::world::json;

/// Where a field is found afterwards.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// In the member of its name.
    Field,
    /// In the free data.
    Metadata,
    /// Elsewhere: the test of its own says where.
    Elsewhere,
}

/// Asserts that `shown` has the value of `sample` where `place` says.
pub(crate) fn assert_shown(shown: &Json, name: &str, sample: &str, place: Place) {
    let found = match place {
        Place::Field => shown.get(name),
        Place::Metadata => shown.get("metadata").and_then(|metadata| metadata.get(name)),
        Place::Elsewhere => return,
    };
    // replies to requests for keys show the settings that nobody made, too
    let (found, sample) = match name {
        "router_settings" => (found.and_then(|all| all.get("num_retries")).cloned(), Json::Int(2)),
        _ => (found.cloned(), json(sample)),
    };
    assert_eq!(found, Some(sample), "{name}: {shown:?}");
}
