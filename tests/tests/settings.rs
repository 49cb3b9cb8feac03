//! What the operator is told of settings, from outside.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read, write};
use latchkey_core::Policy;

/// Whether the settings can be used, and the whole report on them.
fn report(master_key: &str, general: &[(&'static str, Json)]) -> (bool, String) {
    let mut general_settings = dict! { "master_key" => master_key };
    general.iter().for_each(|(name, value)| general_settings.set(*name, value.clone()));
    let settings = write(&dict! { "general_settings" => general_settings });
    let (policy, report) = Policy::configure(settings.as_bytes());
    let report = read(&report, &Limits::STORED).expect("a report is JSON");
    let told = match report.get("usable") {
        Some(report) => report.get("warnings"),
        None => report.get("unusable"),
    };
    (policy.is_some(), told.map(write).expect("warnings or errors"))
}

#[test]
fn a_master_key_of_sixteen_characters_is_long_enough() {
    for (key, is_short) in
        [("sk-0123456789abcd", false), ("sk-0123456789abc", false), ("sk-0123456789ab", true)]
    {
        let (is_usable, told) = report(key, &[]);
        assert!(is_usable && told.contains("short enough to be guessed") == is_short, "{key}: {told}");
    }
}

#[test]
fn words_in_angle_brackets_are_no_master_key() {
    for (key, expected) in [
        ("sk-<abcdefghijk>-0123", false),
        ("sk-<abc-def_ghi>-0123", false),
        ("sk-<>-0123456789abcd", true),
        ("sk-<0123456789>-abcd", true),
    ] {
        let (is_usable, told) = report(key, &[]);
        assert_eq!(is_usable, expected, "{key}: {told}");
    }
}

#[test]
fn a_setting_that_nobody_knows_is_passed_over_unless_it_names_the_database() {
    let key = "sk-0123456789abcdef";
    for (name, value, expected) in [
        ("colour", Json::from("blue"), true),
        ("db", Json::from("x"), false),
        ("db", Json::Null, true),
        ("colour", Json::from("postgresql://host/base"), false),
    ] {
        let (is_usable, told) = report(key, &[(name, value.clone())]);
        assert_eq!(is_usable, expected, "{name} {value:?}: {told}");
    }
}

#[test]
fn a_setting_with_the_words_of_another_is_named_with_it() {
    for (name, meant) in [
        ("our_default_internal_user_params_by_department", "default_internal_user_params"),
        ("only_routes", "admin_only_routes"),
    ] {
        let (is_usable, told) = report("sk-0123456789abcdef", &[(name, Json::from(true))]);
        assert!(is_usable && told.contains(&format!("`{meant}`")), "{name}: {told}");
    }
    let (_, told) = report("sk-0123456789abcdef", &[("internal_params_of_users", Json::from(true))]);
    assert_eq!(told, "[]");
}
