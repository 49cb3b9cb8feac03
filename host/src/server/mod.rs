//! HTTP: every method and path goes to the module, which owns the routes.

mod body;
mod connections;
mod forward;
mod headers;
mod replies;
mod request_id;
mod room;

use crate::exchange::Incoming;
use crate::flow::{Answer, Service};
use crate::given::given;
use body::Arriving;
use bytes::Bytes;
use connections::{Connection, Connections, NoPlace, Place};
use forward::{Forwarder, ReplyBody};
use headers::Ready;
use http_body_util::Either;
use hyper::header::{EXPECT, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use latchkey_contract::wire::{Event, ReadyReply};
use replies::Replies;
use room::Unread;
use room::{Room, whole};
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio_io_timeout::TimeoutStream;

/// How long the requests that were accepted may take to finish after a signal to stop: less than supervisors grant.
const FAREWELL: Duration = Duration::from_secs(20);

/// How long a client may take to send the head of a request, or keep a connection without one.
const IDLE: Duration = Duration::from_secs(20);

/// How long a client may leave unread what it was sent.
const UNREAD: Duration = Duration::from_secs(20);

/// Connections at one time at the most.
const CONNECTIONS: u64 = 16_384;

/// Files that are no connections of clients.
const OTHER_FILES: u64 = 256;

/// How often a connection that found no place looks for one: all others are being answered.
const PLACE: Duration = Duration::from_millis(5);

/// Bytes that a connection reads ahead, and of the head of a request at the most.
const BUFFER: usize = 16 << 10;

/// What all connections share.
struct Server {
    service: Service,
    headers: Ready,
    bodies: Room,
    replies: Replies,
    forwarder: Option<Forwarder>,
}

/// Serves until `stop` is done, then finishes what was accepted.
pub async fn serve(listener: TcpListener, service: Service, stop: impl Future<Output = ()>) {
    let limits = &service.policy().report().limits;
    let forwarding = service.policy().report().forwarding.as_ref();
    // what is sent on takes a connection on either side
    let room = if forwarding.is_some() { room_for_connections() / 2 } else { room_for_connections() };
    let open = Connections::new(room, limits.connections_per_address.map(whole));
    let server = Arc::new(Server {
        headers: Ready::of(service.policy().report()),
        bodies: Room::new(whole(limits.bodies_in_flight_bytes), whole(limits.body_bytes)),
        replies: Replies::new(whole(limits.replies_in_flight_bytes)),
        forwarder: forwarding.map(Forwarder::new),
        service,
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(IDLE).max_buf_size(BUFFER);
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let (stream, address) = listener.accept().await?;
            Ok::<_, std::io::Error>((stream, address.ip(), place(&open, address.ip()).await))
        };
        let accepted = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        let (stream, address, place) = match accepted {
            Ok((stream, address, Some(place))) => (stream, address, place),
            Ok((.., None)) => {
                tracing::debug!("an address has too many connections");
                continue;
            }
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
        let (server, own) = (Arc::clone(&server), Arc::clone(place.connection()));
        let answer = service_fn(move |request| {
            let (server, own) = (Arc::clone(&server), Arc::clone(&own));
            async move { Ok::<_, Infallible>(server.answer(request, address, &own).await) }
        });
        let connection = connections.watch(http.serve_connection(stream, answer));
        tokio::spawn(async move {
            let ended = tokio::select! {
                ended = connection => ended,
                () = place.connection().is_cut() => return tracing::debug!("a connection was cut"),
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// A place for a connection, once there is one; none where the others of its address have them all.
async fn place(open: &Arc<Connections>, address: IpAddr) -> Option<Place> {
    loop {
        match open.admit(address) {
            Ok(place) => return Some(place),
            Err(NoPlace::OfThisAddress) => return None,
            Err(NoPlace::AtAll) => tokio::time::sleep(PLACE).await,
        }
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

impl Server {
    async fn answer(
        &self,
        request: Request<hyper::body::Incoming>,
        address: IpAddr,
        connection: &Arc<Connection>,
    ) -> Response<ReplyBody> {
        connection.begin();
        let began = Instant::now();
        let (parts, body) = request.into_parts();
        let report = self.service.policy().report();
        let id = request_id::of(&parts.headers, &report.request_ids);
        let origin = parts.headers.get(ORIGIN);
        let mut incoming = Incoming {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: headers(&parts.headers, &report.headers),
            body: Bytes::new(),
            task: None,
        };
        let mut body = Arriving::new(body, &report.limits);
        // a client that waits for `100 Continue` gets the refusal instead, if there is one
        let waits = parts.headers.contains_key(EXPECT);
        let sent = if waits { None } else { body.at_once().await };
        let answer = match sent {
            Some(sent) => {
                incoming.body = sent;
                self.service.answer(&incoming, given).await
            }
            None => self.answer_late(&mut incoming, &mut body, waits).await,
        };
        let mut outgoing = match (answer, &self.forwarder) {
            (Answer::Reply(outgoing), _) => outgoing,
            (Answer::Onward(onward), Some(forwarder)) => {
                let (kept, rest) = body.halves();
                let first = if kept.is_empty() { incoming.body } else { kept };
                match forwarder.send(&onward.base, &parts, address, first, rest).await {
                    Ok(reply) => {
                        log(&id, &onward.away.operation, reply.status().as_u16(), &[], began.elapsed());
                        let mut reply = reply.map(|body| Either::Right(body.on(connection, &id)));
                        self.headers.complete(reply.headers_mut(), &id, origin);
                        return reply;
                    }
                    Err(unsent) => {
                        tracing::warn!(request_id = id, error = unsent.why, "the upstream gave no reply");
                        if let Some(rest) = unsent.rest.filter(|_| !waits) {
                            Arriving::new(rest, &report.limits).forget().await;
                        }
                        onward.away
                    }
                }
            }
            (Answer::Onward(_) | Answer::BodyNeeded { .. }, _) => (&report.replies.trap).into(),
        };
        let sent = match self.replies.count(&outgoing.body, connection).await {
            Some(body) => body,
            // it cannot be had again
            None if outgoing.is_committed => outgoing.body.clone(),
            None => {
                outgoing = (&report.replies.busy).into();
                outgoing.body.clone()
            }
        };
        log(&id, &outgoing.operation, outgoing.status, &outgoing.events, began.elapsed());
        connection.end();
        self.headers.respond(&outgoing, sent, &id, origin).map(Either::Left)
    }

    /// The answer to a request whose body has not come with its head: it is read only if it is needed.
    async fn answer_late(&self, incoming: &mut Incoming, body: &mut Arriving, waits: bool) -> Answer {
        let sender = match self.service.answer_without_body(incoming, given).await {
            Answer::Reply(outgoing) => {
                if !waits {
                    body.forget().await;
                }
                return Answer::Reply(outgoing);
            }
            Answer::Onward(onward) => return Answer::Onward(onward),
            Answer::BodyNeeded { sender } => sender,
        };
        match body.whole(&self.bodies.of(sender.as_deref())).await {
            Ok(sent) => {
                incoming.body = sent;
                self.service.answer(incoming, given).await
            }
            Err(why) => Answer::Reply(self.unread(why).into()),
        }
    }

    fn unread(&self, why: Unread) -> &ReadyReply {
        let replies = &self.service.policy().report().replies;
        match why {
            Unread::TooLarge => &replies.body_too_large,
            Unread::Gone => &replies.body_unread,
            Unread::NoRoom => &replies.busy,
        }
    }
}

/// The headers of these names, each byte of a value as one character.
fn headers(headers: &HeaderMap, wanted: &[String]) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
    let is_wanted =
        |(name, _): &(&HeaderName, &HeaderValue)| wanted.iter().any(|wanted| name.as_str() == wanted);
    headers.iter().filter(is_wanted).map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn log(request_id: &str, operation: &str, status: u16, events: &[Event], elapsed: Duration) {
    let milliseconds = elapsed.as_secs_f64() * 1e3;
    let events: Vec<String> =
        events.iter().map(|event| format!("{}:{}", event.event, event.object)).collect();
    let events = events.join(",");
    tracing::info!(request_id, operation, status, milliseconds, events, "request");
}
