//! Query parameters, converted as FastAPI does.

use super::problem::all_under;
use super::{Problem, Value};
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;

/// The last parameter called `name`; an empty one counts.
pub(crate) fn text<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The parameter called `name` as an integer of at least `least` and at most `most`, or `default` where it is absent.
pub(crate) fn integer(
    query: &[(String, String)],
    name: &'static str,
    default: i64,
    least: i64,
    most: Option<i64>,
) -> Result<Integer, Vec<Problem>> {
    let Some(text) = text(query, name) else { return Ok(Integer::from(default)) };
    let input = Json::from(text);
    let found = Integer::read(&input).and_then(|number| match most {
        _ if number < Integer::from(least) => {
            let msg = format!("Input should be greater than or equal to {least}");
            let problem = Problem::new("greater_than_equal", msg, &input);
            Err(vec![problem.with(latchkey_contract::dict! {"ge" => least})])
        }
        Some(most) if number > Integer::from(most) => {
            let msg = format!("Input should be less than or equal to {most}");
            Err(vec![
                Problem::new("less_than_equal", msg, &input).with(latchkey_contract::dict! {"le" => most}),
            ])
        }
        _ => Ok(number),
    });
    found.map_err(|problems| all_under(all_under(problems, name), "query"))
}

/// `GET /key/list`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyListQuery {
    /// Which page, from 1 on.
    pub page: Integer,
    /// Keys on a page, 1 to 100.
    pub size: Integer,
    /// Keys of this owner only.
    pub user_id: Option<String>,
    /// Keys of this team only.
    pub team_id: Option<String>,
    /// Keys of this alias only.
    pub key_alias: Option<String>,
}

impl KeyListQuery {
    /// The parameters there are.
    pub(crate) const NAMES: [&str; 5] = ["page", "size", "user_id", "team_id", "key_alias"];

    /// Reads the decoded parameters, or tells all problems. Unknown parameters are not its business.
    pub(crate) fn read(query: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let owned = |name| text(query, name).map(str::to_owned);
        let page = integer(query, "page", 1, 1, None);
        let size = integer(query, "size", 10, 1, Some(100));
        match (page, size) {
            (Ok(page), Ok(size)) => Ok(Self {
                page,
                size,
                user_id: owned("user_id"),
                team_id: owned("team_id"),
                key_alias: owned("key_alias"),
            }),
            (page, size) => Err([page.err(), size.err()].into_iter().flatten().flatten().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_last_of_repeated_parameters_counts_and_absent_ones_have_defaults() {
        let read = KeyListQuery::read(&pairs(&[("page", "x"), ("page", " 2.0 "), ("team_id", "")])).unwrap();
        assert_eq!((read.page, read.size), (Integer::from(2), Integer::from(10)));
        assert_eq!((read.team_id.as_deref(), read.user_id), (Some(""), None));
    }

    #[test]
    fn every_wrong_parameter_is_told() {
        let problems = KeyListQuery::read(&pairs(&[("size", "101"), ("page", "0")])).unwrap_err();
        let texts: Vec<String> =
            problems.iter().map(|problem| latchkey_contract::json::write(&problem.to_json())).collect();
        assert_eq!(
            texts,
            [
                r#"{"type":"greater_than_equal","loc":["query","page"],"msg":"Input should be greater than or equal to 1","input":"0","ctx":{"ge":1}}"#,
                r#"{"type":"less_than_equal","loc":["query","size"],"msg":"Input should be less than or equal to 100","input":"101","ctx":{"le":100}}"#,
            ]
        );
        let problems = KeyListQuery::read(&pairs(&[("page", ""), ("size", "1.5")])).unwrap_err();
        assert!(problems.iter().all(|problem| problem.kind == "int_parsing") && problems.len() == 2);
    }
}
