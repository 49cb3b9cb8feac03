//! What comes in broken is refused clearly, stores nothing, and leaves the server alive.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Response, Server};
use latchkey_tests::scenario::MASTER_KEY;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn settings() -> Json {
    dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}}
}

/// How many keys and budgets there are.
async fn stored(server: &Server) -> (Json, usize) {
    let listed = |body: &[u8]| read(body, &Limits::STORED).expect("a list is JSON");
    let keys = listed(&send(server, &Request::get("/key/list", MASTER_KEY)).await.body);
    let budgets = listed(&send(server, &Request::get("/budget/list", MASTER_KEY)).await.body);
    (keys.get("total_count").cloned().expect("a number of keys"), budgets.as_list().expect("a list").len())
}

async fn send(server: &Server, request: &Request) -> Response {
    let mut connection = Connection::open(server.port).await.expect("the server takes connections");
    connection.send(request).await.expect("the server answers")
}

/// Sends bytes as they are; gives the status and the text after the head.
async fn send_raw(server: &Server, message: &[u8]) -> (u16, String) {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", server.port)).await.expect("a connection");
    // the server may answer and hang up before it has read everything
    let _ = stream.write_all(message).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned()))
}

fn assert_clear(name: &str, response: &Response) {
    let shown = String::from_utf8_lossy(&response.body);
    let shown = shown.chars().take(300).collect::<String>();
    assert!((400..500).contains(&response.status), "{name}: {} {shown}", response.status);
    let body = read(&response.body, &Limits::STORED).unwrap_or(Json::Null);
    assert!(body.get("error").or_else(|| body.get("detail")).is_some(), "{name}: no error in {shown}");
}

/// Plays requests that must be refused on a server of the default profile.
fn refuse(cases: &[(String, Request)]) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(folder.path(), &settings()).expect("the server starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let before = stored(&server).await;
        for (name, request) in cases {
            assert_clear(name, &send(&server, request).await);
            assert_eq!(stored(&server).await, before, "{name} stored something");
        }
        let response = send(&server, &Request::post("/key/generate", MASTER_KEY, "{}")).await;
        assert_eq!(response.status, 200, "the server works no more");
    });
    assert!(server.is_alive());
}

/// Bodies for `/key/generate`.
fn refuse_bodies(bodies: Vec<(&str, Vec<u8>)>) {
    let case = |(name, body): (&str, Vec<u8>)| {
        let shown: String = String::from_utf8_lossy(&body).chars().take(60).collect();
        (format!("{name}: {shown}"), Request::post("/key/generate", MASTER_KEY, body))
    };
    refuse(&bodies.into_iter().map(case).collect::<Vec<_>>());
}

fn texts<'a>(name: &'a str, bodies: &[&str]) -> Vec<(&'a str, Vec<u8>)> {
    bodies.iter().map(|body| (name, body.as_bytes().to_vec())).collect()
}

#[test]
fn text_that_is_no_json_is_refused() {
    refuse_bodies(texts(
        "not json",
        &["{", "nope", "{\"a\":}", "{'a': 1}", "{} {}", "{\"a\":01}", "{\"key_alias\":\"a\nb\"}"],
    ));
}

#[test]
fn values_of_a_wrong_type_are_refused() {
    refuse_bodies(texts(
        "wrong type",
        &[
            "[]",
            "1",
            "\"x\"",
            "true",
            r#"{"max_budget":"x"}"#,
            r#"{"max_budget":[]}"#,
            r#"{"models":"gpt-4"}"#,
            r#"{"models":[1]}"#,
            r#"{"models":{}}"#,
            r#"{"metadata":[]}"#,
            r#"{"metadata":"x"}"#,
            r#"{"duration":5}"#,
            r#"{"tpm_limit":1.5}"#,
            r#"{"tpm_limit":"many"}"#,
            r#"{"rpm_limit":true,"tpm_limit":{}}"#,
            r#"{"key_alias":{}}"#,
            r#"{"user_id":7}"#,
            r#"{"permissions":3}"#,
            r#"{"model_max_budget":{"gpt-4":{"budget_limit":"x","time_period":"1d"}}}"#,
        ],
    ));
}

