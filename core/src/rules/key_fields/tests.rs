//! What the table of fields says.

use super::*;
use crate::types::{GenerateKeyRequest, Model as _, RegenerateKeyRequest, UpdateKeyRequest};
use latchkey_contract::tables::{Table as _, VirtualKey};

#[test]
fn every_field_of_a_request_for_a_key_is_in_the_table_once() {
    let requests = [GenerateKeyRequest::fields(), RegenerateKeyRequest::fields(), UpdateKeyRequest::fields()];
    for field in requests.into_iter().flatten() {
        let found = KEY_FIELDS.iter().filter(|known| known.name == field.name).count();
        assert_eq!(found, 1, "{}", field.name);
    }
}

#[test]
fn a_field_is_kept_where_the_table_says() {
    for field in KEY_FIELDS {
        let column = field.stored().and_then(|name| VirtualKey::SCHEMA.column(name));
        // for policies LiteLLM has a column, and keeps those of a key in its free data
        let is_column = matches!(field.home, Home::Column | Home::Expiry) || field.name == "policies";
        assert_eq!(column.is_some(), is_column, "{}", field.name);
    }
}

#[test]
fn bounds_are_judged_in_the_order_of_the_reference() {
    let order =
        ["duration", "max_budget", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration"];
    assert_eq!(bounded().collect::<Vec<_>>(), order);
}

#[test]
fn a_budget_window_may_grow_and_not_shrink() {
    let key =
        |text: Option<&str>| VirtualKey { budget_duration: text.map(str::to_owned), ..VirtualKey::default() };
    let sooner = |old, new| exceeds::renews_sooner(&key(old), &key(new), Millis(0));
    assert!(sooner(Some("30d"), Some("1d")) && sooner(None, Some("30d")));
    assert!(!sooner(Some("1d"), Some("30d")) && !sooner(Some("1d"), None) && !sooner(None, None));
}

#[test]
fn every_field_is_found_by_its_name_and_nothing_by_another() {
    for field in KEY_FIELDS {
        assert_eq!(named(field.name).map(|found| found.name), Some(field.name));
    }
    assert!(
        ["", "nothing", "a_name_that_is_longer_than_that_of_any_field_of_a_key"]
            .iter()
            .all(|name| named(name).is_none())
    );
}
