//! Sends requests on to another server, and streams bodies both ways. Nothing is buffered, and no body and no reply has an end
//! by the clock: whoever goes away, client or server, ends the exchange.

mod body;
mod headers;

use crate::probe::connector;
use body::{Download, Upload};
use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::HeaderName;
use hyper::http::request::Parts;
use hyper::rt::{Read, Write};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use latchkey_contract::wire::Forwarding;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;
use tower_service::Service;

/// The body of a reply: of our own or of the other server.
pub(super) type ReplyBody = Either<Full<Bytes>, Download>;

/// How long an unused connection is kept: uvicorn, which LiteLLM runs on, closes its own after five seconds.
const UNUSED: Duration = Duration::from_secs(4);

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Http = Client<InTime<HttpsConnector<HttpConnector>>, Upload>;

/// A client for requests that go on.
pub(super) struct Forwarder {
    hop_by_hop: Vec<HeaderName>,
    via: String,
    connect: Duration,
    client: OnceLock<Http>,
}

/// Why there is no reply.
pub(super) struct Unsent {
    /// For the log.
    pub(super) why: String,
    /// What of the request's body has not been read.
    pub(super) rest: Option<Incoming>,
}

impl Forwarder {
    /// A client that keeps to this.
    pub(super) fn new(forwarding: &Forwarding) -> Self {
        Self {
            hop_by_hop: forwarding.hop_by_hop.iter().filter_map(|name| name.parse().ok()).collect(),
            via: forwarding.via.clone(),
            connect: Duration::from_millis(forwarding.connect_ms),
            client: OnceLock::new(),
        }
    }

    /// The reply of the server at `base` to a request that came from `address`, whose body begins with `first`.
    pub(super) async fn send(
        &self,
        base: &str,
        request: &Parts,
        address: IpAddr,
        first: Bytes,
        rest: Incoming,
    ) -> Result<Response<Download>, Unsent> {
        let (upload, unread) = Upload::new(first, rest);
        let failed = |why: String, upload: Option<Upload>| {
            drop(upload);
            Unsent { why, rest: unread.take() }
        };
        let target = request.uri.path_and_query().map_or("/", |target| target.as_str());
        let uri = match format!("{base}{target}").parse::<Uri>() {
            Ok(uri) => uri,
            Err(error) => return Err(failed(error.to_string(), Some(upload))),
        };
        let mut onward = Request::new(upload);
        *onward.method_mut() = request.method.clone();
        *onward.uri_mut() = uri;
        *onward.headers_mut() = headers::of_request(request, address, &self.hop_by_hop, &self.via);
        let reply = match self.client.get_or_init(|| self.connect()).request(onward).await {
            Ok(reply) if reply.status() != StatusCode::SWITCHING_PROTOCOLS => reply,
            Ok(_) => return Err(failed("it changes the protocol".to_owned(), None)),
            Err(error) => return Err(failed(chain(&error), None)),
        };
        let (mut parts, body) = reply.into_parts();
        headers::of_reply(&mut parts.headers, &self.hop_by_hop, base);
        Ok(Response::from_parts(with_version(parts), Download::new(body)))
    }

    fn connect(&self) -> Http {
        let connector = InTime { connector: connector(), time: self.connect };
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_timer(TokioTimer::new()).pool_idle_timeout(UNUSED);
        client.build(connector)
    }
}

/// The head of a reply in our version of HTTP, and without what the client has attached to it.
fn with_version(parts: hyper::http::response::Parts) -> hyper::http::response::Parts {
    let (mut own, ()) = Response::new(()).into_parts();
    (own.status, own.headers) = (parts.status, parts.headers);
    own
}

/// An error and what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Connects within a time, encryption included.
#[derive(Clone)]
struct InTime<C> {
    connector: C,
    time: Duration,
}

impl<C> Service<Uri> for InTime<C>
where
    C: Service<Uri>,
    C::Response: Read + Write,
    C::Error: Into<Failure>,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, Failure>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.connector.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connected = tokio::time::timeout(self.time, self.connector.call(uri));
        Box::pin(async move { connected.await?.map_err(Into::into) })
    }
}
