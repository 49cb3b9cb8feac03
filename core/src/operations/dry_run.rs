//! `?dry_run=true` on a call that changes something: the verdict instead of the change.

use super::{Route, key_generate, key_update};
use crate::caller::Caller;
use crate::check::Verdict;
use crate::context::{Context, Halt, Outcome};
use crate::contract::{Cells, Write};
use crate::dict;
use crate::json::{Json, JsonText};
use crate::policy::bounded;
use crate::request::Request;

/// Whether the request asks for a dry run, which profile `litellm-1.60` does not know.
pub(crate) fn is_asked(cx: &Context<'_>, request: &Request) -> bool {
    cx.strict() && request.flag("dry_run")
}

/// Judges the request and changes nothing. A call that would change nothing anyway is answered as ever.
pub(crate) fn run(
    cx: &Context<'_>,
    route: &Route,
    caller: &Caller,
    request: &Request,
) -> Result<Outcome, Halt> {
    let verdict = match route.operation {
        "key_generate" => key_generate::dry_run(cx, caller, request)?,
        "key_update" => key_update::dry_run(cx, caller, request)?,
        _ => match bounded(cx, (route.run)(cx, caller, request)) {
            Ok(outcome) if outcome.writes.is_empty() => return Ok(outcome),
            Ok(outcome) => {
                // what else the rows hold is not for everybody
                let whole = caller.sees_all();
                let writes: Vec<Json> = outcome.writes.iter().map(|write| shown(write, whole)).collect();
                Verdict::of(route.operation, Ok(dict! { "writes" => writes }))
            }
            Err(Halt::Refused(refusal)) => Verdict::of(route.operation, Err(*refusal)),
            Err(halt @ (Halt::Missing | Halt::BodyComing)) => return Err(halt),
        },
    };
    Ok(Outcome::reply(verdict.to_json()))
}

/// A change as it would be made, with the values of the columns or (`whole` is false) their names alone; rows hold no
/// secrets.
fn shown(write: &Write, whole: bool) -> Json {
    let cells = |cells: &Cells| match whole {
        true => Json::Dict(cells.iter().map(|(name, cell)| (name.clone(), JsonText::value(cell))).collect()),
        false => Json::List(cells.iter().map(|(name, _)| Json::from(name.to_string())).collect()),
    };
    match write {
        Write::Insert { table, row } => dict! { "table" => table.as_ref(), "insert" => cells(row) },
        Write::Update { table, key, set } => {
            dict! { "table" => table.as_ref(), "update" => key.clone(), "set" => cells(set) }
        }
        Write::Delete { table, column, value } => {
            dict! { "table" => table.as_ref(), "delete" => dict! { column.clone() => value.clone() } }
        }
    }
}
