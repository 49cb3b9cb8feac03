//! What holds for every request: defaults, upper bounds, durations, and that nothing a client sends is a server's error.

use chrono::{DateTime, Months};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::wire::{Call, StepHead, read_frame, write_frame};
use latchkey_core::Policy;
use latchkey_tests::implementation::{configure, entropy};
use latchkey_tests::scenario::{MASTER_KEY, dumps, same};
use proptest::prelude::*;
use std::sync::LazyLock;

const AMOUNTS: [&str; 4] = ["max_budget", "max_parallel_requests", "tpm_limit", "rpm_limit"];

fn policy(profile: &str, rules: Json) -> Policy {
    configured(profile, rules).expect("the settings are good")
}

/// The policy, if the settings can be used.
fn configured(profile: &str, rules: Json) -> Option<Policy> {
    let settings = dict! {
        "general_settings" => dict! {"master_key" => MASTER_KEY},
        "litellm_settings" => rules,
        "latchkey" => dict! {"profile" => profile},
    };
    configure(&settings).ok()
}

fn check(policy: &Policy, operation: &str, request: Json, now: i64) -> Json {
    let caller = dict! {"user_role" => "proxy_admin", "user_id" => "admin"};
    let input = dict! {"operation" => operation, "request" => request, "caller" => caller, "now" => now};
    policy.check(dumps(&input).as_bytes())
}

fn is_allowed(verdict: &Json) -> bool {
    verdict.get("allowed") == Some(&Json::Bool(true))
}

/// Some of the amounts, each from 1 to 1,000.
fn amounts() -> impl Strategy<Value = Vec<(&'static str, i64)>> {
    prop::collection::vec(prop::option::of(1..1000_i64), AMOUNTS.len()).prop_map(|values| {
        AMOUNTS.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?))).collect()
    })
}

fn object(members: &[(&str, i64)]) -> Json {
    Json::Dict(members.iter().map(|(name, value)| ((*name).to_owned().into(), Json::Int(*value))).collect())
}

fn value(members: &[(&str, i64)], wanted: &str) -> Option<i64> {
    members.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn bounds_fill_what_is_absent_and_refuse_what_is_above(
        bounds in amounts(), request in amounts(), strict in any::<bool>(),
    ) {
        let profile = if strict { "strict" } else { "litellm-1.60" };
        let policy = policy(profile, dict! {"upperbound_key_generate_params" => object(&bounds)});
        let verdict = check(&policy, "key_generate", object(&request), 0);
        let exceeds = |(name, amount): &(&str, i64)| value(&bounds, name).is_some_and(|bound| *amount > bound);
        prop_assert_eq!(is_allowed(&verdict), !request.iter().any(exceeds), "{:?}", verdict);
        if is_allowed(&verdict) {
            for name in AMOUNTS {
                let expected = value(&request, name).or(value(&bounds, name)).map_or(Json::Null, Json::Int);
                let actual = verdict.get("effective").and_then(|row| row.get(name)).unwrap_or(&Json::Null);
                prop_assert!(same(&expected, actual), "{}: {:?}, not {:?}", name, actual, expected);
            }
        }
    }

    #[test]
    fn defaults_stand_where_the_request_is_silent(
        defaults in amounts(), request in amounts(), strict in any::<bool>(),
    ) {
        let profile = if strict { "strict" } else { "litellm-1.60" };
        let policy = policy(profile, dict! {"default_key_generate_params" => object(&defaults)});
        let verdict = check(&policy, "key_generate", object(&request), 0);
        prop_assert!(is_allowed(&verdict), "{:?}", verdict);
        for name in AMOUNTS {
            let expected = value(&request, name).or(value(&defaults, name)).map_or(Json::Null, Json::Int);
            let actual = verdict.get("effective").and_then(|row| row.get(name)).unwrap_or(&Json::Null);
            prop_assert!(same(&expected, actual), "{}: {:?}, not {:?}", name, actual, expected);
        }
    }

    #[test]
    fn neither_null_nor_a_default_slips_past_a_bound_in_strict(
        bounds in amounts(), defaults in amounts(), nulls in prop::collection::vec(any::<bool>(), AMOUNTS.len()),
    ) {
        let rules = dict! {
            "upperbound_key_generate_params" => object(&bounds), "default_key_generate_params" => object(&defaults),
        };
        let mut request = Json::empty_dict();
        for (name, _) in AMOUNTS.iter().zip(nulls).filter(|(_, is_null)| *is_null) {
            request.set(*name, Json::Null);
        }
        let exceeds = |(name, default): &(&str, i64)| value(&bounds, name).is_some_and(|bound| *default > bound);
        let configured = configured("strict", rules);
        prop_assert_eq!(configured.is_none(), defaults.iter().any(exceeds));
        let verdict = configured.map(|policy| check(&policy, "key_generate", request, 0));
        if let Some(verdict) = verdict.filter(is_allowed) {
            for (name, bound) in &bounds {
                let actual = verdict.get("effective").and_then(|row| row.get(name));
                let amount = match actual {
                    Some(Json::Int(amount)) => *amount as f64,
                    Some(Json::Float(amount)) => *amount,
                    _ => f64::INFINITY,
                };
                prop_assert!(amount <= *bound as f64, "{}: {:?}", name, verdict);
            }
        }
    }

    #[test]
    fn a_duration_is_its_number_times_its_unit(number in 1..400_u32, unit in 0..4_usize, strict in any::<bool>()) {
        let (name, seconds) = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)][unit];
        let profile = if strict { &*STRICT } else { &*REFERENCE };
        let verdict = check(profile, "duration", dict! {"duration" => format!("{number}{name}")}, 0);
        prop_assert_eq!(effective_seconds(&verdict), Some(i64::from(number) * seconds));
    }

    #[test]
    fn strict_refuses_every_text_that_is_no_duration(text in "[0-9a-z .+-]{0,8}") {
        let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = &text[..text.len() - digits.len()];
        let is_duration = !number.is_empty()
            && number.bytes().any(|digit| digit != b'0')
            && ["s", "m", "h", "d", "w", "mo"].contains(&digits);
        prop_assume!(!is_duration);
        let verdict = check(&STRICT, "duration", dict! {"duration" => text.as_str()}, 0);
        prop_assert!(!is_allowed(&verdict), "{:?}", verdict);
    }

    #[test]
    fn months_follow_the_calendar_in_strict(number in 1..60_u32, now in 1_600_000_000_i64..2_000_000_000) {
        let start = DateTime::from_timestamp(now, 0).expect("a moment");
        let end = start.checked_add_months(Months::new(number)).expect("a moment");
        let verdict = check(&STRICT, "duration", dict! {"duration" => format!("{number}mo")}, now * 1000);
        prop_assert_eq!(effective_seconds(&verdict), Some((end - start).num_seconds()));
    }

    #[test]
    fn no_body_makes_the_server_fail(body in prop::collection::vec(any::<u8>(), 0..200), strict in any::<bool>()) {
        let policy = if strict { &*STRICT } else { &*REFERENCE };
        prop_assert!(status(policy, &body) < 500);
    }

    #[test]
    fn no_json_makes_the_server_fail(body in json(), strict in any::<bool>()) {
        let policy = if strict { &*STRICT } else { &*REFERENCE };
        prop_assert!(status(policy, dumps(&body).as_bytes()) < 500, "{}", dumps(&body));
    }

    #[test]
    fn the_same_call_gives_the_same_bytes(body in json()) {
        let frame = frame(dumps(&body).as_bytes());
        prop_assert_eq!(STRICT.handle(&frame), STRICT.handle(&frame));
    }
}

