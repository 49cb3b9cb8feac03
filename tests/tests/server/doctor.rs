//! `latchkey doctor` on a file.

use latchkey_contract::dict;
use latchkey_tests::implementation::{Connection, Request, Server, binary};
use latchkey_tests::postgres;
use latchkey_tests::scenario::MASTER_KEY;
use std::path::Path;
use std::process::{Command, Output};

fn doctor(file: &Path) -> Output {
    let mut doctor = Command::new(binary().expect("the binary"));
    doctor.arg("doctor").arg("--db").arg(file).output().expect("it looks")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn doctor_looks_at_a_file_and_changes_no_byte_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}};
    let server = Server::start(folder.path(), &settings).expect("the server starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut connection = Connection::open(server.port).await.expect("a connection");
        for body in [r#"{"user_id":"nobody"}"#, "{}"] {
            let request = Request::post("/key/generate", MASTER_KEY, body);
            assert_eq!(connection.send(&request).await.expect("an answer").status, 200);
        }
    });
    drop(server);
    let file = folder.path().join("latchkey.db");
    let before = std::fs::read(&file).expect("the file");
    let said = doctor(&file);
    assert_eq!(std::fs::read(&file).expect("the file"), before);
    let report = text(&said.stdout);
    for words in
        ["a start would make nothing", "2 rows in `LiteLLM_VerificationToken`", "user_unknown", ": `nobody`"]
    {
        assert!(report.contains(words), "`{words}` is not in:\n{report}");
    }
    assert_eq!(said.status.code(), Some(0), "{}", text(&said.stderr));
}

#[test]
fn doctor_makes_no_file_where_none_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("missing.db");
    let said = doctor(&file);
    assert_eq!(said.status.code(), Some(2));
    assert!(text(&said.stderr).contains("missing.db"), "{}", text(&said.stderr));
    assert!(!file.exists());
}

/// `latchkey` with these arguments on a database of the tests' cluster.
fn on_server(arguments: &[&str], url: &str) -> Output {
    let mut latchkey = Command::new(binary().expect("the binary"));
    latchkey.args(arguments).args(["--db", url]).output().expect("it ends")
}

#[test]
fn doctor_says_why_no_host_could_start_on_a_server() {
    let Some(cluster) = postgres::shared() else { return };
    let sql = |database: &str, statements: &str| cluster.sql(database, statements).expect("it is done");
    let name = cluster.database("template0").expect("a database");
    sql(&name, "CREATE ROLE reader LOGIN; CREATE ROLE sleeper LOGIN SUPERUSER");
    sql(&name, "ALTER ROLE sleeper SET default_transaction_read_only = on");
    sql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    let by = |role: &str, database: &str| cluster.url(database).replace("postgres@", &format!("{role}@"));
    let told = |url: &str, words: &[&str]| {
        let said = on_server(&["doctor"], url);
        let report = text(&said.stdout);
        assert_eq!(said.status.code(), Some(i32::from(!words.is_empty())), "{report}{}", text(&said.stderr));
        for words in words {
            assert!(report.contains(words), "`{words}` is not in:\n{report}");
        }
    };
    told(&cluster.url(&name), &[]);
    told(
        &by("reader", &name),
        &["it needs CREATE on the database", "may not make tables in the schema `public`"],
    );
    told(&by("sleeper", &name), &["default_transaction_read_only"]);
    told(&cluster.url("latin"), &["encoding is LATIN1"]);
    // the tables are there, and their owner is another role
    let folder = tempfile::tempdir().expect("a folder");
    let settings = dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}};
    let url = cluster.url(&name);
    drop(Server::start_on(folder.path(), &settings, url.as_ref()).expect("the server starts"));
    told(
        &by("reader", &name),
        &["may not SELECT, INSERT, UPDATE, DELETE rows of `LiteLLM_VerificationToken`"],
    );
    sql(&name, "GRANT USAGE ON SCHEMA latchkey TO reader");
    sql(&name, "GRANT SELECT ON ALL TABLES IN SCHEMA public, latchkey TO reader");
    told(&by("reader", &name), &["may not INSERT, UPDATE, DELETE rows of `latchkey_meta`"]);
}

#[test]
fn a_start_says_what_failed_first() {
    let Some(cluster) = postgres::shared() else { return };
    let name = cluster.database("template0").expect("a database");
    cluster.sql(&name, "CREATE ROLE nobody_special LOGIN").expect("a role");
    let said = on_server(&["--port", "0"], &cluster.url(&name).replace("postgres@", "nobody_special@"));
    let said = text(&said.stderr);
    assert!(said.contains("permission denied") && !said.contains("aborted"), "{said}");
}
