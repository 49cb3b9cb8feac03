//! The real binary under load, beside a bare handler, and what it takes to start and to idle.

use crate::{Line, median};
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::decision::settings;
use latchkey_tests::implementation::{Connection, Request, Server};
use latchkey_tests::scenario::MASTER_KEY;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

pub(crate) const CONNECTIONS: usize = 64;
pub(crate) const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);

/// What one round of one request gave.
pub(crate) struct Load {
    per_second: f64,
    p50: f64,
    p99: f64,
}

/// A process that is ended when it is no longer needed.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // it is gone already if this fails
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn lines() -> Result<Vec<Line>, String> {
    let text = |error: std::io::Error| error.to_string();
    let folder = tempfile::tempdir().map_err(text)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(text)?;
    let server = Server::start(folder.path(), &settings())?;
    let idle = resident_megabytes(server.id());

    let (target, bytes) = runtime.block_on(known_key(server.port))?;
    let file = folder.path().join("answer");
    std::fs::write(&file, &bytes).map_err(text)?;
    let own = std::env::current_exe().map_err(text)?;
    let bare = Command::new(own).arg("bare").arg(&file).stdout(Stdio::piped()).spawn().map_err(text)?;
    let mut bare = Ended(bare);
    let bare_port = printed_port(&mut bare.0)?;

    let info = message("GET", &target, MASTER_KEY, b"");
    let generate = message(
        "POST",
        "/key/generate",
        MASTER_KEY,
        br#"{"duration":"7d","max_budget":10,"metadata":{"service":"search"}}"#,
    );
    let (mut bares, mut infos, mut generates) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bares.push(load(&runtime, &[bare_port], &info)?);
        infos.push(load(&runtime, &[server.port], &info)?);
        generates.push(load(&runtime, &[server.port], &generate)?);
    }
    let ratios = infos.iter().zip(&bares).map(|(info, bare)| info.per_second / bare.per_second).collect();
    drop(server);
    Ok(vec![
        (
            format!("SQLite, `POST /key/generate`, durable, {CONNECTIONS} connections"),
            shown(&generates),
            "≥ 5,000/s",
        ),
        (format!("SQLite, `GET /key/info` by the master key, {CONNECTIONS} connections"), shown(&infos), ""),
        ("bare axum handler, same bytes".to_owned(), shown(&bares), ""),
        ("`GET /key/info` ÷ bare handler".to_owned(), format!("{:.2}", median(ratios)), "≥ 0.6"),
        ("start to first answer, existing database".to_owned(), start(folder.path())?, "≤ 100 ms"),
        ("memory of the idle host".to_owned(), format!("{idle:.0} MB"), "≤ 60 MB"),
    ])
}

pub(crate) fn shown(rounds: &[Load]) -> String {
    let middle = |part: fn(&Load) -> f64| median(rounds.iter().map(part).collect());
    let (per_second, p50, p99) =
        (middle(|load| load.per_second), middle(|load| load.p50), middle(|load| load.p99));
    format!("{per_second:.0}/s, p50 {p50:.1} ms, p99 {p99:.1} ms")
}

/// The target of a `/key/info` for a fresh key, and the bytes of its answer.
pub(crate) async fn known_key(port: u16) -> Result<(String, Vec<u8>), String> {
    let mut connection = Connection::open(port).await?;
    let made = connection.send(&Request::post("/key/generate", MASTER_KEY, "{}")).await?;
    let answer = read(&made.body, &Limits::STORED).map_err(|error| error.to_string())?;
    let key = answer.get("key").and_then(Json::as_str).ok_or("no key")?;
    let target = format!("/key/info?key={key}");
    let info = connection.send(&Request::get(&target, MASTER_KEY)).await?;
    if info.status == 200 { Ok((target, info.body)) } else { Err("no info".to_owned()) }
}

pub(crate) fn message(method: &str, target: &str, key: &str, body: &[u8]) -> Arc<Vec<u8>> {
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    Arc::new([head.as_bytes(), body].concat())
}

/// One round of the same request on all connections, spread over the ports.
pub(crate) fn load(runtime: &Runtime, ports: &[u16], message: &Arc<Vec<u8>>) -> Result<Load, String> {
    runtime.block_on(async {
        let end = Instant::now() + ROUND;
        let clients: Vec<_> = ports
            .iter()
            .cycle()
            .take(CONNECTIONS)
            .map(|port| tokio::spawn(client(*port, Arc::clone(message), end)))
            .collect();
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.await.map_err(|error| error.to_string())??);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
        Ok(Load { per_second: times.len() as f64 / ROUND.as_secs_f64(), p50: at(0.5), p99: at(0.99) })
    })
}

/// Sends the message again and again; gives the milliseconds of each answer.
async fn client(port: u16, message: Arc<Vec<u8>>, end: Instant) -> Result<Vec<f64>, String> {
    let text = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(text)?;
    stream.set_nodelay(true).map_err(text)?;
    let mut times = Vec::new();
    let mut buffer = Vec::with_capacity(16 << 10);
    while Instant::now() < end {
        let started = Instant::now();
        stream.write_all(&message).await.map_err(text)?;
        buffer.clear();
        while !is_whole(&buffer)? {
            if stream.read_buf(&mut buffer).await.map_err(text)? == 0 {
                return Err("the server hung up".to_owned());
            }
        }
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(times)
}

/// Whether the answer is there to its last byte; an answer other than 200 ends the run.
fn is_whole(buffer: &[u8]) -> Result<bool, String> {
    let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(false) };
    let text = String::from_utf8_lossy(buffer.get(..head).unwrap_or_default()).to_lowercase();
    if !text.starts_with("http/1.1 200") {
        return Err(format!("answer other than 200: {}", String::from_utf8_lossy(buffer)));
    }
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    Ok(buffer.len() >= head + 4 + length.ok_or("an answer without a length")?)
}

/// Median milliseconds from the start of the process to its first answer, on the database that is there.
fn start(folder: &Path) -> Result<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let mut times = Vec::new();
    for _ in 0..7 {
        let started = Instant::now();
        let server = Server::start(folder, &settings())?;
        let answer = runtime.block_on(async {
            Connection::open(server.port).await?.send(&Request::get("/health/readiness", MASTER_KEY)).await
        })?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        if answer.status != 200 {
            return Err(format!("not ready: {}", answer.status));
        }
    }
    Ok(format!("{:.0} ms", median(times)))
}

fn printed_port(process: &mut Child) -> Result<u16, String> {
    let mut line = String::new();
    let out = process.stdout.take().ok_or("no standard output")?;
    BufReader::new(out).read_line(&mut line).map_err(|error| error.to_string())?;
    line.trim().parse().map_err(|_| "the bare server did not start".to_owned())
}

/// What the process holds in memory, where the system tells.
fn resident_megabytes(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}
