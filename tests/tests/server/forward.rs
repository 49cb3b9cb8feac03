//! `latchkey.upstream`: what is not ours goes on to another server, streamed both ways, and what is ours never does.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::Server;
use latchkey_tests::scenario::MASTER_KEY;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Bytes of a body that no connection holds at one time.
const LARGE: usize = 2 << 20;

/// A request or a reply as it was sent.
struct Message {
    /// The first line.
    start: String,
    /// With names in lower case.
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Message {
    fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    fn status(&self) -> u16 {
        self.start.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
    }
}

/// The first line and the headers.
fn head(stream: &mut impl BufRead) -> Option<Message> {
    let mut line = || {
        let mut text = String::new();
        let read = stream.read_line(&mut text).ok()?;
        (read > 0).then(|| text.trim_end().to_owned())
    };
    let start = line()?;
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    Some(Message { start, headers, body: Vec::new() })
}

/// One piece of a chunked body; none at its end.
fn chunk(stream: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut size = String::new();
    stream.read_line(&mut size).ok()?;
    let size = usize::from_str_radix(size.trim(), 16).ok()?;
    let mut bytes = vec![0; size + 2];
    stream.read_exact(&mut bytes).ok()?;
    bytes.truncate(size);
    (size > 0).then_some(bytes)
}

fn message(stream: &mut impl BufRead, has_body: bool) -> Option<Message> {
    let mut message = head(stream)?;
    let length = message.all("content-length").first().and_then(|length| length.parse().ok());
    if !message.all("transfer-encoding").is_empty() {
        while let Some(piece) = chunk(stream) {
            message.body.extend(piece);
        }
    } else if let Some(length) = length.filter(|_| has_body) {
        message.body = vec![0; length];
        stream.read_exact(&mut message.body).ok()?;
    }
    Some(message)
}

/// A server that deals with each connection as `deal` says, on a thread of its own.
fn upstream(deal: impl Fn(BufReader<TcpStream>) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let deal = deal.clone();
            stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
            std::thread::spawn(move || deal(BufReader::new(stream)));
        }
    });
    address
}

fn say(stream: &mut BufReader<TcpStream>, text: &str) {
    // the other side may be gone
    stream.get_mut().write_all(text.as_bytes()).ok();
}

/// A server that tells what it got, and answers it with the same body.
fn echo(reply_headers: &'static str) -> (String, Receiver<Message>) {
    let (told, got): (Sender<Message>, _) = channel();
    let address = upstream(move |mut stream| {
        while let Some(request) = message(&mut stream, true) {
            let length = request.body.len();
            say(&mut stream, &format!("HTTP/1.1 200 OK\r\n{reply_headers}content-length: {length}\r\n\r\n"));
            if !request.start.starts_with("HEAD ") {
                stream.get_mut().write_all(&request.body).ok();
            }
            told.send(request).ok();
        }
    });
    (address, got)
}

/// The server in front of `upstream`, and the folder with its log.
fn serve(upstream: &str, profile: &str) -> (Server, TempDir) {
    let settings = dict! {
        "general_settings" => dict! {"master_key" => MASTER_KEY},
        "latchkey" => dict! {"upstream" => upstream, "profile" => profile},
    };
    let folder = tempfile::tempdir().expect("a folder");
    (Server::start(folder.path(), &settings).expect("the server starts"), folder)
}

fn open(server: &Server) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", server.port)).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    BufReader::new(stream)
}

/// The reply to a request that is given as text.
fn ask(stream: &mut BufReader<TcpStream>, request: &str) -> Message {
    say(stream, request);
    message(stream, !request.starts_with("HEAD ")).expect("a reply")
}

fn code(reply: &Message) -> String {
    let body = read(&reply.body, &Limits::STORED).expect("JSON");
    let error = body.get("error").expect("an error");
    error.get("code").and_then(Json::as_str).expect("a code").to_owned()
}

