//! `latchkey migrate-store`, from the outside: real hosts before and after.
#![cfg(feature = "server")]

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::tables::SCHEMAS;
use latchkey_contract::tables::{Table, VirtualKey};
use latchkey_tests::implementation::{Connection, Request, Server, binary};
use latchkey_tests::postgres::{Cluster, shared};
use latchkey_tests::scenario::MASTER_KEY;
use rusqlite::Connection as File;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use tokio::runtime::Runtime;

const KEYS: &str = VirtualKey::NAME;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn settings() -> Json {
    let audited = dict! {"store_audit_logs" => true};
    dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}, "litellm_settings" => audited}
}

fn migration(from: impl AsRef<OsStr>, to: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(binary().expect("the binary"));
    command.arg("migrate-store").arg("--from").arg(from).arg("--to").arg(to);
    // the tables of release 1.60.8 keep nothing of deleted keys
    command.arg("--without").arg("LiteLLM_DeletedVerificationToken");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn migrate(from: impl AsRef<OsStr>, to: impl AsRef<OsStr>) -> Output {
    migration(from, to).output().expect("the migration runs")
}

/// What a migration that must succeed says.
fn migrated(from: impl AsRef<OsStr>, to: impl AsRef<OsStr>) -> String {
    let done = migrate(from, to);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("text")
}

/// Why a migration that must fail does.
fn refused(from: impl AsRef<OsStr>, to: impl AsRef<OsStr>) -> String {
    let done = migrate(from, to);
    assert!(!done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    String::from_utf8(done.stderr).expect("text")
}

/// The lines that name a table, with its number of rows and its digest.
fn tables(said: &str) -> Vec<&str> {
    said.lines().filter(|line| line.contains(" digest ")).collect()
}

struct Client {
    runtime: Runtime,
    connection: Connection,
}

impl Client {
    fn of(server: &Server) -> Self {
        let runtime = runtime();
        let connection = runtime.block_on(Connection::open(server.port)).expect("a connection");
        Self { runtime, connection }
    }

    fn send(&mut self, request: &Request) -> (u16, Json) {
        let response = self.runtime.block_on(self.connection.send(request)).expect("an answer");
        (response.status, read(&response.body, &Limits::STORED).expect("JSON"))
    }

    fn post(&mut self, path: &str, body: &str) -> Json {
        let (status, answer) = self.send(&Request::post(path, MASTER_KEY, body));
        assert_eq!(status, 200, "{path}: {answer:?}");
        answer
    }

    fn key(&mut self, body: &str) -> String {
        self.post("/key/generate", body).get("key").and_then(Json::as_str).expect("a key").to_owned()
    }
}

/// Keys by what they were made for, in a store with rows in every table.
fn fill(client: &mut Client) -> Vec<String> {
    client.post(
        "/team/new",
        r#"{"team_id":"t1","team_alias":"Team","model_aliases":{"a":"b"},"models":["gpt-4"]}"#,
    );
    client.post("/user/new", r#"{"user_id":"u1","user_email":"u1@example.com","auto_create_key":false}"#);
    let member = r#"{"team_id":"t1","member":{"role":"admin","user_id":"u1"},"max_budget_in_team":5}"#;
    client.post("/team/member_add", member);
    client.post("/budget/new", r#"{"budget_id":"b1","max_budget":12.5}"#);
    let mut keys = vec![
        client.key(r#"{"key_alias":"plain","duration":"30d","max_budget":0.1,"tags":["x"]}"#),
        client.key(r#"{"team_id":"t1","user_id":"u1","models":["gpt-4"],"budget_id":"b1"}"#),
        client.key(r#"{"metadata":{"z":{"b":1.50,"a":12345678901234567890},"ä":"\ud83d\ude00\\","l":[]}}"#),
    ];
    let former = client.key(r#"{"key_alias":"regenerated"}"#);
    let path = format!("/key/{former}/regenerate");
    let again = client.post(&path, r#"{"grace_period":"1d"}"#);
    keys.push(again.get("key").and_then(Json::as_str).expect("a key").to_owned());
    keys.push(former);
    let gone = client.key("{}");
    client.post("/key/delete", &format!(r#"{{"keys":["{gone}"]}}"#));
    let blocked = client.key(r#"{"key_alias":"blocked"}"#);
    client.post("/key/block", &format!(r#"{{"key":"{blocked}"}}"#));
    keys.push(blocked);
    keys
}

/// Takes out what a store with the tables of LiteLLM 1.60.8 has no place for, and does not show.
fn without_optional(shown: &mut serde_json::Value) {
    match shown {
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_optional),
        serde_json::Value::Object(members) => {
            let is_optional = |name: &str| {
                let mut columns = SCHEMAS.iter().flat_map(|table| table.columns);
                columns.any(|column| column.name == name && column.optional)
            };
            members.retain(|name, _| {
                !["object_permission", "status"].contains(&name.as_str()) && !is_optional(name)
            });
            members.values_mut().for_each(without_optional);
        }
        _ => {}
    }
}

/// What each key is told about itself, and the log of all changes.
fn seen(client: &mut Client, keys: &[String]) -> Vec<(u16, serde_json::Value)> {
    let plain = |(status, answer): (u16, Json)| {
        let text = latchkey_contract::json::write(&answer);
        let mut shown = serde_json::from_str(&text).expect("JSON");
        without_optional(&mut shown);
        (status, shown)
    };
    let mut out: Vec<_> = keys
        .iter()
        .map(|key| plain(client.send(&Request::get(&format!("/key/info?key={key}"), key))))
        .collect();
    for target in ["/audit?size=100", "/team/list", "/key/list?size=100", "/user/info?user_id=u1"] {
        out.push(plain(client.send(&Request::get(target, MASTER_KEY))));
    }
    out
}

/// A file that a host has filled, and what its keys saw.
fn filled(folder: &Path) -> (Vec<String>, Vec<(u16, serde_json::Value)>) {
    let server = Server::start(folder, &settings()).expect("the host starts");
    let mut client = Client::of(&server);
    let keys = fill(&mut client);
    let seen = seen(&mut client, &keys);
    (keys, seen)
}

#[test]
fn a_file_moves_to_postgresql_and_back_and_every_key_sees_the_same() {
    let Some(cluster) = shared() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (keys, before) = filled(folder.path());
    let statuses: Vec<u16> = before.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 401, 200, 200, 200, 200]);

    let file = folder.path().join("latchkey.db");
    let database = cluster.database("template0").expect("a database");
    let url = cluster.url(&database);
    let there = migrated(&file, &url);
    assert_eq!(tables(&there).len(), 14, "{there}");
    assert!(there.contains("LiteLLM_DeletedVerificationToken left behind"), "{there}");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let server = Server::start_on(elsewhere.path(), &settings(), OsStr::new(&url)).expect("the host starts");
    assert_eq!(seen(&mut Client::of(&server), &keys), before);
    drop(server);
    assert!(migrated(&file, &url).contains("holds the rows of"), "a second run finds nothing to do");

    let back = elsewhere.path().join("back.db");
    let here = migrated(&url, &back);
    // of keys, notes stay behind that the server has no place for, and of deleted ones everything
    let alike = |said: &str| {
        let lines = tables(said).into_iter();
        let is_whole = |line: &&str| {
            ![KEYS, "LiteLLM_DeletedVerificationToken"].iter().any(|name| line.starts_with(name))
        };
        lines.filter(is_whole).map(ToOwned::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(alike(&here), alike(&there));
    let server = Server::start_on(elsewhere.path(), &settings(), back.as_os_str()).expect("the host starts");
    assert_eq!(seen(&mut Client::of(&server), &keys), before);
    let mut client = Client::of(&server);
    let (status, _) = client.send(&Request::post("/key/generate", MASTER_KEY, r#"{"key_alias":"plain"}"#));
    assert_eq!(status, 400, "aliases stay unique");
}

#[test]
fn the_master_key_of_the_first_start_moves_along() {
    let Some(cluster) = shared() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let none = dict! {"general_settings" => dict! {}};
    let server = Server::start(folder.path(), &none).expect("the host starts");
    let said = || std::fs::read_to_string(folder.path().join("said")).expect("what it said");
    let key = loop {
        if let Some(key) = said().split_whitespace().find(|word| word.starts_with("sk-")) {
            break key.to_owned();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let request = Request::post("/key/generate", &key, "{}");
    assert_eq!(Client::of(&server).send(&request).0, 200);
    drop(server);
    let database = cluster.database("template0").expect("a database");
    let url = cluster.url(&database);
    migrated(folder.path().join("latchkey.db"), &url);
    let server = Server::start_on(folder.path(), &none, OsStr::new(&url)).expect("the host starts");
    assert_eq!(Client::of(&server).send(&request).0, 200);
}

/// Adds `count` copies of the one key in a file.
fn multiply(file: &File, count: u32) {
    let columns: Vec<String> =
        VirtualKey::SCHEMA.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let values: Vec<String> = columns
        .iter()
        .map(|column| match column.as_str() {
            "\"token\"" => "printf('%064x', n.i)".to_owned(),
            "\"key_alias\"" => "'alias ' || n.i".to_owned(),
            other => format!("k.{other}"),
        })
        .collect();
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO \"{KEYS}\" ({}) SELECT {} FROM n, (SELECT * FROM \"{KEYS}\" LIMIT 1) AS k",
        columns.join(", "),
        values.join(", ")
    );
    file.execute_batch(&sql).expect("many keys");
}

/// A file with one key and its copies.
fn with_keys(folder: &Path, count: u32) -> File {
    let server = Server::start(folder, &settings()).expect("the host starts");
    Client::of(&server).key(r#"{"metadata":{"purpose":"copied"}}"#);
    drop(server);
    let file = File::open(folder.join("latchkey.db")).expect("the file");
    multiply(&file, count);
    file
}

fn number(cluster: &Cluster, database: &str) -> u64 {
    let counted = cluster.sql(database, &format!("SELECT count(*) FROM \"{KEYS}\""));
    counted.ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}

#[test]
fn a_migration_that_was_killed_goes_on_when_it_is_run_again() {
    let Some(cluster) = shared() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let count = 30_000;
    let file = with_keys(folder.path(), count);
    let path = folder.path().join("latchkey.db");
    let database = cluster.database("template0").expect("a database");
    let url = cluster.url(&database);
    let mut killed = migration(&path, &url).spawn().expect("the migration runs");
    while number(cluster, &database) == 0 {
        assert!(matches!(killed.try_wait(), Ok(None)), "it ends before it is killed");
        std::thread::sleep(Duration::from_millis(5));
    }
    killed.kill().expect("it is killed");
    killed.wait().expect("it is gone");
    let half = number(cluster, &database);
    assert!((1..u64::from(count)).contains(&half), "{half} keys");

    let started = Server::start_on(folder.path(), &settings(), OsStr::new(&url));
    assert!(started.expect_err("no host starts on a part").contains("has not finished"));
    let other = tempfile::tempdir().expect("a folder");
    with_keys(other.path(), 1);
    let why = refused(other.path().join("latchkey.db"), &url);
    assert!(why.contains("has not finished"), "{why}");

    let why = refused(&url, other.path().join("next.db"));
    assert!(why.contains("is itself unfinished"), "a part is no source: {why}");

    // what changed before it went on is repaired
    file.execute_batch(&format!("UPDATE \"{KEYS}\" SET spend = 7.5")).expect("a change");
    let said = migrated(&path, &url);
    assert!(said.contains(&format!("{} rows", count + 1)), "{said}");
    assert_eq!(number(cluster, &database), u64::from(count) + 1);
    let spent = cluster.sql(&database, &format!("SELECT DISTINCT spend FROM \"{KEYS}\"")).expect("spends");
    assert_eq!(spent, "7.5");
    println!("killed after {half} of {} keys, whole after the next run", count + 1);
}

#[test]
fn a_target_with_other_rows_is_refused_and_stays_as_it_is() {
    let Some(cluster) = shared() else { return };
    let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    with_keys(folder.path(), 3);
    with_keys(other.path(), 3);
    let database = cluster.database("template0").expect("a database");
    let url = cluster.url(&database);
    migrated(other.path().join("latchkey.db"), &url);
    let rows = format!(
        "SELECT md5(string_agg(r::text, ',' ORDER BY token)), (SELECT md5(string_agg(oid::text, ',' ORDER BY oid)) \
         FROM pg_class) FROM \"{KEYS}\" r"
    );
    // as a database of LiteLLM's is, on which no host has ever started
    cluster.sql(&database, "DROP SCHEMA latchkey CASCADE").expect("nothing of Latchkey's own");
    let before = cluster.sql(&database, &rows).expect("rows");
    let why = refused(folder.path().join("latchkey.db"), &url);
    assert!(why.contains("holds other rows"), "{why}");
    assert_eq!(cluster.sql(&database, &rows).expect("rows"), before);
}

#[test]
fn a_target_with_a_master_key_of_its_own_is_refused_and_hosts_go_on_starting_on_it() {
    let Some(cluster) = shared() else { return };
    let none = dict! {"general_settings" => dict! {}};
    let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let url = cluster.url(&cluster.database("template0").expect("a database"));
    let source = Server::start(folder.path(), &none).expect("the host starts");
    let target = Server::start_on(other.path(), &none, OsStr::new(&url)).expect("the host starts");
    let key = |folder: &Path| loop {
        let said = std::fs::read_to_string(folder.join("said")).expect("what it said");
        if let Some(key) = said.split_whitespace().find(|word| word.starts_with("sk-")) {
            break key.to_owned();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let (key, other_key) = (key(folder.path()), key(other.path()));
    assert_eq!(Client::of(&source).send(&Request::post("/key/generate", &key, "{}")).0, 200);
    let request = Request::get("/key/list", &other_key);
    assert_eq!(Client::of(&target).send(&request).0, 200);
    drop((source, target));
    let why = refused(folder.path().join("latchkey.db"), &url);
    assert!(why.contains("a master key of its own"), "{why}");
    let again = Server::start_on(other.path(), &none, OsStr::new(&url)).expect("the host starts again");
    assert_eq!(Client::of(&again).send(&request).0, 200);
}

#[test]
fn a_row_that_the_target_cannot_hold_is_named() {
    let Some(cluster) = shared() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = with_keys(folder.path(), 1200);
    let token = format!("{:064x}", 1000);
    let sql = format!("UPDATE \"{KEYS}\" SET key_alias = 'a' || char(0) || 'b' WHERE token = '{token}'");
    file.execute_batch(&sql).expect("text that PostgreSQL does not take");
    let database = cluster.database("template0").expect("a database");
    let why = refused(folder.path().join("latchkey.db"), cluster.url(&database));
    assert!(why.contains(&token) && why.contains(KEYS), "{why}");
}

#[test]
fn what_is_no_source_is_refused_and_nothing_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    assert!(refused(path("missing.db"), path("target.db")).contains("missing.db"));
    assert!(!path("missing.db").exists() && !path("target.db").exists());
    File::open(path("empty.db")).expect("a file").execute_batch("CREATE TABLE t (x)").expect("a table");
    assert!(refused(path("empty.db"), path("target.db")).contains("is it the right one"));
    with_keys(folder.path(), 1);
    assert!(refused(path("latchkey.db"), path("latchkey.db")).contains("the same"));
    assert!(!path("target.db").exists());
}

#[test]
fn a_value_that_the_target_has_no_room_for_is_not_lost_unnoticed() {
    let Some(cluster) = shared() else { return };
    let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let database = cluster.database("template0").expect("a database");
    let url = cluster.url(&database);
    let server = Server::start_on(folder.path(), &settings(), OsStr::new(&url)).expect("the host starts");
    fill(&mut Client::of(&server));
    drop(server);
    let sql = |statement: &str| cluster.sql(&database, statement).expect("a statement");
    sql(&format!(
        "ALTER TABLE \"{KEYS}\" ADD COLUMN allowed_routes TEXT[] DEFAULT '{{}}', ADD COLUMN future_limits JSONB, \
         ADD COLUMN future_limit BIGINT, ADD COLUMN future_count INTEGER DEFAULT 0"
    ));
    sql(&format!(
        "UPDATE \"{KEYS}\" SET allowed_routes = '{{info_routes}}', future_limits = '[1]', future_limit = 0 WHERE key_alias = 'plain'"
    ));
    sql("CREATE TABLE \"LiteLLM_Config\" AS SELECT 1 AS of_others; CREATE TABLE \"LiteLLM_Empty\" ()");
    let target = other.path().join("target.db");
    let why = refused(&url, &target);
    let place = format!("{KEYS}.future_limits");
    assert!(why.contains(&format!("`{place}` in 1 rows")) && !why.contains("allowed_routes"), "{why}");
    // a limit of nothing is a limit, a number that the table itself put there is none
    assert!(
        why.contains(&format!("`{KEYS}.future_limit` in 1 rows")) && !why.contains("future_count"),
        "{why}"
    );
    assert!(!target.exists(), "nothing is made");
    let without = format!("{place},{KEYS}.future_limit");
    let done = migration(&url, &target).args(["--without", &without]).output().expect("the migration runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(
        said.contains("left behind: the rows in `LiteLLM_Config`") && !said.contains("LiteLLM_Empty"),
        "{said}"
    );
    let file = File::open(&target).expect("the target");
    let routes = format!("SELECT \"allowed_routes\" FROM \"{KEYS}\" WHERE \"key_alias\" = 'plain'");
    let routes: String = file.query_row(&routes, [], |row| row.get(0)).expect("the key");
    assert_eq!(routes, r#"["info_routes"]"#);

    // to tables of an older release, which have no such column
    let url = cluster.url(&cluster.database("template0").expect("a database"));
    let why = refused(&target, &url);
    assert!(why.contains(&format!("`{KEYS}.allowed_routes` in 1 rows")), "{why}");
}

#[test]
fn a_file_of_the_last_release_is_brought_up_to_date_and_one_of_a_newer_one_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("latchkey.db");
    let first = include_str!("../../host/sql/sqlite/0001_latchkey.sql");
    let file = File::open(&path).expect("a file");
    file.execute_batch(first).expect("the tables of the last release");
    let key = "INSERT INTO \"LiteLLM_VerificationToken\" (\"token\", \"soft_budget_cooldown\", \"spend\", \"models\", \
               \"aliases\", \"config\", \"permissions\", \"metadata\", \"allowed_cache_controls\", \"model_spend\", \
               \"model_max_budget\") VALUES ('a', 0, 0.5, '[]', '{}', '{}', '{}', '{}', '[]', '{}', '{}')";
    file.execute_batch(key).expect("a key");
    let other = folder.path().join("copy.db");
    migrated(&path, &other);
    let server = Server::start(folder.path(), &settings()).expect("the host starts");
    let (status, _) = Client::of(&server).send(&Request::get("/key/list", MASTER_KEY));
    assert_eq!(status, 200);
    drop(server);
    let version: i64 = file.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("a version");
    let folder_of_sql = concat!(env!("CARGO_MANIFEST_DIR"), "/../host/sql/sqlite");
    let migrations = std::fs::read_dir(folder_of_sql).expect("the migrations").count();
    assert_eq!(version, migrations as i64);
    file.execute_batch("PRAGMA user_version = 99").expect("a newer release");
    let error = Server::start(folder.path(), &settings()).expect_err("it is of a newer release");
    assert!(error.contains("newer release of Latchkey"), "{error}");
    let why = refused(&path, folder.path().join("another.db"));
    assert!(why.contains("newer release of Latchkey"), "{why}");
}
