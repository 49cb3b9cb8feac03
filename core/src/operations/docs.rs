//! `GET /docs`: shows the description of the interface to people.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome, Reply};
use crate::request::Request;

/// The media type of the page.
pub(super) const HTML: &str = "text/html; charset=utf-8";

/// One page that reads `openapi.json` beside it and nothing from elsewhere.
const PAGE: &str = include_str!("docs.html");

/// Answers with the page.
pub(super) fn run(_cx: &Context<'_>, _caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    Ok(Outcome { reply: Reply::Text(HTML, PAGE.to_owned()), ..Outcome::default() })
}
