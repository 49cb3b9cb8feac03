//! `/key/health` against servers that take a test event, refuse it, hang, and were not named by the operator.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Server};
use latchkey_tests::scenario::MASTER_KEY;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

/// A server that answers one request with this status, or not at all, and tells what it got.
fn listen(status: Option<u16>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (told, got) = channel();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        let request = request(&stream);
        if told.send(request).is_err() {
            return;
        }
        match status {
            Some(status) => {
                let reply = format!("HTTP/1.1 {status} x\r\ncontent-length: 2\r\n\r\n{{}}");
                (&stream).write_all(reply.as_bytes()).ok();
            }
            // until the other side gives up
            None => drop(std::io::copy(&mut &stream, &mut std::io::sink())),
        }
    });
    (address, got)
}

/// The head and the body of a request.
fn request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let from = text.len();
        reader.read_line(&mut text).expect("a line");
        let line = text[from..].trim().to_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body");
    text + &String::from_utf8(body).expect("text")
}

#[test]
fn a_key_s_logging_is_tested_by_events_that_are_sent() {
    let (langfuse, langfuse_got) = listen(Some(207));
    let (otel, otel_got) = listen(Some(401));
    let (hook, hook_got) = listen(None);
    let (foreign, foreign_got) = listen(Some(200));
    let variables = dict! {
        "LANGFUSE_HOST" => langfuse, "LANGFUSE_PUBLIC_KEY" => "pk", "LANGFUSE_SECRET_KEY" => "secret",
        "OTEL_ENDPOINT" => format!("{otel}/v1/traces"), "GENERIC_LOGGER_ENDPOINT" => hook,
    };
    let settings = dict! {
        "general_settings" => dict! {"master_key" => MASTER_KEY},
        "latchkey" => dict! {"probes" => dict! {"variables" => variables}},
    };
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &settings).expect("the server starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let health = |logging: &str| {
        runtime.block_on(async {
            let mut connection = Connection::open(server.port).await.expect("a connection");
            let body = format!(r#"{{"metadata":{{"logging":[{logging}]}}}}"#);
            let request = Request::post("/key/generate", MASTER_KEY, body);
            let made = connection.send(&request).await.expect("an answer").body;
            let made = read(&made, &Limits::STORED).expect("JSON");
            let key = made.get("key").and_then(Json::as_str).expect("a key");
            let answer = connection.send(&Request::post("/key/health", key, "")).await.expect("an answer");
            assert_eq!(answer.status, 200);
            let answer = read(&answer.body, &Limits::STORED).expect("JSON");
            let callbacks = answer.get("logging_callbacks").expect("the callbacks");
            let text = |name: &str| callbacks.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
            (text("status"), text("details"))
        })
    };
    let plain = |name: &str| format!(r#"{{"callback_name":"{name}","callback_vars":{{}}}}"#);

    let (status, details) = health(&plain("langfuse"));
    assert_eq!(status, "healthy", "{details}");
    let sent = langfuse_got.recv().expect("a test event");
    assert!(sent.starts_with("POST /api/public/ingestion HTTP/1.1"), "{sent}");
    assert!(sent.contains("authorization: Basic cGs6c2VjcmV0"), "{sent}");
    assert!(sent.contains("/key/health"), "{sent}");

    let (status, details) = health(&[plain("otel"), plain("generic")].join(","));
    assert_eq!(status, "unhealthy");
    assert!(details.contains("otel: the test event was answered with status 401"), "{details}");
    assert!(details.contains("generic: the test event was not answered in time"), "{details}");
    assert!(otel_got.recv().expect("a span").contains("resourceSpans"));
    assert!(hook_got.recv().expect("an event").contains("litellm-key-health-test"));

    let own = r#""langfuse_public_key":"a","langfuse_secret":"b""#;
    let (status, details) = health(&format!(
        r#"{{"callback_name":"langfuse","callback_vars":{{"langfuse_host":"{foreign}",{own}}}}}"#
    ));
    assert_eq!(status, "unhealthy");
    assert!(details.contains("is not among `latchkey.probes.hosts`"), "{details}");
    assert!(foreign_got.try_recv().is_err(), "a key made the server send to an address nobody allowed");
}
