//! What a column can hold, judged before anything is written: no store has to refuse a value, and none refuses late.
//!
//! Each function takes the column's name and the value of a request; it gives the value of the row, or why it does not fit.
//! Foreign keys and uniqueness are the caller's, who has the facts.

use super::{Millis, Misfit, Unfit};
use crate::json::{Json, JsonText};
use crate::number::{Integer, parse_float};

/// The last millisecond of the year 9999.
const LAST_MOMENT: i64 = 253_402_300_799_999;

/// The first millisecond of the year 1.
const FIRST_MOMENT: i64 = -62_135_596_800_000;

fn refuse<T>(column: &str, why: Unfit) -> Result<T, Misfit> {
    Err(Misfit { column: column.to_owned(), why })
}

/// Text without NUL.
pub(crate) fn text(column: &str, value: &Json) -> Result<String, Misfit> {
    match value {
        Json::Str(text) => plain(column, text).map(str::to_owned),
        Json::Null => refuse(column, Unfit::Null),
        _ => refuse(column, Unfit::NotText),
    }
}

/// `text` itself if it has no NUL.
pub fn plain<'t>(column: &str, text: &'t str) -> Result<&'t str, Misfit> {
    if text.contains('\0') { refuse(column, Unfit::Nul) } else { Ok(text) }
}

/// A whole number of 32 bits.
pub(crate) fn int4(column: &str, value: &Json) -> Result<i32, Misfit> {
    match value {
        Json::Int(number) => match i32::try_from(*number) {
            Ok(number) => Ok(number),
            Err(_) => refuse(column, Unfit::BeyondInt4),
        },
        Json::Big(_) => refuse(column, Unfit::BeyondInt4),
        Json::Null => refuse(column, Unfit::Null),
        _ => refuse(column, Unfit::NotWhole),
    }
}

/// A whole number of 64 bits.
pub(crate) fn int8(column: &str, value: &Json) -> Result<i64, Misfit> {
    match value {
        Json::Int(number) => Ok(*number),
        Json::Big(_) => refuse(column, Unfit::BeyondInt8),
        Json::Null => refuse(column, Unfit::Null),
        _ => refuse(column, Unfit::NotWhole),
    }
}

/// A finite number.
pub fn float(column: &str, value: &Json) -> Result<f64, Misfit> {
    let number = match value {
        Json::Float(number) => *number,
        Json::Int(number) => Integer::from(*number).to_f64().unwrap_or(f64::NAN),
        Json::Big(digits) => parse_float(digits).unwrap_or(f64::NAN),
        Json::Null => return refuse(column, Unfit::Null),
        _ => return refuse(column, Unfit::NotNumber),
    };
    if number.is_finite() { Ok(number) } else { refuse(column, Unfit::NotFinite) }
}

/// `true` or `false`.
pub(crate) fn boolean(column: &str, value: &Json) -> Result<bool, Misfit> {
    match value {
        Json::Bool(value) => Ok(*value),
        Json::Null => refuse(column, Unfit::Null),
        _ => refuse(column, Unfit::NotBool),
    }
}

/// A list whose items are text without NUL.
pub fn list(column: &str, value: &Json) -> Result<Vec<String>, Misfit> {
    match value {
        Json::List(items) => items.iter().map(|item| list_item(column, item)).collect(),
        Json::Null => refuse(column, Unfit::Null),
        _ => refuse(column, Unfit::NotList),
    }
}

fn list_item(column: &str, item: &Json) -> Result<String, Misfit> {
    match item {
        Json::Str(text) => plain(column, text).map(str::to_owned),
        _ => refuse(column, Unfit::ItemNotText),
    }
}

/// A document without NaN, infinities and NUL, names of members included. `null` is stored as JSON's `null`.
pub(crate) fn json(column: &str, value: &Json) -> Result<JsonText, Misfit> {
    judge(column, value).map(|()| JsonText::of(value))
}

fn judge(column: &str, value: &Json) -> Result<(), Misfit> {
    match value {
        Json::Float(number) if !number.is_finite() => refuse(column, Unfit::NotFiniteWithin),
        Json::Str(text) => plain(column, text).map(drop),
        Json::List(items) => items.iter().try_for_each(|item| judge(column, item)),
        Json::Dict(members) => {
            members.iter().try_for_each(|(name, item)| plain(column, name).and_then(|_| judge(column, item)))
        }
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Big(_) | Json::Float(_) | Json::Raw(_) => Ok(()),
    }
}

/// A moment within the years 1 to 9999.
pub(crate) fn moment(column: &str, value: Millis) -> Result<Millis, Misfit> {
    if (FIRST_MOMENT..=LAST_MOMENT).contains(&value.0) {
        Ok(value)
    } else {
        refuse(column, Unfit::BeyondYears)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dict;

    #[test]
    fn numbers_outside_their_column_are_refused_and_the_column_is_named() {
        let misfit = int4("rpm", &Json::Int(2_147_483_648)).expect_err("32 bits");
        assert_eq!(misfit, Misfit { column: "rpm".to_owned(), why: Unfit::BeyondInt4 });
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
    fn null_is_no_value_of_a_column() {
        assert!(text("team_id", &Json::Null).is_err());
    }

    #[test]
    fn a_moment_ends_with_the_year_9999() {
        assert!(moment("expires", Millis(LAST_MOMENT)).is_ok());
        assert!(moment("expires", Millis(LAST_MOMENT + 1)).is_err());
    }
}
