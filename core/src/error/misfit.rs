//! Values that their columns cannot hold, refused.

use super::{Code, Refusal};
use latchkey_contract::tables::{Misfit, Unfit};

impl From<Misfit> for Refusal {
    fn from(Misfit { column, why }: Misfit) -> Self {
        let message = format!("`{column}` cannot be stored: {}", words(why));
        Self::raised(Code::ValueUnstorable, message).on(&column)
    }
}

/// The refusal of a row that does not fit its table.
pub(crate) fn row_misfit(table: &str) -> Refusal {
    Refusal::raised(Code::ValueUnstorable, format!("the row does not fit table `{table}`"))
}

const fn words(why: Unfit) -> &'static str {
    match why {
        Unfit::Null => "it must not be null",
        Unfit::NotText => "it must be text",
        Unfit::Nul => "text must not contain nul",
        Unfit::NotWhole => "it must be a whole number",
        Unfit::BeyondInt4 => "it must be from -2147483648 to 2147483647",
        Unfit::BeyondInt8 => "it must be from -9223372036854775808 to 9223372036854775807",
        Unfit::NotNumber => "it must be a number",
        Unfit::NotFinite => "it must be a finite number",
        Unfit::NotBool => "it must be true or false",
        Unfit::NotList => "it must be a list",
        Unfit::ItemNotText => "the items of the list must be text",
        Unfit::NotFiniteWithin => "numbers must be finite",
        Unfit::BeyondYears => "it must be within the years 1 to 9999",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::json::{Json, str_of};
    use latchkey_contract::tables::storable::list;

    #[test]
    fn a_value_that_does_not_fit_is_refused_and_the_column_is_named() {
        let refusal = Refusal::from(list("tags", &Json::Int(1)).unwrap_err());
        assert_eq!((refusal.code, refusal.status), (Code::ValueUnstorable, 400));
        assert_eq!(refusal.field.as_deref(), Some("tags"));
        assert_eq!(str_of(&refusal.message), "`tags` cannot be stored: it must be a list");
    }
}
