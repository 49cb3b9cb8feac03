//! `latchkey doctor` on a file.

use latchkey_core::dict;
use latchkey_tests::implementation::{Connection, Request, Server, binary};
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
