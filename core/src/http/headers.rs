//! Headers of requests and of replies.

use crate::settings::Settings;
use std::borrow::Cow;

/// Headers of a reply.
pub(crate) type Headers = Vec<(Cow<'static, str>, Cow<'static, str>)>;

/// The headers that decisions look at, and besides them the one that the settings name for keys and those of
/// [`crate::http::cors`].
pub(crate) const OF_REQUESTS: [&str; 7] = [
    "authorization",
    "x-litellm-api-key",
    "api-key",
    "x-api-key",
    "x-goog-api-key",
    "content-type",
    "litellm-changed-by",
];

/// The headers that decisions look at, whoever sends the request.
pub(crate) fn of_requests(settings: &Settings) -> Vec<String> {
    let own = settings.key_header_name.as_deref();
    OF_REQUESTS.into_iter().chain(own.filter(|name| !OF_REQUESTS.contains(name))).map(str::to_owned).collect()
}