#[test]
fn a_request_goes_on_as_it_is_and_the_connection_is_kept() {
    let (address, got) = echo("x-a: 1\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n");
    for profile in ["strict", "litellm-1.60"] {
        let (mut server, folder) = serve(&address, profile);
        let mut client = open(&server);
        for (method, target, body) in [
            ("POST", "/v1/chat/completions?key=sk-a%2Fb&x=%zz+1", "{\"model\": \"m\"}"),
            ("GET", "/models/meta%2Fllama", ""),
            ("PATCH", "/model/a/update", "x"),
            ("DELETE", "/v1/files/f", ""),
            ("HEAD", "/ui/", ""),
        ] {
            let length = body.len();
            let request = format!(
                "{method} {target} HTTP/1.1\r\nhost: gateway.example\r\nauthorization: Bearer sk-of-a-client\r\n\
                 x-b: 1\r\nx-b: 2\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
            );
            let reply = ask(&mut client, &request);
            assert_eq!((reply.status(), reply.body.as_slice()), (200, body.as_bytes()), "{method}");
            assert_eq!((reply.all("x-a"), reply.all("set-cookie")), (vec!["1"], vec!["a=1", "b=2"]));
            assert_eq!(reply.all("x-request-id").len(), 1);
            let seen = got.recv_timeout(PATIENCE).expect("the request");
            assert_eq!(seen.start, format!("{method} {target} HTTP/1.1"));
            assert_eq!(seen.body, body.as_bytes());
            assert_eq!(seen.all("authorization"), ["Bearer sk-of-a-client"]);
            assert_eq!(seen.all("x-b"), ["1", "2"]);
            assert_eq!(seen.all("host"), [address.trim_start_matches("http://")]);
            assert_eq!(seen.all("x-forwarded-for"), ["127.0.0.1"]);
            assert_eq!(seen.all("x-forwarded-proto"), ["http"]);
            assert_eq!(seen.all("x-forwarded-host"), ["gateway.example"]);
            assert_eq!(seen.all("via"), ["1.1 latchkey"]);
            // ours is answered here, on the same connection
            let ours = ask(&mut client, "GET /key/list HTTP/1.1\r\nhost: h\r\n\r\n");
            assert_eq!(ours.status(), 401);
        }
        for ours in
            ["/key/generate/", "/key%2Fgenerate", "//key/generate", "/x/../key/generate", "/KEY/generate"]
        {
            let reply = ask(&mut client, &format!("PUT {ours} HTTP/1.1\r\nhost: h\r\n\r\n"));
            assert!(matches!(reply.status(), 307 | 404 | 405), "{ours}: {}", reply.status());
        }
        assert!(got.try_recv().is_err(), "one of ours went on");
        server.stop().expect("it stops");
        let log = std::fs::read_to_string(folder.path().join("log")).expect("a log");
        assert_eq!(
            log.lines().filter(|line| line.contains(r#""operation":"forward","status":200"#)).count(),
            5
        );
        assert!(!log.contains("sk-a"), "{log}");
    }
}

#[test]
fn headers_of_one_connection_stay_on_it() {
    let (address, got) = echo(
        "connection: keep-alive, x-hop\r\nx-hop: 1\r\nkeep-alive: timeout=5\r\nproxy-authenticate: Basic\r\nx-kept: 1\r\n",
    );
    let (server, _folder) = serve(&address, "strict");
    let mut client = open(&server);
    let request = "GET /v1/models HTTP/1.1\r\nhost: h\r\nconnection: keep-alive, X-Mine\r\nconnection: close-not\r\n\
                   x-mine: 1\r\nkeep-alive: timeout=9\r\nproxy-authorization: Basic x\r\nproxy-connection: keep-alive\r\n\
                   te: trailers\r\ntrailer: x-t\r\nupgrade: h2c\r\nhttp2-settings: AAA\r\nclose-not: 1\r\nx-kept: 1\r\n\
                   x-forwarded-for: 10.0.0.1\r\nx-forwarded-for: 10.0.0.2\r\nx-forwarded-proto: https\r\nvia: 1.0 a\r\n\r\n";
    let reply = ask(&mut client, request);
    let seen = got.recv_timeout(PATIENCE).expect("the request");
    for gone in [
        "x-mine",
        "close-not",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "upgrade",
        "http2-settings",
        "connection",
    ] {
        assert!(seen.all(gone).is_empty(), "{gone}");
    }
    assert_eq!(seen.all("x-kept"), ["1"]);
    assert_eq!(seen.all("x-forwarded-for"), ["10.0.0.1, 10.0.0.2, 127.0.0.1"]);
    assert_eq!(seen.all("x-forwarded-proto"), ["https, http"]);
    assert_eq!(seen.all("via"), ["1.0 a, 1.1 latchkey"]);
    for gone in ["x-hop", "keep-alive", "proxy-authenticate", "connection"] {
        assert!(reply.all(gone).is_empty(), "{gone}");
    }
    assert_eq!((reply.status(), reply.all("x-kept")), (200, vec!["1"]));
}

#[test]
fn large_bodies_pass_both_ways_whatever_their_length_is_said_by() {
    let (address, got) = echo("");
    for profile in ["strict", "litellm-1.60"] {
        let (server, _folder) = serve(&address, profile);
        let mut client = open(&server);
        let body: Vec<u8> = (0..LARGE).map(|at| (at % 251) as u8).collect();
        for chunked in [false, true] {
            let length = match chunked {
                true => "transfer-encoding: chunked".to_owned(),
                false => format!("content-length: {LARGE}"),
            };
            let head = format!("POST /v1/files HTTP/1.1\r\nhost: h\r\n{length}\r\n\r\n");
            let mut writer = client.get_ref().try_clone().expect("a second handle");
            let sent = body.clone();
            let sending = std::thread::spawn(move || {
                writer.write_all(head.as_bytes()).expect("the head is sent");
                for piece in sent.chunks(100_000) {
                    if chunked {
                        writer.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).expect("a size");
                    }
                    writer.write_all(piece).expect("a piece");
                    if chunked {
                        writer.write_all(b"\r\n").expect("its end");
                    }
                }
                if chunked {
                    writer.write_all(b"0\r\n\r\n").expect("the end");
                }
            });
            let reply = message(&mut client, true).expect("a reply");
            sending.join().expect("everything was sent");
            assert_eq!(reply.status(), 200);
            assert!(reply.body == body && got.recv_timeout(PATIENCE).expect("the request").body == body);
        }
    }
}

#[test]
fn an_event_arrives_before_the_next_one_is_sent() {
    let (go, may_go) = channel::<()>();
    let may_go = std::sync::Arc::new(std::sync::Mutex::new(may_go));
    let address = upstream(move |mut stream| {
        message(&mut stream, true).expect("a request");
        say(
            &mut stream,
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
        );
        for event in ["data: 1\n\n", "data: 2\n\n"] {
            say(&mut stream, &format!("{:x}\r\n{event}\r\n", event.len()));
            may_go.lock().expect("no panic").recv_timeout(PATIENCE).expect("the event has arrived");
        }
        say(&mut stream, "0\r\n\r\n");
    });
    let (server, _folder) = serve(&address, "strict");
    let mut client = open(&server);
    say(&mut client, "POST /chat/completions HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}");
    let reply = head(&mut client).expect("a head");
    assert_eq!((reply.status(), reply.all("content-type")), (200, vec!["text/event-stream"]));
    for event in ["data: 1\n\n", "data: 2\n\n"] {
        assert_eq!(chunk(&mut client).as_deref(), Some(event.as_bytes()));
        go.send(()).expect("the upstream listens");
    }
    assert_eq!(chunk(&mut client), None);
    // the connection serves on
    assert_eq!(ask(&mut client, "GET /health/liveliness HTTP/1.1\r\nhost: h\r\n\r\n").status(), 200);
}

#[test]
fn an_upstream_that_is_away_is_a_502_also_for_who_is_still_sending() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    for profile in ["strict", "litellm-1.60"] {
        let (mut server, folder) = serve(&address, profile);
        let mut client = open(&server);
        for length in [0, 10, LARGE] {
            let request = format!(
                "POST /v1/x HTTP/1.1\r\nhost: h\r\ncontent-length: {length}\r\n\r\n{}",
                "a".repeat(length)
            );
            let reply = ask(&mut client, &request);
            assert_eq!((reply.status(), code(&reply)), (502, "502".to_owned()));
        }
        server.stop().expect("it stops");
        let log = std::fs::read_to_string(folder.path().join("log")).expect("a log");
        assert!(log.contains("refused:upstream_away"), "{log}");
    }
}

