//! Bodies that pass through, a piece at a time.

use super::super::connections::Connection;
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

/// The body of a request on its way to the other server.
pub(super) struct Upload {
    /// What was read before it was known where the request goes.
    first: Bytes,
    rest: Option<Incoming>,
    unread: Unread,
}

/// What is left of a body that is no longer sent.
#[derive(Clone, Default)]
pub(super) struct Unread(Arc<Mutex<Option<Incoming>>>);

/// The body of a reply on its way to the client.
pub(in super::super) struct Download {
    body: Incoming,
    /// Whose reply it is: the connection is in use until the body ends, and the request's id.
    of: Option<(Arc<Connection>, String)>,
}

impl Upload {
    /// A body that begins with `first`, and where to find what is left of it if it is not sent.
    pub(super) fn new(first: Bytes, rest: Incoming) -> (Self, Unread) {
        let unread = Unread::default();
        (Self { first, rest: Some(rest), unread: unread.clone() }, unread)
    }
}

impl Unread {
    pub(super) fn take(&self) -> Option<Incoming> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        *self.unread.0.lock().unwrap_or_else(PoisonError::into_inner) = self.rest.take();
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if !self.first.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.first)))));
        }
        match &mut self.rest {
            Some(rest) => Pin::new(rest).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_empty() && self.rest.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let first = self.first.len() as u64;
        let Some(rest) = self.rest.as_ref().filter(|rest| !rest.is_end_stream()) else {
            return SizeHint::with_exact(first);
        };
        let rest = rest.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(first));
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(first));
        }
        hint
    }
}

impl Download {
    pub(super) fn new(body: Incoming) -> Self {
        Self { body, of: None }
    }

    /// The same as the reply to the request `id` on `connection`.
    pub(in super::super) fn on(self, connection: &Arc<Connection>, id: &str) -> Self {
        // the body itself cannot move out of what has a destructor
        let mut download = self;
        download.of = Some((Arc::clone(connection), id.to_owned()));
        download
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        if let Some((connection, _)) = &self.of {
            connection.end();
        }
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let (Poll::Ready(Some(Err(error))), Some((_, request_id))) = (&frame, &self.of) {
            tracing::warn!(request_id, %error, "the upstream broke off its reply");
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
