//! Headers of replies: the reply's own, those of every reply, and those for pages of other origins.

use crate::exchange::Outgoing;
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use latchkey_contract::wire::Report;

/// The header with the number of a request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

type Headers = Vec<(HeaderName, HeaderValue)>;

/// Headers that the rules have made ready.
#[derive(Debug)]
pub(super) struct Ready {
    every_reply: Headers,
    origins: Vec<(String, Headers)>,
}

impl Ready {
    /// Those of the report.
    pub(super) fn of(report: &Report) -> Self {
        let origins = report.origins.iter().map(|entry| (entry.origin.clone(), parsed(&entry.headers)));
        Self { every_reply: parsed(&report.reply_headers), origins: origins.collect() }
    }

    /// The response to a request with this number, from a page of `origin` if there is one.
    pub(super) fn respond(
        &self,
        outgoing: &Outgoing,
        body: Bytes,
        id: &str,
        origin: Option<&HeaderValue>,
    ) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(body));
        *response.status_mut() =
            StatusCode::from_u16(outgoing.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        for (name, value) in &outgoing.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.append(name, value);
            }
        }
        add(headers, self.every_reply.iter().chain(self.for_origin(origin)));
        if let Ok(id) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, id);
        }
        response
    }

    /// What another server's reply gets besides its own headers.
    pub(super) fn complete(&self, headers: &mut HeaderMap, id: &str, origin: Option<&HeaderValue>) {
        add(headers, self.for_origin(origin));
        if let Ok(id) = HeaderValue::from_str(id) {
            headers.entry(REQUEST_ID).or_insert(id);
        }
    }

    /// The headers of replies to pages of `origin`.
    fn for_origin(&self, origin: Option<&HeaderValue>) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
        let listed = |(listed, _): &&(String, Headers)| {
            listed == "*" || origin.is_some_and(|origin| origin.as_bytes() == listed.as_bytes())
        };
        let found = origin.and_then(|_| self.origins.iter().find(listed));
        found.into_iter().flat_map(|(_, headers)| headers)
    }
}

/// Adds the headers that are not there.
fn add<'h>(headers: &mut HeaderMap, more: impl Iterator<Item = &'h (HeaderName, HeaderValue)>) {
    for (name, value) in more {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
}

fn parsed(headers: &[(String, String)]) -> Headers {
    let header = |(name, value): &(String, String)| {
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
    };
    headers.iter().filter_map(header).collect()
}
