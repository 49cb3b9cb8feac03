//! Makes the requests to elsewhere that the module plans, without following redirects, within a time and a size.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use latchkey_contract::wire::{Probe, ProbeFailure, Probed};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long connecting, sending and answering may take together.
const TIME: Duration = Duration::from_secs(5);

/// Bytes of an answer that are read.
const ANSWER: usize = 64 << 10;

/// Probes at one time.
const PROBES: usize = 16;

type Http = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A client for probes.
#[derive(Debug, Clone)]
pub struct Prober {
    time: Duration,
    client: Arc<OnceLock<Option<Http>>>,
    permits: Arc<Semaphore>,
}

impl Default for Prober {
    fn default() -> Self {
        Self { time: TIME, client: Arc::default(), permits: Arc::new(Semaphore::new(PROBES)) }
    }
}

impl Prober {
    /// Gives up after `time`.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    /// What the probe is answered with, as a fact's rows.
    pub async fn send(&self, probe: &Probe) -> String {
        format!("[{}]", self.probed(probe).await.to_json().as_str())
    }

    /// The status that the probe is answered with, or why it is not.
    pub async fn status(&self, probe: &Probe) -> Result<u16, &'static str> {
        match self.probed(probe).await {
            Probed::Answered { status, .. } => Ok(status),
            Probed::Failed { failed } => Err(failed.as_str()),
        }
    }

    async fn probed(&self, probe: &Probe) -> Probed {
        match self.permits.try_acquire() {
            Err(_) => failed(ProbeFailure::Busy),
            Ok(_permit) => match tokio::time::timeout(self.time, self.exchange(probe)).await {
                Ok(probed) => probed,
                Err(_) => failed(ProbeFailure::Timeout),
            },
        }
    }

    async fn exchange(&self, probe: &Probe) -> Probed {
        let mut request = Request::builder().method(probe.method.as_str()).uri(&probe.url);
        for (name, value) in &probe.headers {
            request = request.header(name, value);
        }
        let Ok(request) = request.body(Full::new(Bytes::from(probe.body.clone()))) else {
            return failed(ProbeFailure::Malformed);
        };
        let Some(client) = self.client.get_or_init(connect) else {
            return failed(ProbeFailure::Unreachable);
        };
        match client.request(request).await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let body = beginning(answer.into_body()).await;
                Probed::Answered { status, body }
            }
            Err(error) => {
                tracing::info!(%error, "a probe was not answered");
                failed(ProbeFailure::Unreachable)
            }
        }
    }
}

/// The first bytes of a body as text; what cannot be read is left out.
async fn beginning(mut body: hyper::body::Incoming) -> String {
    let mut read = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(data) = frame.into_data() else { continue };
        let room = ANSWER.saturating_sub(read.len());
        read.extend_from_slice(data.get(..room).unwrap_or(&data));
        if read.len() >= ANSWER {
            break;
        }
    }
    String::from_utf8_lossy(&read).into_owned()
}

const fn failed(failed: ProbeFailure) -> Probed {
    Probed::Failed { failed }
}

/// A client that trusts the certificates of the system and keeps no connection.
fn connect() -> Option<Http> {
    let builder = match HttpsConnectorBuilder::new().with_native_roots() {
        Ok(builder) => builder,
        Err(error) => {
            tracing::error!(%error, "the system has no certificates, nothing can be probed");
            return None;
        }
    };
    let connector = builder.https_or_http().enable_http1().build();
    Some(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    /// What a probe of a server that does `then` with its one connection is answered with.
    async fn probed(then: impl FnOnce(TcpStream) + Send + 'static) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/x", listener.local_addr().unwrap());
        let server = tokio::task::spawn_blocking(move || then(listener.accept().unwrap().0));
        let answer = Prober::default().within(Duration::from_secs(2)).send(&probe(&url)).await;
        server.await.unwrap();
        answer
    }

    fn probe(url: &str) -> Probe {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Probe { method: "POST".to_owned(), url: url.to_owned(), headers, body: "{}".to_owned() }
    }

    /// Reads the request and answers; the other side may hang up before it has read all.
    fn answer(mut stream: TcpStream, text: &str) {
        let mut head = [0; 1024];
        assert!(stream.read(&mut head).unwrap() > 0);
        stream.write_all(text.as_bytes()).ok();
    }

    #[tokio::test]
    async fn an_answer_is_given_as_it_is_and_a_redirect_is_not_followed() {
        let said = probed(|stream| answer(stream, "HTTP/1.1 207 x\r\ncontent-length: 2\r\n\r\n[]")).await;
        assert_eq!(said, r#"[{"status":207,"body":"[]"}]"#);
        let elsewhere = "HTTP/1.1 307 x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
        let said = probed(|stream| answer(stream, elsewhere)).await;
        assert_eq!(said, r#"[{"status":307,"body":""}]"#);
    }

    #[tokio::test]
    async fn a_long_answer_is_cut() {
        let long = format!("HTTP/1.1 200 x\r\ncontent-length: 10000000\r\n\r\n{}", "a".repeat(200 << 10));
        let said = probed(move |stream| answer(stream, &long)).await;
        assert_eq!(said.len(), r#"[{"status":200,"body":""}]"#.len() + ANSWER);
    }

    #[tokio::test]
    async fn a_server_that_hangs_or_is_not_there_is_given_up() {
        // reads until the other side hangs up
        let said = probed(|mut stream| drop(std::io::copy(&mut stream, &mut std::io::sink()))).await;
        assert_eq!(said, r#"[{"failed":"timeout"}]"#);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        assert_eq!(Prober::default().send(&probe(&url)).await, r#"[{"failed":"unreachable"}]"#);
        assert_eq!(Prober::default().send(&probe("no address")).await, r#"[{"failed":"malformed"}]"#);
    }

    #[tokio::test]
    async fn more_probes_than_there_is_room_for_are_refused() {
        let prober = Prober { permits: Arc::new(Semaphore::new(0)), ..Prober::default() };
        assert_eq!(prober.send(&probe("http://127.0.0.1:1/")).await, r#"[{"failed":"busy"}]"#);
    }
}
