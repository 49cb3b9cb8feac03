//! What pages of other origins may read, as browsers ask for it (CORS).
//!
//! The headers that depend on the origin alone are in the report, so that a shell can add them to its ready replies, too.

use crate::deviations::Hole;
use crate::http::headers::{self, Headers};
use crate::settings::Settings;
use latchkey_contract::wire::{Call, OriginHeaders};

/// The headers that decisions look at where pages of other origins may come.
pub(crate) const HEADERS: [&str; 3] =
    ["origin", "access-control-request-method", "access-control-request-headers"];

/// For how many seconds a browser may remember the answer to a preflight.
const MAX_AGE: &str = "600";

/// Whether pages of other origins may come at all. Release 1.60.8 lets all of them.
pub(crate) const fn is_open(settings: &Settings) -> bool {
    !settings.closes(Hole::origins_are_named) || !settings.serving.origins.is_empty()
}

/// Each origin with the headers that replies to its pages have; `*` stands for every origin.
pub(crate) fn origins(settings: &Settings) -> Vec<OriginHeaders> {
    let entry = |origin: &str, headers| OriginHeaders { origin: origin.to_owned(), headers };
    if !settings.closes(Hole::origins_are_named) {
        let allowed =
            vec![pair("access-control-allow-origin", "*"), pair("access-control-allow-credentials", "true")];
        return vec![entry("*", allowed)];
    }
    let origins = settings.serving.origins.iter().map(|origin| {
        let allowed = vec![
            pair("access-control-allow-origin", origin),
            pair("access-control-expose-headers", "x-request-id, retry-after"),
        ];
        entry(origin, allowed)
    });
    origins.collect()
}

/// Whether replies differ by the origin that asks, which caches must know.
pub(crate) fn depends_on_origin(settings: &Settings) -> bool {
    settings.closes(Hole::origins_are_named) && is_open(settings) && settings.serving.origins != ["*"]
}

/// The answer to the question of a browser whether a page may send a request, if `call` asks it and the page's origin is
/// allowed: status, body and headers, but for those of the origin.
pub(crate) fn preflight(settings: &Settings, call: &Call) -> Option<(u16, Headers, &'static str)> {
    if call.method != "OPTIONS" || !is_open(settings) {
        return None;
    }
    let (origin, _) = (call.header("origin")?, call.header("access-control-request-method")?);
    if !settings.closes(Hole::origins_are_named) {
        return Some((200, of_the_release(origin, call), "OK"));
    }
    let listed = &settings.serving.origins;
    listed.iter().any(|listed| listed == origin || listed == "*").then(|| (204, of_strict(settings), ""))
}

fn of_strict(settings: &Settings) -> Headers {
    let mut allowed = headers::of_requests(settings);
    allowed.push("x-request-id".to_owned());
    vec![
        ("access-control-allow-methods".into(), "GET, HEAD, POST".into()),
        ("access-control-allow-headers".into(), allowed.join(", ").into()),
        ("access-control-max-age".into(), MAX_AGE.into()),
    ]
}

/// As starlette answers where everything is allowed.
fn of_the_release(origin: &str, call: &Call) -> Headers {
    let mut headers: Headers = vec![
        ("vary".into(), "Origin".into()),
        ("access-control-allow-methods".into(), "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT".into()),
        ("access-control-max-age".into(), MAX_AGE.into()),
        ("access-control-allow-credentials".into(), "true".into()),
        ("content-type".into(), "text/plain; charset=utf-8".into()),
        ("access-control-allow-origin".into(), origin.to_owned().into()),
    ];
    if let Some(wanted) = call.header("access-control-request-headers") {
        headers.push(("access-control-allow-headers".into(), wanted.to_owned().into()));
    }
    headers
}

/// A header as the report has it.
pub(crate) fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
