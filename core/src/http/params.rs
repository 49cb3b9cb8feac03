//! What profile strict makes of the query before the operation reads it: a flag is read as pydantic reads it, and a
//! misspelt parameter is refused, so that nobody who asked for a dry run gets a change.

use crate::error::{Code, Kind, Refusal};
use crate::http::request::{Request, invalid};
use crate::http::route::{DRY_RUN, Route};
use crate::types::{Problem, Value as _};
use latchkey_contract::json::Json;
use latchkey_contract::nearest::{letters, misspelt};

/// Whether the request asks for a dry run; refuses flags that are none and parameters that are probably misspelt.
pub(crate) fn wants_dry_run(route: &Route, request: &Request) -> Result<bool, Refusal> {
    let known = route.query.iter().chain(route.strict_query).chain(route.changes.then_some(&DRY_RUN));
    let known: Vec<&'static str> = known.map(|param| param.name).collect();
    let mut wants = false;
    for (name, value) in &request.query {
        if route.changes && name == DRY_RUN.name {
            wants |= flag(DRY_RUN.name, value).map_err(|problems| invalid(&problems))?;
        } else if !known.contains(&name.as_str()) {
            is_meant(route, name, value, &known)?;
        }
    }
    Ok(wants)
}

/// The value of a flag.
pub(crate) fn flag(name: &'static str, value: &str) -> Result<bool, Vec<Problem>> {
    bool::read(&Json::from(value))
        .map_err(|problems| problems.into_iter().map(|found| found.under(name).under("query")).collect())
}

/// Passes a parameter that nobody knows, unless it is near to one of `known`.
fn is_meant(route: &Route, name: &str, value: &str, known: &[&'static str]) -> Result<(), Refusal> {
    let meant = match route.changes && speaks_of_a_dry_run(name, value) {
        true => Some(DRY_RUN.name),
        false => misspelt(name, known.iter().copied()),
    };
    let Some(meant) = meant else { return Ok(()) };
    let message = format!("there is no query parameter `{name}`, did you mean `{meant}`");
    Err(Refusal::error(Code::RequestUnsupported, 400, Kind::BadRequestError, name, message))
}

/// Whether a parameter may be a wish to change nothing, written with other punctuation or behind another separator.
fn speaks_of_a_dry_run(name: &str, value: &str) -> bool {
    let wish: String = letters(DRY_RUN.name).into_iter().collect();
    let has_it = |text: &str| letters(text).into_iter().collect::<String>().contains(&wish);
    letters(name).starts_with(&['d', 'r', 'y']) || has_it(name) || has_it(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::request::{self, Body};
    use crate::operations::ROUTES;

    fn asked(path: &str, query: &str) -> Result<bool, u16> {
        let route = ROUTES.iter().find(|route| route.path == path).expect("a route");
        let request = Request {
            path: path.to_owned(),
            query: request::query(query),
            path_param: String::new(),
            body: Body::Absent,
        };
        wants_dry_run(route, &request).map_err(|refusal| refusal.status)
    }

    #[test]
    fn a_flag_is_read_as_pydantic_reads_it() {
        for (value, wants) in
            [("true", true), ("YES", true), ("1", true), ("on", true), ("t", true), ("Y", true)]
                .into_iter()
                .chain([("false", false), ("0", false), ("Off", false), ("n", false)])
        {
            assert_eq!(asked("/key/generate", &format!("dry_run={value}")), Ok(wants), "{value}");
        }
        for value in ["", "true%20", "2", "maybe", "%74rue+", "null"] {
            assert_eq!(asked("/key/generate", &format!("dry_run={value}")), Err(422), "{value}");
        }
        assert_eq!(asked("/key/generate", "dry_run=true&dry_run=false"), Ok(true));
        assert_eq!(asked("/key/generate", "dry_run"), Err(422));
    }

    #[test]
    fn a_misspelt_wish_for_a_dry_run_is_no_wish_for_a_change() {
        for query in [
            "dryrun=true",
            "dry-run=1",
            "DRY_RUN=true",
            "dryRun",
            "dry=1",
            "dr_run=true",
            "+dry_run=true",
            "dry_run[]=true",
            "x=1;dry_run=true",
            "dry%255Frun=true",
            "?dry_run=true",
        ] {
            assert_eq!(asked("/key/generate", query), Err(400), "{query}");
        }
        assert_eq!(asked("/key/generate", "user=x&t=123&_=7"), Ok(false));
        assert_eq!(asked("/user/info", "userid=x"), Err(400));
        assert_eq!(asked("/user/info", "user_id=x&dry=1"), Ok(false));
    }
}
