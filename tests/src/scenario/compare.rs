//! Equality of two normal forms, and the first place where they differ.

use super::calendar::TOLERANCE_SECONDS;
use super::normal::OPEN_ENDED;
use latchkey_contract::json::{Json, repr};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Whether `actual` is what was expected: numbers by value, booleans apart from them, times within the tolerance, open
/// ended texts by their beginning, objects with the same members.
pub fn same(expected: &Json, actual: &Json) -> bool {
    match (expected, actual) {
        (Json::Null, Json::Null) => true,
        (Json::Bool(left), Json::Bool(right)) => left == right,
        (Json::Str(left), Json::Str(right)) => same_text(left, right),
        (Json::List(left), Json::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same(a, b))
        }
        (Json::Dict(left), Json::Dict(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, a)| actual.get(name).is_some_and(|b| same(a, b)))
        }
        (Json::Int(left), Json::Int(right)) => left == right,
        (Json::Float(left), Json::Float(right)) => left == right,
        _ => matches!((whole(expected), whole(actual)), (Some(left), Some(right)) if left == right),
    }
}

/// The digits of a number that is whole: every float's value is exact, so digits decide.
fn whole(number: &Json) -> Option<String> {
    match number {
        Json::Int(number) => Some(number.to_string()),
        Json::Big(digits) => Some(digits.clone()),
        Json::Float(number) if *number == 0.0 => Some("0".to_owned()),
        Json::Float(number) if number.is_finite() && number.fract() == 0.0 => Some(format!("{number:.0}")),
        _ => None,
    }
}

fn same_text(expected: &str, actual: &str) -> bool {
    static NOW: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"<now([+-]\d+)\|").expect("the pattern is well formed"));
    if expected == actual {
        return true;
    }
    if let Some((before, _)) = OPEN_ENDED.iter().find_map(|symbol| expected.split_once(symbol)) {
        return actual.starts_with(before);
    }
    let distances = |text: &str| -> Vec<i64> {
        NOW.captures_iter(text).filter_map(|found| found[1].parse().ok()).collect()
    };
    let (left, right) = (distances(expected), distances(actual));
    left.len() == right.len()
        && NOW.replace_all(expected, "<now|") == NOW.replace_all(actual, "<now|")
        && left.iter().zip(&right).all(|(a, b)| (a - b).abs() <= TOLERANCE_SECONDS)
}

/// Where the two differ first, for people; `None` if they are the same.
pub fn first_difference(expected: &Json, actual: &Json) -> Option<String> {
    difference_at(expected, actual, "")
}

fn difference_at(expected: &Json, actual: &Json, path: &str) -> Option<String> {
    match (expected, actual) {
        (Json::Dict(left), Json::Dict(right)) => {
            let names: BTreeSet<&str> = left.iter().chain(right).map(|(name, _)| &**name).collect();
            names.into_iter().find_map(|name| match (expected.get(name), actual.get(name)) {
                (Some(a), Some(b)) => difference_at(a, b, &format!("{path}/{name}")),
                (Some(a), None) => Some(format!("{path}/{name}: missing, expected {}", shown(a))),
                (None, b) => Some(format!("{path}/{name}: unexpected {}", b.map(shown).unwrap_or_default())),
            })
        }
        (Json::List(left), Json::List(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .enumerate()
            .find_map(|(index, (a, b))| difference_at(a, b, &format!("{path}/{index}"))),
        _ if same(expected, actual) => None,
        _ => {
            let place = if path.is_empty() { "/" } else { path };
            Some(format!("{place}: expected {}, got {}", shown(expected), shown(actual)))
        }
    }
}

/// `value` as Python prints it, cut where it gets long.
pub fn shown(value: &Json) -> String {
    let text = repr(value);
    match text.char_indices().nth(600) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    #[test]
    fn numbers_compare_by_value_and_booleans_are_not_numbers() {
        assert!(same(&Json::Int(1), &Json::Float(1.0)));
        assert!(same(&Json::Float(-0.0), &Json::Int(0)));
        assert!(same(&Json::Float(1e25), &Json::Big("10000000000000000905969664".to_owned())));
        assert!(!same(&Json::Float(1e25), &Json::Big("10000000000000000000000000".to_owned())));
        assert!(!same(&Json::Int(9_007_199_254_740_993), &Json::Float(9_007_199_254_740_992.0)));
        assert!(!same(&Json::Int(1), &Json::Bool(true)));
        assert!(!same(&Json::Null, &Json::Int(0)));
    }

    #[test]
    fn times_may_differ_by_the_tolerance_and_only_there() {
        assert!(same(&Json::from("a <now+30|Z> b"), &Json::from("a <now+35|Z> b")));
        assert!(!same(&Json::from("a <now+30|Z> b"), &Json::from("a <now+36|Z> b")));
        assert!(!same(&Json::from("<now+30|Z>"), &Json::from("<now+30|naive>")));
        assert!(!same(&Json::from("<now+1mo|Z>"), &Json::from("<now+2mo|Z>")));
    }

    #[test]
    fn an_open_end_matches_any_text_with_the_same_beginning() {
        assert!(same(&Json::from("x: <db-error>"), &Json::from("x: anything")));
        assert!(!same(&Json::from("x: <db-error>"), &Json::from("y: anything")));
        assert!(!same(&Json::from("x: anything"), &Json::from("x: <db-error>")));
    }

    #[test]
    fn the_first_difference_names_its_place() {
        let expected = dict! {"a" => vec![dict! {"b" => 1}], "c" => 2};
        assert_eq!(first_difference(&expected, &expected), None);
        let found = first_difference(&expected, &dict! {"a" => vec![dict! {"b" => "x"}], "c" => 2});
        assert_eq!(found.as_deref(), Some("/a/0/b: expected 1, got 'x'"));
        let found = first_difference(&expected, &dict! {"a" => vec![dict! {"b" => 1}]});
        assert_eq!(found.as_deref(), Some("/c: missing, expected 2"));
    }
}
