//! What a column can hold, judged before anything is written: no store has to refuse a value, and none refuses late.
//!
//! Each function takes the column's name, for the message, and the value of a request; it gives the value of the row or
//! a refusal `value_unstorable` with status 400. Foreign keys and uniqueness are the caller's, who has the facts.

use super::columns::Millis;
use crate::error::{Code, Refusal};
use crate::json::{Json, JsonText};

/// The last millisecond of the year 9999.
const LAST_MOMENT: i64 = 253_402_300_799_999;

/// The first millisecond of the year 1.
const FIRST_MOMENT: i64 = -62_135_596_800_000;

fn refuse<T>(column: &str, why: &str) -> Result<T, Refusal> {
    Err(Refusal::raised(Code::ValueUnstorable, format!("`{column}` cannot be stored: {why}")).on(column))
}

/// The refusal of a row that does not fit its table.
pub fn misfit(table: &str) -> Refusal {
    Refusal::raised(Code::ValueUnstorable, format!("the row does not fit table `{table}`"))
}

/// `null` as `None`, anything else as `read` takes it.
pub fn maybe<T>(
    column: &str,
    value: &Json,
    read: impl FnOnce(&str, &Json) -> Result<T, Refusal>,
) -> Result<Option<T>, Refusal> {
    if value.is_null() { Ok(None) } else { read(column, value).map(Some) }
}

/// Text without NUL.
pub fn text(column: &str, value: &Json) -> Result<String, Refusal> {
    match value {
        Json::Str(text) => plain(column, text).map(str::to_owned),
        Json::Null => refuse(column, "it must not be null"),
        _ => refuse(column, "it must be text"),
    }
}

/// `text` itself if it has no NUL.
pub fn plain<'t>(column: &str, text: &'t str) -> Result<&'t str, Refusal> {
    if text.contains('\0') { refuse(column, "text must not contain nul") } else { Ok(text) }
}

/// A whole number of 32 bits.
pub fn int4(column: &str, value: &Json) -> Result<i32, Refusal> {
    match value {
        Json::Int(number) => match i32::try_from(*number) {
            Ok(number) => Ok(number),
            Err(_) => refuse(column, "it must be from -2147483648 to 2147483647"),
        },
        Json::Big(_) => refuse(column, "it must be from -2147483648 to 2147483647"),
        Json::Null => refuse(column, "it must not be null"),
        _ => refuse(column, "it must be a whole number"),
    }
}

/// A whole number of 64 bits.
pub fn int8(column: &str, value: &Json) -> Result<i64, Refusal> {
    match value {
        Json::Int(number) => Ok(*number),
        Json::Big(_) => refuse(column, "it must be from -9223372036854775808 to 9223372036854775807"),
        Json::Null => refuse(column, "it must not be null"),
        _ => refuse(column, "it must be a whole number"),
    }
}

/// A finite number.
pub fn float(column: &str, value: &Json) -> Result<f64, Refusal> {
    let number = match value {
        Json::Float(number) => *number,
        Json::Int(number) => number.to_string().parse().unwrap_or(f64::NAN),
        Json::Big(digits) => digits.parse().unwrap_or(f64::NAN),
        Json::Null => return refuse(column, "it must not be null"),
        _ => return refuse(column, "it must be a number"),
    };
    if number.is_finite() { Ok(number) } else { refuse(column, "it must be a finite number") }
}

/// `true` or `false`.
pub fn boolean(column: &str, value: &Json) -> Result<bool, Refusal> {
    match value {
        Json::Bool(value) => Ok(*value),
        Json::Null => refuse(column, "it must not be null"),
        _ => refuse(column, "it must be true or false"),
    }
}

/// A list whose items are text without NUL.
pub fn list(column: &str, value: &Json) -> Result<Vec<String>, Refusal> {
    match value {
        Json::List(items) => items.iter().map(|item| list_item(column, item)).collect(),
        Json::Null => refuse(column, "it must not be null"),
        _ => refuse(column, "it must be a list"),
    }
}

fn list_item(column: &str, item: &Json) -> Result<String, Refusal> {
    match item {
        Json::Str(text) => plain(column, text).map(str::to_owned),
        _ => refuse(column, "the items of the list must be text"),
    }
}

/// A document without NaN, infinities and NUL, names of members included. `null` is stored as JSON's `null`.
pub fn json(column: &str, value: &Json) -> Result<JsonText, Refusal> {
    judge(column, value).map(|()| JsonText::of(value))
}

fn judge(column: &str, value: &Json) -> Result<(), Refusal> {
    match value {
        Json::Float(number) if !number.is_finite() => refuse(column, "numbers must be finite"),
        Json::Str(text) => plain(column, text).map(drop),
        Json::List(items) => items.iter().try_for_each(|item| judge(column, item)),
        Json::Dict(members) => {
            members.iter().try_for_each(|(name, item)| plain(column, name).and_then(|_| judge(column, item)))
        }
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Big(_) | Json::Float(_) | Json::Raw(_) => Ok(()),
    }
}

/// A moment within the years 1 to 9999.
pub fn moment(column: &str, value: Millis) -> Result<Millis, Refusal> {
    if (FIRST_MOMENT..=LAST_MOMENT).contains(&value.0) {
        Ok(value)
    } else {
        refuse(column, "it must be within the years 1 to 9999")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dict;

    #[test]
    fn numbers_outside_their_column_are_refused_and_the_column_is_named() {
        let refusal = int4("rpm", &Json::Int(2_147_483_648)).expect_err("32 bits");
        assert_eq!((refusal.code, refusal.status), (Code::ValueUnstorable, 400));
        assert!(crate::json::str_of(&refusal.message).starts_with("`rpm` "));
        assert_eq!(int4("rpm", &Json::Int(-2_147_483_648)).ok(), Some(i32::MIN));
        assert!(int8("tpm", &Json::Big("9223372036854775808".to_owned())).is_err());
        assert!(int8("tpm", &Json::Bool(true)).is_err());
        assert!(float("max_budget", &Json::Float(f64::NEG_INFINITY)).is_err());
        assert!(float("max_budget", &Json::Big("9".repeat(400))).is_err());
        assert_eq!(float("max_budget", &Json::Int(3)).ok(), Some(3.0));
    }

    #[test]
    fn nul_is_refused_wherever_text_is_stored() {
        let nul = Json::from("a\0");
        assert!(text("key_alias", &nul).is_err());
        assert!(list("models", &Json::List(vec![nul.clone()])).is_err());
        assert!(json("metadata", &dict! { "a" => vec![nul] }).is_err());
        assert!(json("metadata", &dict! { "a\0" => 1_i64 }).is_err());
    }

    #[test]
    fn a_document_with_nan_is_refused_and_with_a_huge_integer_kept() {
        assert!(json("metadata", &dict! { "a" => f64::NAN }).is_err());
        let huge = Json::Big("9".repeat(30));
        assert_eq!(json("metadata", &huge).ok().map(|text| text.value()), Some(huge));
    }

    #[test]
    fn a_list_holds_only_text() {
        assert!(list("models", &Json::List(vec![Json::Int(1)])).is_err());
        assert!(list("models", &Json::Null).is_err());
    }

    #[test]
    fn null_is_a_value_only_where_the_column_takes_it() {
        assert_eq!(maybe("team_id", &Json::Null, text).ok(), Some(None));
        assert!(text("team_id", &Json::Null).is_err());
    }

    #[test]
    fn a_moment_ends_with_the_year_9999() {
        assert!(moment("expires", Millis(LAST_MOMENT)).is_ok());
        assert!(moment("expires", Millis(LAST_MOMENT + 1)).is_err());
    }
}
