//! Memory, connections and threads under clients that hold back, do not read, idle, or ask for much.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Server};
use latchkey_tests::scenario::MASTER_KEY;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

fn start(folder: &Path, own: Json) -> Server {
    let settings = dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}, "latchkey" => own};
    Server::start(folder, &settings).expect("the server starts")
}

fn limits(limits: Json) -> Json {
    dict! {"limits" => limits}
}

/// Megabytes that the process holds in memory.
fn resident(server: &Server) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.trim().trim_end_matches("kB").trim().parse::<f64>().expect("a number") / 1024.0
}

/// A request whose last bytes are held back.
async fn hold_back(port: u16, key: &str, size: usize) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
    let head = format!(
        "POST /key/generate HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {size}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("a head");
    // the server has stopped reading if it refused
    stream.write_all(&vec![b' '; size - 10]).await.ok();
    stream
}

async fn status(port: u16, request: &Request) -> u16 {
    let mut connection = Connection::open(port).await.expect("a connection");
    connection.send(request).await.expect("an answer").status
}

async fn generates(port: u16) -> bool {
    status(port, &Request::post("/key/generate", MASTER_KEY, "{}")).await == 200
}

#[cfg(target_os = "linux")]
#[test]
fn bodies_that_are_held_back_take_no_more_memory_than_there_is_for_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path(), limits(dict! {"bodies_in_flight_bytes" => 16 << 20}));
    runtime().block_on(async {
        assert!(generates(server.port).await);
        let before = resident(&server);
        for key in ["sk-of-nobody-0123456789", MASTER_KEY] {
            let mut held = Vec::new();
            for _ in 0..100 {
                held.push(hold_back(server.port, key, 1 << 20).await);
            }
            // they would take 100 MB
            let grown = resident(&server) - before;
            assert!(grown < 50.0, "{grown} MB with the key {key}");
            assert!(generates(server.port).await, "short bodies need no room");
        }
    });
}

#[test]
fn bodies_that_one_user_holds_back_leave_room_for_those_of_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path(), limits(dict! {"bodies_in_flight_bytes" => 4 << 20}));
    runtime().block_on(async {
        let made = async |path: &str| {
            let body = r#"{"user_id":"one","user_role":"proxy_admin"}"#;
            let body = if path == "/user/new" { body } else { r#"{"user_id":"one"}"# };
            let mut connection = Connection::open(server.port).await.expect("a connection");
            let made = connection.send(&Request::post(path, MASTER_KEY, body)).await.expect("an answer");
            let made = read(&made.body, &Limits::STORED).expect("JSON");
            made.get("key").and_then(Json::as_str).expect("a key").to_owned()
        };
        let (one, second) = (made("/user/new").await, made("/key/generate").await);
        let mut held = Vec::new();
        for key in [&one, &second].into_iter().cycle().take(8) {
            held.push(hold_back(server.port, key, 1 << 20).await);
        }
        let large = format!("{{}}{}", " ".repeat(600_000));
        let generated =
            async |key: &str| status(server.port, &Request::post("/key/generate", key, large.as_str())).await;
        // until the server has come to the bodies that are held back, it has room
        let mut is_refused = false;
        for _ in 0..50 {
            is_refused = generated(&second).await == 503;
            if is_refused {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(is_refused, "the user has a share, whatever the key");
        assert_eq!(generated(MASTER_KEY).await, 200);
        drop(held);
    });
}

#[test]
fn a_large_body_is_read_for_those_alone_whose_key_is_good() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path(), dict! {});
    runtime().block_on(async {
        let wait = |port, key: &'static str| async move {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
            let head = format!(
                "POST /key/generate HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\nexpect: 100-continue\r\ncontent-length: 500000\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.expect("a head");
            let mut answer = vec![0; 12];
            stream.read_exact(&mut answer).await.expect("an answer before the body");
            String::from_utf8(answer).expect("text")
        };
        assert_eq!(wait(server.port, "sk-of-nobody-0123456789").await, "HTTP/1.1 401");
        assert_eq!(wait(server.port, MASTER_KEY).await, "HTTP/1.1 100");
        // the same refusal, wherever the body is when it is judged
        for size in [2, 5_000, 50_000, 1 << 20, 3 << 20] {
            let request = Request::post("/key/generate", "sk-of-nobody-0123456789", " ".repeat(size));
            assert_eq!(status(server.port, &request).await, 401, "{size}");
        }
        for (size, expected) in [(2, 422), (50_000, 422), (1 << 20, 422), ((1 << 20) + 1, 413)] {
            let request = Request::post("/key/generate", MASTER_KEY, " ".repeat(size));
            assert_eq!(status(server.port, &request).await, expected, "{size}");
        }
    });
}

