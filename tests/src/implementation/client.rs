//! One HTTP connection to a server on the loopback.

use super::{Request, Response, now};
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open connection. It must be used on the runtime it was opened on.
#[derive(Debug)]
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Connects to a port of the loopback.
    pub async fn open(port: u16) -> Result<Self, String> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let (sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    /// Whether nothing can be sent any more.
    pub fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&mut self, request: &Request) -> Result<Response, String> {
        let mut builder = hyper::Request::builder()
            .method(request.method.as_str())
            .uri(&request.target)
            .header("host", "127.0.0.1");
        for (name, value) in &request.headers {
            builder = builder.header(name, value.as_bytes());
        }
        let body = Full::new(Bytes::from(request.body.clone().unwrap_or_default()));
        let message = builder.body(body).map_err(|error| format!("cannot be sent: {error}"))?;
        let before = now();
        let exchange = async {
            self.sender.ready().await?;
            let response = self.sender.send_request(message).await?;
            let status = response.status().as_u16();
            let text =
                |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value)));
            let headers: Vec<(String, String)> = headers.collect();
            let body = response.into_body().collect().await?.to_bytes().to_vec();
            Ok::<_, hyper::Error>((status, headers, body))
        };
        let (status, headers, body) = timeout(PATIENCE, exchange)
            .await
            .map_err(|_| "no answer in time".to_owned())?
            .map_err(|error| error.to_string())?;
        Ok(Response { status, headers, body, at: middle(before) })
    }
}

/// The moment half-way between `before` and now.
fn middle(before: DateTime<Utc>) -> DateTime<Utc> {
    let half = (now() - before).num_microseconds().unwrap_or(0) / 2;
    before + TimeDelta::microseconds(half)
}