static STRICT: LazyLock<Policy> = LazyLock::new(|| policy("strict", Json::empty_dict()));
static REFERENCE: LazyLock<Policy> = LazyLock::new(|| policy("litellm-1.60", Json::empty_dict()));

fn effective_seconds(verdict: &Json) -> Option<i64> {
    match verdict.get("effective") {
        Some(Json::Int(seconds)) if is_allowed(verdict) => Some(*seconds),
        _ => None,
    }
}

/// A `key_generate` by the master key.
fn frame(body: &[u8]) -> Vec<u8> {
    let headers =
        [("authorization", format!("Bearer {MASTER_KEY}")), ("content-type", "application/json".to_owned())];
    let call = Call {
        method: "POST".to_owned(),
        path: "/key/generate".to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        now: 1_700_000_000_000,
        entropy: entropy().expect("random bytes"),
        ..Call::default()
    };
    write_frame(&call, body)
}

/// The status of the first step, 0 if it asks the store.
fn status(policy: &Policy, body: &[u8]) -> u16 {
    let step = policy.handle(&frame(body));
    match read_frame(&step).expect("a step").0 {
        StepHead::Reply { status, .. } | StepHead::Write { status, .. } => status,
        StepHead::Read { .. } | StepHead::Body { .. } | StepHead::Forward { .. } => 0,
    }
}

/// Documents with the members of a request and values of any kind.
fn json() -> impl Strategy<Value = Json> {
    let names = prop::sample::select(vec![
        "key",
        "key_alias",
        "duration",
        "models",
        "spend",
        "max_budget",
        "user_id",
        "team_id",
        "metadata",
        "tags",
        "tpm_limit",
        "rpm_limit",
        "budget_duration",
        "soft_budget",
        "budget_id",
        "permissions",
        "model_max_budget",
        "guardrails",
        "blocked",
        "aliases",
        "config",
        "allowed_cache_controls",
        "gpt-4",
        "budget_limit",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(Json::Int),
        any::<f64>().prop_map(Json::Float),
        Just(Json::Big("123456789012345678901234567890".to_owned())),
        "[ -~]{0,6}".prop_map(Json::Str),
        any::<String>().prop_map(Json::Str),
        "[0-9]{1,3}(s|m|h|d|mo)".prop_map(Json::Str),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::List),
            prop::collection::vec((names.clone(), inner), 0..6).prop_map(|members| {
                let mut out = Json::empty_dict();
                members.into_iter().for_each(|(name, value)| out.set(name, value));
                out
            }),
        ]
    })
}