#[test]
fn a_body_that_comes_in_pieces_is_the_body() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path(), dict! {});
    runtime().block_on(async {
        let note = "n".repeat(40_000);
        let body = format!(r#"{{"key_alias":"in pieces","metadata":{{"note":"{note}"}}}}"#);
        for (transfer, alias) in [("chunked", "a"), ("plain", "b")] {
            let body = body.replace("in pieces", alias);
            let mut stream = TcpStream::connect(("127.0.0.1", server.port)).await.expect("a connection");
            let length = match transfer {
                "chunked" => "transfer-encoding: chunked".to_owned(),
                _ => format!("content-length: {}", body.len()),
            };
            let head = format!(
                "POST /key/generate HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {MASTER_KEY}\r\nconnection: close\r\n{length}\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.expect("a head");
            for piece in body.as_bytes().chunks(9_000) {
                tokio::time::sleep(Duration::from_millis(15)).await;
                if transfer == "chunked" {
                    stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).await.expect("a size");
                }
                stream.write_all(piece).await.expect("a piece");
                if transfer == "chunked" {
                    stream.write_all(b"\r\n").await.expect("an end");
                }
            }
            if transfer == "chunked" {
                stream.write_all(b"0\r\n\r\n").await.expect("an end");
            }
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 200"), "{transfer}: {answer}");
            assert!(answer.contains(&note), "{transfer}");
        }
    });
}

#[test]
fn idle_connections_of_one_address_keep_nobody_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path(), limits(dict! {"connections_per_address" => 20}));
    runtime().block_on(async {
        let mut idle = Vec::new();
        for _ in 0..60 {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port)).await.expect("a connection");
            stream.write_all(b"POST /key/generate HTTP/1.1\r\nhost").await.expect("the beginning of a head");
            idle.push(stream);
        }
        let asked = Instant::now();
        for _ in 0..5 {
            assert!(generates(server.port).await);
        }
        // an idle connection may stay for 20 seconds
        assert!(asked.elapsed() < Duration::from_secs(10));
        let mut ended = 0;
        for stream in &mut idle {
            let end = tokio::time::timeout(Duration::from_millis(20), stream.read(&mut [0; 16])).await;
            ended += usize::from(end.is_ok());
        }
        assert!(ended >= 40, "{ended}");
    });
}

#[cfg(target_os = "linux")]
#[test]
fn replies_that_are_not_read_take_no_more_memory_than_there_is_for_them() {
    /// Clients that read nothing.
    const DEAF: u32 = 300;
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path(), limits(dict! {"replies_in_flight_bytes" => 8 << 20}));
    runtime().block_on(async {
        let note = "n".repeat(60_000);
        for number in 0..50 {
            let body = format!(r#"{{"user_id":"u","metadata":{{"note":"{number}{note}"}}}}"#);
            assert_eq!(status(server.port, &Request::post("/key/generate", MASTER_KEY, body)).await, 200);
        }
        let list = "/user/info";
        let mut connection = Connection::open(server.port).await.expect("a connection");
        let reply = connection.send(&Request::get(list, MASTER_KEY)).await.expect("an answer");
        assert_eq!(reply.status, 200);
        let megabytes = reply.body.len() as f64 / f64::from(1 << 20);
        assert!(megabytes > 0.5, "{megabytes} MB are no large reply");
        // what the instances of the module take stays theirs
        let port = server.port;
        for _ in 0..3 {
            let readers = (0..8)
                .map(|_| tokio::spawn(async move { status(port, &Request::get(list, MASTER_KEY)).await }));
            for reader in readers.collect::<Vec<_>>() {
                assert!(matches!(reader.await.expect("an answer"), 200 | 503));
            }
        }
        let before = resident(&server);
        let mut deaf = Vec::new();
        let request = format!("GET {list} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {MASTER_KEY}\r\n\r\n");
        for _ in 0..DEAF {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port)).await.expect("a connection");
            stream.write_all(request.as_bytes()).await.expect("a request");
            deaf.push(stream);
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        let grown = resident(&server) - before;
        println!("{grown} MB for {DEAF} replies of {megabytes} MB");
        assert!(grown < f64::from(DEAF) * megabytes * 0.4, "{grown} MB for {DEAF} replies of {megabytes} MB");
        // a client that reads gets the reply, because those that do not are cut off
        let reply = connection.send(&Request::get(list, MASTER_KEY)).await.expect("an answer");
        assert!(matches!(reply.status, 200 | 503), "{}", reply.status);
        assert!(generates(server.port).await);
    });
}

