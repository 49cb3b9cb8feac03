//! HTTP: every method and path goes to the module, which owns the routes.

use crate::flow::{Given, Incoming, Outgoing, Service};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use latchkey_core::mint;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

/// How long the requests that were accepted may take to finish after a signal to stop: less than supervisors grant.
const FAREWELL: Duration = Duration::from_secs(20);

/// How long a client may take to send the head of a request, or keep a connection without one.
const IDLE: Duration = Duration::from_secs(20);

/// How long a client may leave unread what it was sent.
const UNREAD: Duration = Duration::from_secs(20);

/// Connections at one time at the most; the next ones wait until one of them ends.
const CONNECTIONS: u64 = 16_384;

/// Files that are no connections of clients.
const OTHER_FILES: u64 = 256;

/// How long a client may take to send a body.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of a too large body that are read and forgotten, so that the client reads the answer.
const FORGIVEN: usize = 64 << 20;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Serves until `stop` is done, then finishes what was accepted.
pub async fn serve(listener: TcpListener, service: Service, stop: impl Future<Output = ()>) {
    let app = Router::new().fallback(request).with_state(Arc::new(service));
    let app = TowerToHyperService::new(app);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(IDLE);
    let connections = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(room_for_connections()));
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // out of file descriptors, mostly: some will come back
                tracing::warn!(%error, "a connection cannot be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        stream.set_nodelay(true).ok();
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(UNREAD));
        let stream = TokioIo::new(Box::pin(stream));
        let connection = connections.watch(http.serve_connection(stream, app.clone()));
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// Connections for which there are files; raises their number as far as the system lets everybody.
fn room_for_connections() -> usize {
    let files = rlimit::increase_nofile_limit(CONNECTIONS + OTHER_FILES).unwrap_or(1024);
    usize::try_from(files.saturating_sub(OTHER_FILES).clamp(OTHER_FILES, CONNECTIONS)).unwrap_or(1024)
}

/// SIGTERM or SIGINT.
pub async fn signal_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupt.await.ok();
}

async fn request(State(service): State<Arc<Service>>, request: Request<Body>) -> Response<Body> {
    let began = Instant::now();
    let (parts, body) = request.into_parts();
    let id = request_id(&parts.headers);
    let outgoing = match read(body, service.policy().report().limits.body_bytes).await {
        Ok(body) => {
            let incoming = Incoming {
                method: parts.method.as_str().to_owned(),
                path: parts.uri.path().to_owned(),
                query: parts.uri.query().unwrap_or_default().to_owned(),
                headers: headers(&parts.headers, &service.policy().report().headers),
                body,
            };
            service.answer(&incoming, given).await
        }
        Err(Unread::TooLarge) => (&service.policy().report().replies.body_too_large).into(),
        Err(Unread::Gone) => (&service.policy().report().replies.body_unread).into(),
    };
    log(&id, &outgoing, began.elapsed());
    respond(outgoing, &id)
}

enum Unread {
    TooLarge,
    Gone,
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Unread> {
    use axum::body::HttpBody;
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let whole = collect(body, limit);
    tokio::time::timeout(PATIENCE, whole).await.unwrap_or(Err(Unread::Gone))
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, Unread> {
    use http_body_util::BodyExt;
    let mut first = Bytes::new();
    let mut rest: Vec<u8> = Vec::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Gone)?.into_data() else { continue };
        seen += data.len();
        if seen > FORGIVEN {
            break;
        }
        if seen > limit {
            (first, rest) = (Bytes::new(), Vec::new());
        } else if first.is_empty() && rest.is_empty() {
            first = data;
        } else {
            if rest.is_empty() {
                rest.extend_from_slice(&std::mem::take(&mut first));
            }
            rest.extend_from_slice(&data);
        }
    }
    match seen > limit {
        true => Err(Unread::TooLarge),
        false if rest.is_empty() => Ok(first),
        false => Ok(rest.into()),
    }
}

/// The headers of these names, each byte of a value as one character.
fn headers(headers: &HeaderMap, wanted: &[String]) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
    let is_wanted =
        |(name, _): &(&HeaderName, &HeaderValue)| wanted.iter().any(|wanted| name.as_str() == wanted);
    headers.iter().filter(is_wanted).map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn given() -> Result<Given, getrandom::Error> {
    let mut random = [0; 64];
    getrandom::fill(&mut random)?;
    Ok(Given { now: now(), entropy: mint::hex(&random) })
}

/// Milliseconds since 1970-01-01 UTC.
pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    i64::try_from(now).unwrap_or(i64::MAX)
}

/// The id that came with the request, if it is a plain one, or a new one.
fn request_id(headers: &HeaderMap) -> String {
    let is_plain = |id: &&str| {
        (1..=128).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
    };
    if let Some(id) = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(is_plain) {
        return id.to_owned();
    }
    new_request_id()
}

/// An id that no other request has, on whichever host: of the process and of the request.
fn new_request_id() -> String {
    static PROCESS: LazyLock<[u8; 8]> = LazyLock::new(|| {
        let mut random = [0; 8];
        // without randomness, which nothing is answered without, ids may repeat
        getrandom::fill(&mut random).ok();
        random
    });
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let mut id = [0; 16];
    id.iter_mut().zip(PROCESS.iter().chain(&number)).for_each(|(to, from)| *to = *from);
    mint::hex(&id)
}

fn log(request_id: &str, outgoing: &Outgoing, elapsed: Duration) {
    let Outgoing { operation, status, events, .. } = outgoing;
    let milliseconds = elapsed.as_secs_f64() * 1e3;
    let events: Vec<String> =
        events.iter().map(|event| format!("{}:{}", event.event, event.object)).collect();
    let events = events.join(",");
    tracing::info!(request_id, operation, status, milliseconds, events, "request");
}

fn respond(outgoing: Outgoing, id: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(outgoing.body));
    *response.status_mut() =
        StatusCode::from_u16(outgoing.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in outgoing.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
