//! Makes the requests to elsewhere that the module plans, without following redirects, within a time and a size.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use latchkey_contract::wire::{Probe, ProbeBounds, ProbeFailure, Probed};
use rustls::{ClientConfig, RootCertStore};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;

type Http = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A client for probes.
#[derive(Debug, Clone)]
pub struct Prober {
    time: Duration,
    answer_bytes: usize,
    client: Arc<OnceLock<Http>>,
    permits: Arc<Semaphore>,
}

impl Prober {
    /// A client that keeps to these bounds.
    pub fn new(bounds: &ProbeBounds) -> Self {
        Self {
            time: Duration::from_millis(bounds.ms),
            answer_bytes: bounds.answer_bytes,
            client: Arc::default(),
            permits: Arc::new(Semaphore::new(bounds.at_once)),
        }
    }

    /// What the probe is answered with.
    pub async fn send(&self, probe: &Probe) -> Probed {
        match self.permits.try_acquire() {
            Err(_) => Probed::Failed(ProbeFailure::Busy),
            Ok(_permit) => match tokio::time::timeout(self.time, self.exchange(probe)).await {
                Ok(probed) => probed,
                Err(_) => Probed::Failed(ProbeFailure::Timeout),
            },
        }
    }

    async fn exchange(&self, probe: &Probe) -> Probed {
        let mut request = Request::builder().method(probe.method.as_str()).uri(&probe.url);
        for (name, value) in &probe.headers {
            request = request.header(name, value);
        }
        let Ok(request) = request.body(Full::new(Bytes::from(probe.body.clone()))) else {
            return Probed::Failed(ProbeFailure::Malformed);
        };
        let client = self.client.get_or_init(connect);
        match client.request(request).await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let body = beginning(answer.into_body(), self.answer_bytes).await;
                Probed::Answered { status, body }
            }
            Err(error) => {
                tracing::info!(%error, "a probe was not answered");
                Probed::Failed(ProbeFailure::Unreachable)
            }
        }
    }
}

/// The first bytes of a body as text; what cannot be read is left out.
async fn beginning(mut body: hyper::body::Incoming, bytes: usize) -> String {
    let mut read = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(data) = frame.into_data() else { continue };
        let room = bytes.saturating_sub(read.len());
        read.extend_from_slice(data.get(..room).unwrap_or(&data));
        if read.len() >= bytes {
            break;
        }
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// A client that keeps no connection.
fn connect() -> Http {
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector())
}

/// Connects to servers whose certificates the system trusts, and to those without one.
pub(crate) fn connector() -> HttpsConnector<HttpConnector> {
    let builder = HttpsConnectorBuilder::new().with_native_roots().unwrap_or_else(|error| {
        tracing::error!(%error, "the system has no certificates, no server can be reached by https");
        let nobody = ClientConfig::builder().with_root_certificates(RootCertStore::empty());
        HttpsConnectorBuilder::new().with_tls_config(nobody.with_no_client_auth())
    });
    builder.https_or_http().enable_http1().build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    /// What a probe of a server that does `then` with its one connection is answered with.
    async fn probed(then: impl FnOnce(TcpStream) + Send + 'static) -> Probed {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/x", listener.local_addr().unwrap());
        let server = tokio::task::spawn_blocking(move || then(listener.accept().unwrap().0));
        let answer = prober(1).send(&probe(&url)).await;
        server.await.unwrap();
        answer
    }

    fn prober(at_once: usize) -> Prober {
        Prober::new(&ProbeBounds { ms: 2000, answer_bytes: 1024, at_once })
    }

    fn answered(status: u16, body: &str) -> Probed {
        Probed::Answered { status, body: body.to_owned() }
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
        assert_eq!(said, answered(207, "[]"));
        let elsewhere = "HTTP/1.1 307 x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
        let said = probed(|stream| answer(stream, elsewhere)).await;
        assert_eq!(said, answered(307, ""));
    }

    #[tokio::test]
    async fn a_long_answer_is_cut() {
        let long = format!("HTTP/1.1 200 x\r\ncontent-length: 10000000\r\n\r\n{}", "a".repeat(200 << 10));
        let said = probed(move |stream| answer(stream, &long)).await;
        assert_eq!(said, answered(200, &"a".repeat(1024)));
    }

    #[tokio::test]
    async fn a_server_that_hangs_or_is_not_there_is_given_up() {
        // reads until the other side hangs up
        let said = probed(|mut stream| drop(std::io::copy(&mut stream, &mut std::io::sink()))).await;
        assert_eq!(said, Probed::Failed(ProbeFailure::Timeout));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        assert_eq!(prober(1).send(&probe(&url)).await, Probed::Failed(ProbeFailure::Unreachable));
        assert_eq!(prober(1).send(&probe("no address")).await, Probed::Failed(ProbeFailure::Malformed));
    }

    #[tokio::test]
    async fn more_probes_than_there_is_room_for_are_refused() {
        let said = prober(0).send(&probe("http://127.0.0.1:1/")).await;
        assert_eq!(said, Probed::Failed(ProbeFailure::Busy));
    }
}