/// Milliseconds of the median and of the longest of some requests.
async fn times(port: u16, request: &Request, count: usize) -> (f64, f64) {
    let mut connection = Connection::open(port).await.expect("a connection");
    let mut times = Vec::new();
    for _ in 0..count {
        let began = Instant::now();
        let status = connection.send(request).await.expect("an answer").status;
        assert_eq!(status, 200);
        times.push(began.elapsed().as_secs_f64() * 1e3);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() - 1])
}

#[test]
fn two_connections_with_the_heaviest_requests_make_no_other_wait_for_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path(), dict! {});
    let runtime = runtime();
    let models = |turn: usize| {
        let names: Vec<String> =
            (0..9_900).map(|number| format!("\"{:0>90}\"", (number * 7 + turn) % 9_900)).collect();
        names.join(",")
    };
    runtime.block_on(async {
        let mut connection = Connection::open(server.port).await.expect("a connection");
        let mut made = async |path: &str, key: &str, body: String| {
            let reply = connection.send(&Request::post(path, key, body)).await.expect("an answer");
            let reply = read(&reply.body, &Limits::STORED).expect("JSON");
            reply.get("key").and_then(Json::as_str).map(str::to_owned)
        };
        let user = made("/user/new", MASTER_KEY, r#"{"user_id":"u"}"#.to_owned()).await.expect("a key");
        let own = made("/key/generate", &user, "{}".to_owned()).await.expect("a key");
        let health = Request::get("/health/readiness", "");
        let info = Request::get("/key/info", &user);
        let calm = [times(server.port, &health, 100).await.0, times(server.port, &info, 100).await.0];
        let heavy = |turn: usize| {
            let body = format!(r#"{{"key":"{own}","models":[{}]}}"#, models(turn));
            Request::post("/key/update", &user, body)
        };
        // how long one of them takes by itself
        let mut alone = Vec::new();
        for turn in 0..3 {
            let began = Instant::now();
            let mut connection = Connection::open(server.port).await.expect("a connection");
            connection.send(&heavy(turn)).await.expect("an answer");
            alone.push(began.elapsed().as_secs_f64() * 1e3);
        }
        alone.sort_by(f64::total_cmp);
        let attackers: Vec<_> = (0..2)
            .map(|number| {
                let requests = [heavy(number), heavy(number + 100)];
                let port = server.port;
                tokio::spawn(async move {
                    let mut connection = Connection::open(port).await.expect("a connection");
                    loop {
                        for request in &requests {
                            connection.send(request).await.expect("an answer");
                        }
                    }
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
        for (name, request, calm) in [("health", &health, calm[0]), ("info", &info, calm[1])] {
            let (median, longest) = times(server.port, request, 100).await;
            let one = alone[1];
            assert!(
                median < (calm * 8.0).max(one / 20.0),
                "{name}: {median} ms beside heavy requests of {one} ms, {calm} ms without them, {longest} ms at most"
            );
        }
        attackers.iter().for_each(tokio::task::JoinHandle::abort);
    });
}