#[test]
fn an_upstream_that_closes_is_noticed_by_the_client() {
    let address = upstream(|mut stream| {
        let request = message(&mut stream, true).expect("a request");
        if request.start.contains("/at-once") {
            return;
        }
        say(&mut stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
    });
    let (server, _folder) = serve(&address, "strict");
    let mut client = open(&server);
    assert_eq!(
        ask(&mut client, "POST /at-once HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\n\r\nx").status(),
        502
    );
    say(&mut client, "GET /mid-stream HTTP/1.1\r\nhost: h\r\n\r\n");
    assert_eq!(head(&mut client).expect("a head").status(), 200);
    assert_eq!(chunk(&mut client).as_deref(), Some(&b"abc"[..]));
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).ok();
    assert!(!rest.ends_with(b"0\r\n\r\n"), "the body looks whole");
}

#[test]
fn a_client_that_goes_away_ends_the_exchange() {
    let (told, gone) = channel();
    let address = upstream(move |mut stream| {
        let request = head(&mut stream).expect("a request");
        if request.start.starts_with("GET") {
            say(&mut stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
        }
        // nothing more is sent, and the end is heard of at once
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).ok();
        told.send(request.start).ok();
    });
    let (server, _folder) = serve(&address, "strict");
    for (request, has_reply) in [
        ("GET /v1/stream HTTP/1.1\r\nhost: h\r\n\r\n", true),
        ("DELETE /v1/waits HTTP/1.1\r\nhost: h\r\n\r\n", false),
        ("POST /v1/upload HTTP/1.1\r\nhost: h\r\ncontent-length: 1000000\r\n\r\nabc", false),
    ] {
        let mut client = open(&server);
        say(&mut client, request);
        if has_reply {
            head(&mut client).expect("a head");
            chunk(&mut client).expect("a piece");
        } else {
            std::thread::sleep(Duration::from_millis(200));
        }
        let began = Instant::now();
        client.get_ref().shutdown(Shutdown::Both).ok();
        drop(client);
        let start = gone.recv_timeout(Duration::from_secs(5)).expect("the upstream hears of it");
        assert!(request.starts_with(&start), "{start}");
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn a_websocket_is_refused_and_no_connection_changes_its_protocol() {
    let address = upstream(|mut stream| {
        message(&mut stream, true).expect("a request");
        say(&mut stream, "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n");
        std::thread::sleep(Duration::from_secs(1));
    });
    let (server, _folder) = serve(&address, "strict");
    let mut client = open(&server);
    let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n\r\n";
    let reply = ask(&mut client, &format!("GET /v1/realtime HTTP/1.1\r\nhost: h\r\n{upgrade}"));
    assert_eq!((reply.status(), code(&reply)), (501, "501".to_owned()));
    assert_eq!(ask(&mut client, "GET /v1/realtime HTTP/1.1\r\nhost: h\r\n\r\n").status(), 502);
}

#[test]
fn a_redirect_of_the_upstream_stays_at_our_address() {
    let address = upstream(|mut stream| {
        while let Some(request) = message(&mut stream, true) {
            let host = request.all("host").concat();
            let place = format!("location: http://{host}/ui/?a=b");
            say(&mut stream, &format!("HTTP/1.1 307 x\r\n{place}\r\ncontent-length: 0\r\n\r\n"));
        }
    });
    let (server, _folder) = serve(&address, "strict");
    let reply = ask(&mut open(&server), "GET /ui HTTP/1.1\r\nhost: h\r\n\r\n");
    assert_eq!((reply.status(), reply.all("location")), (307, vec!["/ui/?a=b"]));
}

#[test]
fn a_reply_that_is_under_way_is_finished_when_the_server_stops() {
    let address = upstream(|mut stream| {
        message(&mut stream, true).expect("a request");
        say(&mut stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n");
        std::thread::sleep(Duration::from_secs(1));
        say(&mut stream, "1\r\nb\r\n0\r\n\r\n");
    });
    let (mut server, _folder) = serve(&address, "strict");
    let mut client = open(&server);
    say(&mut client, "GET /v1/stream HTTP/1.1\r\nhost: h\r\n\r\n");
    head(&mut client).expect("a head");
    assert_eq!(chunk(&mut client).as_deref(), Some(&b"a"[..]));
    let stopped = std::thread::spawn(move || server.stop());
    assert_eq!(chunk(&mut client).as_deref(), Some(&b"b"[..]));
    assert_eq!(chunk(&mut client), None);
    assert!(stopped.join().expect("no panic").expect("it stops").success());
}
