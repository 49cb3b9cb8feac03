//! How the API is served: to which pages of browsers, below which path, and within which bounds on what is in flight.

use super::section::Section;
use super::upstream;

/// How the paths of routes begin: no root path may, or one path could mean two routes.
pub(crate) const FIRST_SEGMENTS: [&str; 11] = [
    "audit",
    "budget",
    "docs",
    "health",
    "key",
    "openapi.json",
    "organization",
    "policy",
    "team",
    "user",
    "v2",
];

/// The largest body, in bytes, where the shell stops a decision that takes too long.
const BODY_BYTES: u64 = 1 << 20;

/// The largest body where nothing stops one: no decision on it takes longer than 50 ms.
const UNSTOPPABLE_BODY_BYTES: u64 = 256 << 10;

/// Bytes that the bodies of requests, and the replies, may take together where the settings do not say.
const IN_FLIGHT_BYTES: u64 = 64 << 20;

/// What a shell keeps to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serving {
    /// The origins whose pages may read replies, `*` for all (`latchkey.cors.origins`).
    pub origins: Vec<String>,
    /// The path that may stand before every route, without a slash at its end (`latchkey.root_path`).
    pub root_path: String,
    /// The server that answers the routes which are not ours: scheme, host and port (`latchkey.upstream`).
    pub upstream: Option<String>,
    /// Bytes of one body (less if `latchkey.stops_decisions` is false).
    pub body_bytes: u64,
    /// Whether the shell stops a decision that takes too long (`latchkey.stops_decisions`).
    pub stops_decisions: bool,
    /// Bounds on what is in flight (`latchkey.limits`).
    pub limits: InFlight,
}

/// Bounds on what a shell holds in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InFlight {
    /// Bytes of all bodies that are being read.
    pub bodies: u64,
    /// Bytes of all replies that are being sent.
    pub replies: u64,
    /// Connections of one address; 0 is without a bound, and the shell chooses where it is `None`.
    pub connections_per_address: Option<u64>,
}

impl Default for Serving {
    fn default() -> Self {
        let limits = InFlight::default();
        Self {
            origins: Vec::new(),
            root_path: String::new(),
            upstream: None,
            body_bytes: BODY_BYTES,
            stops_decisions: true,
            limits,
        }
    }
}

impl Default for InFlight {
    fn default() -> Self {
        Self { bodies: IN_FLIGHT_BYTES, replies: IN_FLIGHT_BYTES, connections_per_address: None }
    }
}

impl Serving {
    pub(super) fn read(own: &Section<'_>) -> Self {
        let cors = own.section("cors");
        cors.only(&["origins"]);
        let origins = cors.texts("origins").unwrap_or_default();
        if origins.iter().any(|origin| origin != "*" && !is_origin(origin)) {
            let message = "must be origins as browsers send them, such as `https://admin.example.com`, in lower case \
                           and without a path or a slash at the end, or `*` alone";
            cors.complain("origins", message);
        } else if origins.len() > 1 && origins.iter().any(|origin| origin == "*") {
            cors.complain("origins", "`*` already allows every origin, it must stand alone");
        }
        let stops_decisions = own.flag("stops_decisions").unwrap_or(true);
        let body_bytes = if stops_decisions { BODY_BYTES } else { UNSTOPPABLE_BODY_BYTES };
        let (root_path, limits) = (root_path(own), InFlight::read(&own.section("limits")));
        let upstream = upstream::read(own);
        Self { origins, root_path, upstream, body_bytes, stops_decisions, limits }
    }
}

impl InFlight {
    fn read(section: &Section<'_>) -> Self {
        section.only(&["bodies_in_flight_bytes", "replies_in_flight_bytes", "connections_per_address"]);
        let bytes = |name| match section.count(name) {
            Some(bytes) if bytes < BODY_BYTES => {
                section
                    .complain(name, format!("must be at least {BODY_BYTES}, the size of the largest body"));
                IN_FLIGHT_BYTES
            }
            Some(bytes) => bytes,
            None => IN_FLIGHT_BYTES,
        };
        Self {
            bodies: bytes("bodies_in_flight_bytes"),
            replies: bytes("replies_in_flight_bytes"),
            connections_per_address: section.count("connections_per_address"),
        }
    }
}

/// Whether `text` is an origin as browsers write it: a scheme, a host, and a port unless it is the scheme's own.
fn is_origin(text: &str) -> bool {
    let (host, own_port) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(host), _) => (host, ":443"),
        (None, Some(host)) => (host, ":80"),
        (None, None) => return false,
    };
    upstream::port_of(host).is_some_and(|port| port != own_port)
}

