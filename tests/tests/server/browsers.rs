//! What browsers, proxies and probes ask for: pages of other origins, heads alone, paths below a root, and headers that
//! keep replies out of caches and frames.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Response, Server};
use latchkey_tests::scenario::MASTER_KEY;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const PAGE: &str = "https://admin.example.com";

struct World {
    server: Server,
    runtime: Runtime,
    folder: TempDir,
}

impl World {
    /// A server with these settings of Latchkey's own.
    fn new(own: Json) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}, "latchkey" => own};
        let server = Server::start(folder.path(), &settings).expect("the server starts");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { server, runtime, folder }
    }

    fn send(&self, request: &Request) -> Response {
        self.runtime.block_on(async {
            let mut connection = Connection::open(self.server.port).await.expect("a connection");
            connection.send(request).await.expect("an answer")
        })
    }

    fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (method, target) = (method.to_owned(), target.to_owned());
        self.send(&Request { method, target, headers, body: None })
    }
}

fn cors(origins: &[&str]) -> Json {
    let origins: Vec<Json> = origins.iter().map(|origin| Json::from(*origin)).collect();
    dict! {"cors" => dict! {"origins" => origins}}
}

#[test]
fn a_page_of_a_listed_origin_may_read_every_reply_and_others_none() {
    let world = World::new(cors(&[PAGE, "http://localhost:3000"]));
    let key = format!("Bearer {MASTER_KEY}");
    let large = "x".repeat(2 << 20);
    for (method, target, key, body, status) in [
        ("GET", "/health/liveliness", "", "", 200),
        ("GET", "/key/list", key.as_str(), "", 200),
        ("GET", "/key/list", "", "", 401),
        ("GET", "/nothing", "", "", 404),
        ("PUT", "/key/info", "", "", 405),
        ("POST", "/key/generate", key.as_str(), "{", 422),
        ("POST", "/key/generate", key.as_str(), large.as_str(), 413),
    ] {
        for (origin, allowed) in [(PAGE, Some(PAGE)), ("https://evil.example", None), ("null", None)] {
            let headers = [("Origin", origin), ("Authorization", key)];
            let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
            let body = (!body.is_empty()).then(|| body.as_bytes().to_vec());
            let request = Request { method: method.to_owned(), target: target.to_owned(), headers, body };
            let response = world.send(&request);
            assert_eq!(response.status, status, "{method} {target}");
            assert_eq!(response.header("access-control-allow-origin"), allowed, "{method} {target} {origin}");
            assert_eq!(response.header("access-control-allow-credentials"), None);
            assert_eq!(response.header("vary"), Some("origin"), "{method} {target}");
        }
    }
}

#[test]
fn a_preflight_needs_no_key_and_names_what_requests_are_made_of() {
    let world = World::new(cors(&[PAGE]));
    let asked =
        [("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization")];
    for target in ["/key/generate", "/key/info", "/nothing"] {
        let response = world.ask("OPTIONS", target, &[&[("Origin", PAGE)][..], &asked].concat());
        assert_eq!((response.status, response.body.len()), (204, 0));
        assert_eq!(response.header("access-control-allow-origin"), Some(PAGE));
        assert_eq!(response.header("access-control-allow-methods"), Some("GET, HEAD, POST"));
        let headers = response.header("access-control-allow-headers").expect("headers");
        for name in ["authorization", "content-type", "x-api-key", "litellm-changed-by", "x-request-id"] {
            assert!(headers.split(", ").any(|allowed| allowed == name), "{headers}");
        }
        let response =
            world.ask("OPTIONS", target, &[&[("Origin", "https://evil.example")][..], &asked].concat());
        assert!(matches!(response.status, 404 | 405));
        assert!(!response.headers.iter().any(|(name, _)| name.starts_with("access-control")), "{response:?}");
    }
}

#[test]
fn without_origins_in_the_settings_no_page_may_read_anything_and_with_a_star_all_may() {
    let closed = World::new(dict! {});
    let response = closed.ask("GET", "/health/liveliness", &[("Origin", PAGE)]);
    assert!(!response.headers.iter().any(|(name, _)| name.starts_with("access-control") || name == "vary"));
    let open = World::new(cors(&["*"]));
    let response = open.ask("GET", "/key/list", &[("Origin", PAGE)]);
    assert_eq!((response.status, response.header("access-control-allow-origin")), (401, Some("*")));
    assert_eq!(response.header("vary"), None);
}

#[test]
fn the_profile_of_the_release_answers_every_page_as_the_release_does() {
    let world = World::new(dict! {"profile" => "litellm-1.60"});
    let response = world.ask("GET", "/health/liveliness", &[("Origin", PAGE)]);
    assert_eq!(response.header("access-control-allow-origin"), Some("*"));
    assert_eq!(response.header("access-control-allow-credentials"), Some("true"));
    let asked = [
        ("Origin", PAGE),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "authorization,x-own"),
    ];
    let response = world.ask("OPTIONS", "/key/generate", &asked);
    assert_eq!((response.status, response.body.as_slice()), (200, &b"OK"[..]));
    assert_eq!(response.header("access-control-allow-origin"), Some(PAGE));
    assert_eq!(response.header("access-control-allow-headers"), Some("authorization,x-own"));
    assert_eq!(response.header("cache-control"), None);
    assert_eq!(world.ask("HEAD", "/health/liveliness", &[]).status, 405);
}

