//! How removals and pages depend on how many keys there are and on how large they are: `tests/million`. One server has keys
//! with small rows and one has keys with the largest; both are asked in turns, so that a busy machine slows both.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Server};
use latchkey_tests::scenario::{MASTER_KEY, dumps};
use rusqlite::{Connection as Database, params};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use tokio::runtime::Runtime;

/// Users that are removed, by how many keys they have, and how many of them there are.
const USERS: [(u32, u32); 3] = [(1, 9), (1_000, 5), (100_000, 1)];

/// So many keys only with small rows: the others would take many gigabytes.
const FEW: u32 = 1_000;

/// Bytes of each document of a large row: two are the most that a row may hold.
const LARGE: usize = 65_000;

/// Requests for each page.
const REQUESTS: usize = 60;

const KEYS: &str = "\"LiteLLM_VerificationToken\"";

struct Side {
    server: Server,
    _folder: tempfile::TempDir,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(text)?;
    let small = Side::start(&runtime, None)?;
    let large = Side::start(&runtime, Some(LARGE))?;
    println!("| p50, one connection | small rows | the largest rows | ratio | bar |\n|---|---|---|---|---|");
    let last =
        USERS.iter().filter(|(keys, _)| *keys <= FEW).map(|(keys, users)| keys * users).sum::<u32>() / 100;
    for (name, target) in [
        ("`GET /key/list?size=100`", "/key/list?size=100".to_owned()),
        ("the last page", format!("/key/list?size=100&page={last}")),
        ("the first page with `return_full_object`", "/key/list?size=100&return_full_object=true".to_owned()),
        ("the last", format!("/key/list?size=100&return_full_object=true&page={last}")),
        ("`GET /user/info` of 1,000 keys", "/user/info?user_id=u-1000-0".to_owned()),
        ("`GET /team/info` of 1,000 keys", "/team/info?team_id=t-1000-0".to_owned()),
        ("`GET /team/list`", "/team/list".to_owned()),
    ] {
        let request = Request::get(&target, MASTER_KEY);
        let (mut one, mut other) = (Vec::new(), Vec::new());
        for _ in 0..REQUESTS / 10 {
            one.extend(runtime.block_on(times(&small, &vec![request.clone(); 10]))?);
            other.extend(runtime.block_on(times(&large, &vec![request.clone(); 10]))?);
        }
        shown(name, median(one), Some(median(other)));
    }
    for (keys, users) in USERS {
        let requests: Vec<Request> = (0..users)
            .map(|user| {
                let body = dict! { "user_ids" => vec![Json::from(format!("u-{keys}-{user}"))] };
                Request::post("/user/delete", MASTER_KEY, dumps(&body))
            })
            .collect();
        let one = median(runtime.block_on(times(&small, &requests))?);
        let other = match keys {
            ..=FEW => Some(median(runtime.block_on(times(&large, &requests))?)),
            _ => None,
        };
        shown(&format!("`POST /user/delete` of a user with {keys} keys"), one, other);
    }
    Ok(())
}

fn shown(name: &str, small: f64, large: Option<f64>) {
    match large {
        Some(large) => println!("| {name} | {small:.2} ms | {large:.2} ms | {:.2} | ≤ 3 |", large / small),
        None => println!("| {name} | {small:.2} ms | | | |"),
    }
}

/// How long each request took, in milliseconds.
async fn times(side: &Side, requests: &[Request]) -> Result<Vec<f64>, String> {
    let mut connection = Connection::open(side.server.port).await?;
    let mut times = Vec::with_capacity(requests.len());
    for request in requests {
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
    /// A server with users, each in a team of its own, and their keys.
    fn start(runtime: &Runtime, large: Option<usize>) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let settings = dict! { "general_settings" => dict! { "master_key" => MASTER_KEY } };
        let mut server = Server::start(folder.path(), &settings)?;
        runtime.block_on(prepare(&server, large))?;
        server.kill();
        fill(&folder.path().join("latchkey.db"), large).map_err(|error| error.to_string())?;
        let server = Server::start(folder.path(), &settings)?;
        Ok(Self { server, _folder: folder })
    }
}

fn sizes(large: Option<usize>) -> impl Iterator<Item = (u32, u32)> {
    USERS.into_iter().filter(move |(keys, _)| large.is_none() || *keys <= FEW)
}

async fn prepare(server: &Server, large: Option<usize>) -> Result<(), String> {
    let mut connection = Connection::open(server.port).await?;
    let mut post = async |path: &str, body: Json| {
        let response = connection.send(&Request::post(path, MASTER_KEY, dumps(&body))).await?;
        let reply = read(&response.body, &Limits::STORED).map_err(|error| error.to_string())?;
        if response.status == 200 { Ok(reply) } else { Err(format!("{path}: {reply:?}")) }
    };
    for (keys, users) in sizes(large) {
        for user in 0..users {
            let (user_id, team_id) = (format!("u-{keys}-{user}"), format!("t-{keys}-{user}"));
            let new = dict! { "user_id" => user_id.clone(), "auto_create_key" => false };
            post("/user/new", new).await?;
            let members = vec![dict! { "user_id" => user_id, "role" => "user" }];
            post("/team/new", dict! { "team_id" => team_id, "members_with_roles" => members }).await?;
        }
    }
    post("/key/generate", Json::empty_dict()).await.map(drop)
}

/// Copies the one key for each of the users, with documents of this size.
fn fill(path: &Path, large: Option<usize>) -> rusqlite::Result<()> {
    let database = Database::open(path)?;
    database.pragma_update(None, "synchronous", "OFF")?;
    let columns: Vec<String> = database
        .prepare("SELECT name FROM pragma_table_info('LiteLLM_VerificationToken')")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let documents = ["metadata", "config"];
    let values: Vec<String> = columns
        .iter()
        .map(|column| match column.as_str() {
            "token" => "lower(hex(randomblob(32)))".to_owned(),
            "user_id" => "'u-' || ?1 || '-' || ?2".to_owned(),
            "team_id" => "'t-' || ?1 || '-' || ?2".to_owned(),
            "created_at" => "\"created_at\" + n".to_owned(),
            name if documents.contains(&name) => {
                "iif(?3 = 0, '{}', '{\"m\":\"' || lower(hex(randomblob(?3 / 2))) || '\"}')".to_owned()
            }
            _ => format!("\"{column}\""),
        })
        .collect();
    let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let one: String = database.query_row(&format!("SELECT \"token\" FROM {KEYS}"), [], |row| row.get(0))?;
    let sql = format!(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1) \
         INSERT INTO {KEYS} ({}) SELECT {} FROM (SELECT * FROM {KEYS} WHERE \"token\" = ?4), numbers",
        names.join(", "),
        values.join(", ")
    );
    for (keys, users) in sizes(large) {
        for user in 0..users {
            database.execute(
                &sql,
                params![keys, user, i64::try_from(large.unwrap_or_default()).unwrap_or_default(), one],
            )?;
        }
    }
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}
