//! `GET /openapi.json`: describes the interface.

use crate::context::{Context, Outcome};
use crate::openapi;
use crate::route::Route;

/// Answers with the description of these routes under the settings in force.
pub(super) fn run(cx: &Context<'_>, routes: &[Route]) -> Outcome {
    Outcome::reply(openapi::document(cx.settings, routes))
}
