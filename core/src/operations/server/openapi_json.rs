//! `GET /openapi.json`: describes the interface.

use crate::context::{Context, Outcome};
use crate::http::route::Route;
use crate::openapi;

/// Answers with the description of these routes under the settings in force.
pub(crate) fn run(cx: &Context<'_>, routes: &[Route]) -> Outcome {
    Outcome::reply(openapi::document(cx.settings, routes))
}
