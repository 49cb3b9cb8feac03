//! Every deviation of profile strict: the hole as release 1.60.8 has it, and the same request under strict.

use latchkey_core::DEVIATIONS;
use latchkey_tests::world::{MASTER, World, json, text};

/// One test for each deviation, with a world in each profile.
macro_rules! deviations {
    ($($name:ident under $settings:literal: |$litellm:ident, $strict:ident| $body:block)+) => {
        $(#[test]
        fn $name() {
            let $litellm = &mut World::new("litellm-1.60", $settings);
            let $strict = &mut World::new("strict", $settings);
            $body
        })+

        pub(crate) const TESTED: &[&str] = &[$(stringify!($name)),+];
    };
}

mod archive;
mod callers;
mod changed_keys;
mod fields;
mod limits;
mod many;
mod members;
mod new_keys;
mod organizations;
mod people;
mod requests;
mod rotation;
mod stored;
mod today;
mod today_routes;

#[test]
fn every_deviation_has_its_test() {
    let tested = [
        new_keys::TESTED,
        archive::TESTED,
        callers::TESTED,
        people::TESTED,
        changed_keys::TESTED,
        fields::TESTED,
        limits::TESTED,
        many::TESTED,
        members::TESTED,
        organizations::TESTED,
        today::TESTED,
        today_routes::TESTED,
        requests::TESTED,
        rotation::TESTED,
        stored::TESTED,
    ]
    .concat();
    let named: Vec<&str> = DEVIATIONS.iter().map(|deviation| deviation.name).collect();
    let mut untested = named.clone();
    untested.retain(|name| !tested.contains(name));
    assert_eq!(untested, Vec::<&str>::new());
    assert_eq!(tested.len(), named.len(), "a test without a row in the table");
}