#[test]
fn a_body_that_is_too_large_or_too_deep_is_refused() {
    let deep = |open: &str, close: &str| {
        format!("{{\"metadata\":{{\"a\":{}1{}}}}}", open.repeat(10_000), close.repeat(10_000)).into_bytes()
    };
    refuse_bodies(vec![
        ("10 MB", format!("{{\"key_alias\":\"{}\"}}", "a".repeat(10 << 20)).into_bytes()),
        ("10 MB of space", " ".repeat(10 << 20).into_bytes()),
        ("deep arrays", deep("[", "]")),
        ("deep objects", deep("{\"a\":", "}")),
        ("open arrays", "[".repeat(10_000).into_bytes()),
        ("many members", format!("{{\"metadata\":{{\"a\":[{}0]}}}}", "0,".repeat(100_000)).into_bytes()),
    ]);
}

#[test]
fn text_that_cannot_be_stored_is_refused() {
    let mut cases = texts(
        "no text",
        &[
            r#"{"key_alias":"a\u0000b"}"#,
            r#"{"models":["a\u0000"]}"#,
            r#"{"metadata":{"a":"\u0000"}}"#,
            r#"{"user_id":"\u0000"}"#,
            "{\"key_alias\":\"a\0b\"}",
            r#"{"key_alias":"\ud800"}"#,
            r#"{"key_alias":"\udc00\ud800"}"#,
            r#"{"metadata":{"\ud800":1}}"#,
        ],
    );
    cases.push(("not UTF-8", b"{\"key_alias\":\"\xff\xfe\"}".to_vec()));
    cases.push(("cut UTF-8", b"{\"key_alias\":\"\xe2\x82\"}".to_vec()));
    refuse_bodies(cases);
}

#[test]
fn numbers_that_no_column_holds_are_refused() {
    let digits = format!("{{\"tpm_limit\":{}}}", "9".repeat(5000));
    let mut cases = texts(
        "number",
        &[
            r#"{"tpm_limit":9223372036854775808}"#,
            r#"{"tpm_limit":-9223372036854775809}"#,
            r#"{"rpm_limit":1e30}"#,
            r#"{"max_parallel_requests":2147483648}"#,
            r#"{"max_budget":1e400}"#,
            r#"{"max_budget":-1e400}"#,
            r#"{"soft_budget":1e400}"#,
            r#"{"max_budget":"1e999"}"#,
        ],
    );
    cases.push(("5,000 digits", digits.into_bytes()));
    refuse_bodies(cases);
}

#[test]
fn what_is_no_number_is_refused_in_every_spelling() {
    let spellings = [
        "NaN",
        "-NaN",
        "Infinity",
        "-Infinity",
        "nan",
        "inf",
        "\"NaN\"",
        "\"nan\"",
        "\"-nan\"",
        "\"inf\"",
        "\"-inf\"",
        "\"+inf\"",
        "\"Infinity\"",
        "\"-Infinity\"",
        "\"infinity\"",
        "\" nan \"",
    ];
    let mut cases = Vec::new();
    for field in ["max_budget", "soft_budget", "tpm_limit", "rpm_limit", "max_parallel_requests", "spend"] {
        for spelling in spellings {
            cases.push((field, format!("{{\"{field}\":{spelling}}}").into_bytes()));
        }
    }
    for spelling in ["NaN", "Infinity", "-Infinity"] {
        cases.push(("metadata", format!("{{\"metadata\":{{\"a\":{spelling}}}}}").into_bytes()));
        let budget = format!("{{\"model_max_budget\":{{\"gpt-4\":{spelling}}}}}");
        cases.push(("model_max_budget", budget.into_bytes()));
    }
    refuse_bodies(cases);
}

#[test]
fn malformed_durations_and_keys_are_refused() {
    refuse_bodies(texts(
        "malformed",
        &[
            r#"{"duration":" "}"#,
            r#"{"duration":"1d12h"}"#,
            r#"{"duration":"10minutes"}"#,
            r#"{"duration":"99999999999999999999d"}"#,
            r#"{"duration":"-1d"}"#,
            r#"{"key":"short"}"#,
        ],
    ));
}

