//! Rows made of the values of a request, each judged by its column.

use super::{Misfit, Row, Table};
use crate::json::Json;

/// The row for `values`, an object by column name; moments are milliseconds. Columns that are left out get their default,
/// names that are no columns are passed over, and the first value that does not fit is refused.
pub fn row<T: Table>(values: &Json) -> Result<T, Misfit> {
    let mut row = T::default();
    let any: &mut dyn Row = &mut row;
    any.take(values)?;
    Ok(row)
}

/// The row of these values by name, of which the first of a name counts and names that are no columns are passed over; the first
/// that does not fit, in the order of the columns, is refused.
pub fn row_of<T: Table>(values: &mut dyn Iterator<Item = (&str, &Json)>) -> Result<T, Misfit> {
    let mut row = T::default();
    let any: &mut dyn Row = &mut row;
    any.amend(values)?;
    Ok(row)
}

/// `old` with other values in some columns, the first that does not fit, in the order of the columns, refused.
pub fn amended<T: Table + Clone>(old: &T, values: &Json) -> Result<T, Misfit> {
    let mut row = old.clone();
    let any: &mut dyn Row = &mut row;
    any.amend(&mut values.as_dict().unwrap_or_default().iter().map(|(name, value)| (&**name, value)))?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dict;
    use crate::tables::{Budget, VirtualKey};

    #[test]
    fn a_row_takes_what_fits_and_names_the_column_that_does_not() {
        let fits =
            dict! { "token" => "t", "max_budget" => 5, "models" => vec!["gpt-4".to_owned()], "x" => 1 };
        let key: VirtualKey = row(&fits).expect("all columns fit");
        assert_eq!((key.max_budget, key.models.len()), (Some(5.0), 1));
        let misfit = amended(&key, &dict! { "max_parallel_requests" => 1_i64 << 40 });
        assert_eq!(misfit.expect_err("too large").column, "max_parallel_requests");
    }

    #[test]
    fn an_amended_row_keeps_what_was_not_mentioned() {
        let old = Budget { budget_id: "b".to_owned(), max_budget: Some(1.0), ..Budget::default() };
        let new = amended(&old, &dict! { "tpm_limit" => 5, "unknown" => 1 }).expect("it fits");
        assert_eq!((new.max_budget, new.tpm_limit), (Some(1.0), Some(5)));
        assert!(amended(&old, &dict! { "tpm_limit" => "x" }).is_err());
    }
}
