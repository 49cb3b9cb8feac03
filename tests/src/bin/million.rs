//! How answers slow down with the number of keys: `tests/million`. Two servers, one with a thousand keys and one with a
//! million, are asked in turns, so that a busy machine slows both.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Server};
use latchkey_tests::scenario::MASTER_KEY;
use rusqlite::{Connection as Database, params};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use tokio::runtime::Runtime;

/// Keys of the small server.
const FEW: u64 = 1_000;

/// Keys of the large server, unless another number is asked for.
const MANY: u64 = 1_000_000;

/// Requests of each kind to each server; some before do not count.
const REQUESTS: usize = 200;
const WARM: usize = 20;

/// One of the two servers.
struct Side {
    server: Server,
    keys: u64,
    /// A key that is there.
    known: String,
    _folder: tempfile::TempDir,
}

fn main() -> ExitCode {
    let many = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(MANY);
    match run(many) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(many: u64) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(text)?;
    let few = Side::start(&runtime, FEW)?;
    let many = Side::start(&runtime, many)?;
    println!(
        "| p50, one connection | {} keys | {} keys | ratio | bar |\n|---|---|---|---|---|",
        FEW, many.keys
    );
    for (name, request) in [
        ("`GET /key/list?size=100`", (|_| get("/key/list?size=100")) as fn(&Side) -> Request),
        ("`GET /key/info`", |side| get(&format!("/key/info?key={}", side.known))),
        ("`POST /key/generate`", |_| Request::post("/key/generate", MASTER_KEY, "{}")),
    ] {
        let (small, large) = runtime.block_on(in_turns(&few, &many, request))?;
        println!("| {name} | {small:.2} ms | {large:.2} ms | {:.2} | ≤ 1.5 |", large / small);
    }
    let pages = many.keys / 100;
    let page = pages * 9 / 10;
    let deep = runtime.block_on(times(&many, &get(&format!("/key/list?size=100&page={page}")), REQUESTS))?;
    let middle =
        runtime.block_on(times(&many, &get(&format!("/key/list?size=100&page={}", pages / 2)), WARM))?;
    println!("| page {page} of {pages} | | {:.2} ms | | ≤ 50 ms |", median(deep));
    println!("| page {} of {pages}, the slowest | | {:.2} ms | | |", pages / 2, median(middle));
    Ok(())
}

fn get(target: &str) -> Request {
    Request::get(target, MASTER_KEY)
}

/// The medians of both sides in milliseconds.
async fn in_turns(few: &Side, many: &Side, request: fn(&Side) -> Request) -> Result<(f64, f64), String> {
    let (mut small, mut large) = (Vec::new(), Vec::new());
    for (side, out) in [(few, &mut small), (many, &mut large)] {
        out.reserve(REQUESTS);
        times(side, &request(side), WARM).await?;
    }
    for _ in 0..REQUESTS / 10 {
        small.extend(times(few, &request(few), 10).await?);
        large.extend(times(many, &request(many), 10).await?);
    }
    Ok((median(small), median(large)))
}

/// How long each of `number` requests took, in milliseconds.
async fn times(side: &Side, request: &Request, number: usize) -> Result<Vec<f64>, String> {
    let mut connection = Connection::open(side.server.port).await?;
    let mut times = Vec::with_capacity(number);
    for _ in 0..number {
        let start = Instant::now();
        let response = connection.send(request).await?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        if response.status != 200 {
            return Err(format!("{}: {}", request.target, String::from_utf8_lossy(&response.body)));
        }
    }
    Ok(times)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

impl Side {
    /// A server whose database holds so many keys.
    fn start(runtime: &Runtime, keys: u64) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let settings = dict! { "general_settings" => dict! { "master_key" => MASTER_KEY } };
        let mut server = Server::start(folder.path(), &settings)?;
        let known = runtime.block_on(generate(&server))?;
        server.kill();
        fill(&folder.path().join("latchkey.db"), keys - 1).map_err(|error| error.to_string())?;
        let server = Server::start(folder.path(), &settings)?;
        Ok(Self { server, keys, known, _folder: folder })
    }
}

async fn generate(server: &Server) -> Result<String, String> {
    let mut connection = Connection::open(server.port).await?;
    let request = Request::post("/key/generate", MASTER_KEY, r#"{"user_id":"u","team_id":null}"#);
    let made = connection.send(&request).await?;
    let answer = read(&made.body, &Limits::STORED).map_err(|error| error.to_string())?;
    let key = answer.get("key").and_then(Json::as_str);
    key.map(str::to_owned).ok_or_else(|| format!("no key: {}", String::from_utf8_lossy(&made.body)))
}

/// Copies the one key so many times, each with a token, an alias and a moment of its own.
fn fill(path: &Path, copies: u64) -> rusqlite::Result<()> {
    let database = Database::open(path)?;
    database.pragma_update(None, "synchronous", "OFF")?;
    let table = "\"LiteLLM_VerificationToken\"";
    let columns: Vec<String> = database
        .prepare("SELECT name FROM pragma_table_info('LiteLLM_VerificationToken')")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let values: Vec<String> = columns
        .iter()
        .map(|column| match column.as_str() {
            "token" => "lower(hex(randomblob(32)))".to_owned(),
            "key_alias" => "'alias-' || n".to_owned(),
            "user_id" => "'user-' || (n % 1000)".to_owned(),
            "created_at" | "updated_at" => format!("\"{column}\" - (?1 - n) * 10"),
            _ => format!("\"{column}\""),
        })
        .collect();
    let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let sql = format!(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1) \
         INSERT INTO {table} ({}) SELECT {} FROM (SELECT * FROM {table} LIMIT 1), numbers",
        names.join(", "),
        values.join(", ")
    );
    database.execute(&sql, params![i64::try_from(copies).unwrap_or(i64::MAX)])?;
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}