#[test]
fn unknown_operations_and_wrong_methods_are_refused() {
    let bare = |method: &str, target: &str| Request {
        method: method.to_owned(),
        body: Some(b"{}".to_vec()),
        ..Request::post(target, MASTER_KEY, "")
    };
    let cases = [
        ("POST", "/key/nope"),
        ("POST", "/"),
        ("GET", "/"),
        ("POST", "/key"),
        ("POST", "/KEY/GENERATE"),
        ("POST", "//key/generate"),
        ("POST", "/key/../key/generate"),
        ("GET", "/key/generate"),
        ("PUT", "/key/generate"),
        ("DELETE", "/key/generate"),
        ("PATCH", "/key/info"),
        ("POST", "/key/info"),
        ("BREW", "/key/generate"),
        ("GET", "/key/%00"),
        ("GET", "/key/%ff"),
        ("GET", "/key/info?key=%ff%fe"),
        ("GET", "/key/info?key=%00"),
        ("GET", "/key/info?key="),
    ];
    refuse(&cases.map(|(method, target)| (format!("{method} {target}"), bare(method, target))));
}

#[test]
fn callers_without_a_usable_key_are_refused() {
    let with = |name: &str, value: &str| Request {
        headers: vec![(name.to_owned(), value.to_owned())],
        ..Request::post("/key/generate", "", "{}")
    };
    let cases = [
        with("x-nothing", "1"),
        with("authorization", ""),
        with("authorization", "Bearer"),
        with("authorization", "Bearer "),
        with("authorization", "Bearer sk-unknown"),
        with("authorization", "Bearer sk-1234 "),
        with("authorization", "Bearer sk-ünknown"),
        with("authorization", "Basic c2stMTIzNA=="),
        with("authorization", &format!("Bearer sk-{}", "a".repeat(4000))),
    ];
    // a trailing space is not part of a header's value, so the sixth is the master key
    let cases = cases.into_iter().enumerate().filter(|(index, _)| *index != 5);
    refuse(&cases.map(|(_, request)| (format!("{:?}", request.headers), request)).collect::<Vec<_>>());
}

#[test]
fn other_content_types_are_refused_or_read_but_never_fail() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &settings()).expect("the server starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for kind in [
            None,
            Some("text/plain"),
            Some(""),
            Some("application/json; charset=latin-1"),
            Some("x/y/z; ;"),
            Some("multipart/form-data"),
        ] {
            let mut request = Request::post("/key/generate", MASTER_KEY, "{\"duration\":\"bad\"}");
            request.headers.retain(|(name, _)| name != "Content-Type");
            request.headers.extend(kind.map(|kind| ("Content-Type".to_owned(), kind.to_owned())));
            assert_clear(&format!("{kind:?}"), &send(&server, &request).await);
        }
    });
}

#[test]
fn the_last_of_a_repeated_member_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &settings()).expect("the server starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let body = r#"{"key_alias":"first","max_budget":"x","max_budget":1,"key_alias":"last"}"#;
        let response = send(&server, &Request::post("/key/generate", MASTER_KEY, body)).await;
        let answer = read(&response.body, &Limits::STORED).expect("json");
        assert_eq!((response.status, answer.get("key_alias")), (200, Some(&Json::from("last"))));
    });
}

#[test]
fn messages_that_are_no_http_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(folder.path(), &settings()).expect("the server starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let huge = format!("GET /key/info HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(1 << 20));
        let many = format!("GET /key/info HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: a\r\n".repeat(10_000));
        let target = format!("GET /key/info?key={} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(1 << 20));
        let cases = [huge, many, target, "nonsense\r\n\r\n".to_owned(), "GET\r\n\r\n".to_owned()];
        for message in cases {
            let (status, _) = send_raw(&server, message.as_bytes()).await;
            assert!(
                (400..500).contains(&status),
                "{status}: {}",
                message.chars().take(60).collect::<String>()
            );
        }
        let (status, _) =
            send_raw(&server, b"GET /health/liveliness HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                .await;
        assert_eq!(status, 200);
    });
    assert!(server.is_alive());
}