#[test]
fn a_head_is_what_get_would_answer_without_its_body() {
    let world = World::new(dict! {});
    let key = [("Authorization", &*format!("Bearer {MASTER_KEY}"))];
    for target in
        ["/health/liveliness", "/health/readiness", "/docs", "/openapi.json", "/key/list", "/key/info?key=x"]
    {
        let (get, head) = (world.ask("GET", target, &key), world.ask("HEAD", target, &key));
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{target}");
        let shown = |response: &Response| {
            let mut headers = response.headers.clone();
            headers.retain(|(name, _)| name != "x-request-id" && name != "date");
            headers.sort();
            headers
        };
        assert_eq!(shown(&head), shown(&get), "{target}");
        assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()), "{target}");
    }
    assert_eq!(world.ask("HEAD", "/key/list", &[]).status, 401);
    assert_eq!(world.ask("HEAD", "/key/generate", &key).header("allow"), Some("POST"));
    assert_eq!(world.ask("POST", "/key/info", &key).header("allow"), Some("GET, HEAD"));
}

#[test]
fn everything_is_served_with_and_without_the_root_path() {
    let world = World::new(dict! {"root_path" => "/gateway"});
    let key = [("Authorization", &*format!("Bearer {MASTER_KEY}"))];
    for root in ["", "/gateway"] {
        let at = |path: &str| format!("{root}{path}");
        assert_eq!(world.ask("GET", &at("/health/readiness"), &[]).status, 200);
        assert_eq!(world.ask("GET", &at("/docs"), &[]).status, 200);
        assert_eq!(world.ask("GET", &at("/key/list"), &key).status, 200);
        assert_eq!(world.ask("GET", &at("/key/list"), &[]).status, 401);
        let api = world.ask("GET", &at("/openapi.json"), &[]);
        let api = read(&api.body, &Limits::STORED).expect("JSON");
        let servers = api.get("servers").and_then(Json::as_list).expect("servers");
        assert_eq!(servers.first().and_then(|server| server.get("url")), Some(&Json::from("/gateway")));
        let moved = world.ask("GET", &at("/key/list/?size=1"), &key);
        assert_eq!((moved.status, moved.header("location")), (307, Some("/gateway/key/list?size=1")));
    }
    for path in
        ["/gateway/gateway/key/list", "//gateway/key/list", "/gateway//key/list", "/gateway%2F%2Fkey/list"]
    {
        assert_eq!(world.ask("GET", path, &key).status, 404, "{path}");
    }
}

#[test]
fn replies_stay_out_of_caches_and_frames() {
    let world = World::new(dict! {});
    let large = Request::post("/key/generate", MASTER_KEY, "x".repeat(2 << 20));
    for response in [
        world.ask("GET", "/health/liveliness", &[]),
        world.ask("GET", "/key/list", &[]),
        world.ask("GET", "/nothing", &[]),
        world.ask("GET", "/docs", &[]),
        world.send(&large),
    ] {
        assert_eq!(response.header("cache-control"), Some("no-store"));
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
    }
    let page = world.ask("GET", "/docs", &[]);
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let policy = page.header("content-security-policy").expect("a policy");
    for part in ["default-src 'none'", "script-src 'sha256-", "connect-src 'self'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn strangers_are_not_told_the_profile() {
    let ready = |world: &World| {
        let reply = world.ask("GET", "/health/readiness", &[]);
        read(&reply.body, &Limits::STORED).expect("JSON")
    };
    assert_eq!(ready(&World::new(dict! {})).get("profile"), None);
    let release = World::new(dict! {"profile" => "litellm-1.60"});
    assert_eq!(ready(&release).get("profile"), Some(&Json::from("litellm-1.60")));
}

#[test]
fn an_origin_with_a_path_or_without_a_scheme_keeps_the_server_from_starting() {
    for origin in ["admin.example.com", "https://admin.example.com/", "https://admin.example.com/app"] {
        let folder = tempfile::tempdir().expect("a folder");
        let settings =
            dict! {"general_settings" => dict! {"master_key" => MASTER_KEY}, "latchkey" => cors(&[origin])};
        let refused = Server::start(folder.path(), &settings).expect_err("an origin that no browser sends");
        assert!(refused.contains("latchkey.cors.origins"), "{refused}");
    }
}

#[test]
fn a_key_sent_as_the_number_of_a_request_is_in_no_log() {
    let world = World::new(dict! {});
    let key = format!("Bearer {MASTER_KEY}");
    for id in [MASTER_KEY, "sk-0123456789abcdef"] {
        let response = world.ask("GET", "/key/list", &[("Authorization", &key), ("X-Request-Id", id)]);
        assert_ne!(response.header("x-request-id"), Some(id));
    }
    let response = world.ask("GET", "/key/list", &[("X-Request-Id", "trace-1")]);
    assert_eq!(response.header("x-request-id"), Some("trace-1"));
    // the log is written by a thread of its own
    let read = || std::fs::read_to_string(world.folder.path().join("log")).expect("a log");
    let log = std::iter::repeat_with(|| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        read()
    })
    .take(500)
    .find(|log| log.contains("trace-1"))
    .expect("the request in the log");
    assert!(!log.contains("sk-0123456789abcdef"), "{log}");
    assert!(!log.contains(&format!("\"{MASTER_KEY}\"")), "{log}");
}