/// `latchkey.root_path`: empty, or segments that need no encoding and lead to no route by themselves.
fn root_path(own: &Section<'_>) -> String {
    let given = own.text("root_path").unwrap_or_default();
    let path = given.trim_end_matches('/');
    let is_segment = |segment: &str| {
        !matches!(segment, "" | "." | "..")
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    };
    if path.is_empty() {
        return String::new();
    }
    let segments = path.strip_prefix('/').unwrap_or_default();
    if !segments.split('/').all(is_segment) {
        own.complain("root_path", format!("`{given}` is not a path such as `/gateway`"));
    } else if segments.split('/').next().is_some_and(|first| FIRST_SEGMENTS.contains(&first)) {
        own.complain("root_path", format!("`{given}` begins as a route does, so that a path could mean two"));
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::super::{Problem, Settings};
    use super::*;
    use latchkey_contract::json::{Limits, read as read_json};

    fn settings(own: &str) -> Result<Settings, Vec<Problem>> {
        let text = format!(r#"{{"general_settings":{{"master_key":"sk-1"}},"latchkey":{own}}}"#);
        read(&read_json(text.as_bytes(), &Limits::STORED).expect("JSON"))
    }

    fn place(own: &str) -> String {
        settings(own).expect_err("the setting is wrong").remove(0).path
    }

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        for good in [
            "https://admin.example.com",
            "http://localhost:3000",
            "http://127.0.0.1:4000",
            "https://[::1]:8443",
            "http://a_b",
        ] {
            let own = format!(r#"{{"cors":{{"origins":["{good}"]}}}}"#);
            assert_eq!(settings(&own).expect(good).serving.origins, [good]);
        }
        for bad in [
            "admin.example.com",
            "https://admin.example.com/",
            "https://admin.example.com/app",
            "https://Admin.example.com",
            "https://*.example.com",
            "https://",
            "https://u@h",
            "https://h:0",
            "https://h:99999",
            "https://h:443",
            "http://h:80",
            "https://h:",
            "https://h:0443",
            "https://[::1",
            "ftp://h",
            "null",
            "",
            " https://h",
            "https://h?x",
        ] {
            assert_eq!(
                place(&format!(r#"{{"cors":{{"origins":["{bad}"]}}}}"#)),
                "latchkey.cors.origins",
                "{bad}"
            );
        }
        assert_eq!(place(r#"{"cors":{"origins":["*","https://a"]}}"#), "latchkey.cors.origins");
        assert_eq!(place(r#"{"cors":{"origins":"*"}}"#), "latchkey.cors.origins");
        assert_eq!(place(r#"{"cors":{"origin":["*"]}}"#), "latchkey.cors.origin");
    }

    #[test]
    fn a_root_path_leads_to_no_route_by_itself() {
        for (given, kept) in
            [("/gateway", "/gateway"), ("/a/b/", "/a/b"), ("/", ""), ("", ""), ("/keys", "/keys")]
        {
            let own = format!(r#"{{"root_path":"{given}"}}"#);
            assert_eq!(settings(&own).expect(given).serving.root_path, kept);
        }
        for bad in [
            "gateway",
            "//a",
            "/a//b",
            "/a/../b",
            "/./a",
            "/a%2Fb",
            "/a?b",
            "/a b",
            "/key",
            "/key/info",
            "/v2",
            "/docs",
            "/key/x",
            "/health",
        ] {
            assert_eq!(place(&format!(r#"{{"root_path":"{bad}"}}"#)), "latchkey.root_path", "{bad}");
        }
    }

    #[test]
    fn bounds_are_whole_numbers_that_leave_room_for_a_body() {
        assert_eq!(settings("{}").expect("no bounds").serving.limits, InFlight::default());
        let own = r#"{"limits":{"bodies_in_flight_bytes":1048576,"connections_per_address":0}}"#;
        let limits = settings(own).expect("bounds").serving.limits;
        assert_eq!((limits.bodies, limits.connections_per_address), (1 << 20, Some(0)));
        for bad in [
            r#"{"bodies_in_flight_bytes":1048575}"#,
            r#"{"replies_in_flight_bytes":0}"#,
            r#"{"bodies_in_flight_bytes":-1}"#,
            r#"{"connections_per_address":1.5}"#,
            r#"{"connections_per_address":true}"#,
            r#"{"bodies":1}"#,
        ] {
            assert!(place(&format!(r#"{{"limits":{bad}}}"#)).starts_with("latchkey.limits."), "{bad}");
        }
    }
}
