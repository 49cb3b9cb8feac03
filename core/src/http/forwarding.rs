//! Which requests are sent on to another server: those whose path is none of ours, however that server may read it.
//!
//! A LiteLLM takes its routes from the path that it has decoded once, below a root path of its own if it has one. What stands
//! between may decode twice, merge slashes, resolve `..`, drop parameters or not care about case. A path that any of this
//! makes one of ours is not sent on: the operation would run there without the rules here.

use crate::http::request::percent_decode;
use crate::http::route::{Access, Route};
use crate::operations::ROUTES;
use crate::settings::{FIRST_SEGMENTS, Settings};
use latchkey_contract::wire::{Call, Forwarding};

/// The operation in the log.
pub(crate) const OPERATION: &str = "forward";

/// The header by which a client asks for another protocol.
pub(crate) const UPGRADE: &str = "upgrade";

/// Headers of one connection (RFC 9110, 7.6.1), and `expect`, which the shell has met when it sends a body on.
const HOP_BY_HOP: [&str; 12] = [
    "connection",
    "expect",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    UPGRADE,
];

/// First segments of LiteLLM's own paths, besides [`FIRST_SEGMENTS`]: `/mcp/key/generate` does not reach its
/// `/key/generate`. Any other first segment may be its root path.
const FOREIGN_SEGMENTS: [&str; 11] = [
    "lens",
    "management",
    "mcp",
    "openai",
    "openai_passthrough",
    "plugin-proxy",
    "sso",
    "ui",
    "v1",
    "v1beta",
    "v3",
];

/// What the shell keeps to when it sends a request on.
pub(crate) fn report() -> Forwarding {
    Forwarding {
        hop_by_hop: HOP_BY_HOP.map(str::to_owned).into(),
        via: "latchkey".to_owned(),
        connect_ms: 10_000,
    }
}

/// The server that gets a request for which Latchkey has no route; `path` is decoded. `None` if no upstream is configured or
/// the upstream could take the path for one of Latchkey's own.
pub(crate) fn upstream<'s>(settings: &'s Settings, path: &str) -> Option<&'s str> {
    let base = settings.serving.upstream.as_deref()?;
    (is_plain(path) && !may_be_ours(settings, path)).then_some(base)
}

/// Whether the client wants to leave HTTP on this connection.
pub(crate) fn is_upgrade(call: &Call) -> bool {
    let wanted = call.headers.iter().filter(|(name, _)| name == UPGRADE);
    wanted.flat_map(|(_, value)| value.split(',')).any(|protocol| {
        protocol.trim().split('/').next().is_some_and(|name| name.eq_ignore_ascii_case("websocket"))
    })
}

/// Whether every server reads the path alike: no step up or on the spot, no control character, no slash of Windows.
fn is_plain(path: &str) -> bool {
    path.starts_with('/')
        && !path.contains(|c: char| c.is_control() || c == '\\')
        && !path.split('/').any(|segment| matches!(segment.split(';').next(), Some("." | "..")))
}

/// Whether the path is one of ours in any reading.
fn may_be_ours(settings: &Settings, path: &str) -> bool {
    let mut path = path.to_owned();
    loop {
        let plain = plainest(&path);
        let mut rest = plain.as_slice();
        // whatever its root path is, a LiteLLM takes it away once
        let mut is_below = false;
        while !rest.is_empty() {
            let path = format!("/{}", rest.join("/"));
            if routes(settings)
                .any(|route| (!is_below || may_be_below(route)) && route.matches(&path).is_some())
            {
                return true;
            }
            if !is_below && rest.first().is_some_and(|first| is_foreign(first)) {
                break;
            }
            (rest, is_below) = (rest.get(1..).unwrap_or_default(), true);
        }
        let further = percent_decode(&path);
        // each turn makes it shorter
        if further.len() >= path.len() {
            return false;
        }
        path = further;
    }
}

fn routes(settings: &Settings) -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.exists(settings))
}

/// Whether a route is looked for below other segments, too. A page called `docs` may be anywhere.
fn may_be_below(route: &Route) -> bool {
    route.access == Access::Key && route.path.matches('/').count() > 1
}

fn is_foreign(segment: &str) -> bool {
    FOREIGN_SEGMENTS.contains(&segment) || FIRST_SEGMENTS.contains(&segment)
}

/// The segments of a path in its simplest reading.
fn plainest(path: &str) -> Vec<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut segments: Vec<String> = Vec::new();
    for segment in path.split(['/', '\\']) {
        let segment: String =
            segment.split(';').next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
        match segment.trim() {
            "" | "." => {}
            ".." => drop(segments.pop()),
            name => segments.push(name.to_ascii_lowercase()),
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::routing::{Astray, find};
    use crate::settings::{Profile, Serving};

    const LITELLM: &str = "http://litellm:4000";

    fn settings(profile: Profile, root_path: &str) -> Settings {
        let upstream = Some(LITELLM.to_owned());
        let serving = Serving { root_path: root_path.to_owned(), upstream, ..Serving::default() };
        Settings { profile, serving, ..Settings::default() }
    }

    /// Whether a request to this encoded path is sent on.
    fn goes_on(settings: &Settings, method: &str, path: &str) -> bool {
        let call = Call { method: method.to_owned(), path: path.to_owned(), ..Call::default() };
        let decoded = percent_decode(path);
        let is_unknown = matches!(find(settings, &call, &decoded), Err(Astray::Unknown));
        is_unknown && upstream(settings, &decoded).is_some()
    }

    #[test]
    fn routes_of_litellm_that_are_not_ours_go_on() {
        for profile in [Profile::Strict, Profile::Litellm160] {
            for path in [
                "/",
                "/v1/chat/completions",
                "/chat/completions",
                "/openai/deployments/azure%2Fgpt/chat/completions",
                "/models/meta%2Fllama",
                "/v1/models/a%252Fb",
                "/ui/",
                "/ui/index.html",
                "/.well-known/litellm-ui-config",
                "/sso/key/generate",
                "/v2/login",
                "/global/spend/keys",
                "/model/info",
                "/health",
                "/health/services",
                "/credentials/by_name/a%20b",
                "/vertex_ai/v1/projects/p;x=1/locations",
                "/v1/files/file-1/content",
                "/gemini/v1beta/models/gemini:generateContent",
                "/litellm-asset-prefix/_next/static/chunks/[id].js",
                "/a/docs",
                "/keys/generate",
                "/v1/memory/key/info",
                "/...",
            ] {
                assert!(goes_on(&settings(profile, ""), "POST", path), "{path}");
            }
        }
    }

    #[test]
    fn without_an_upstream_nothing_goes_on() {
        assert_eq!(upstream(&Settings::default(), "/v1/chat/completions"), None);
    }

    #[test]
    fn nothing_that_may_be_one_of_our_operations_goes_on() {
        let encoded = |path: &str, every: bool| -> String {
            let escape = |c: char| match c {
                c if every || c == '/' => format!("%{:02x}", u32::from(c)),
                c => c.to_string(),
            };
            path.chars().map(escape).collect()
        };
        for profile in [Profile::Strict, Profile::Litellm160] {
            let settings = settings(profile, "");
            for route in routes(&settings) {
                let path = route.path.replace("{key:path}", "sk-1/x").replace(['{', '}'], "");
                let (_, tail) = path.split_at(1);
                let twice = encoded(&encoded(&path, true).replace('%', "%25"), false);
                let more = [
                    path.clone(),
                    format!("{path}/"),
                    format!("{path}//"),
                    format!("/{path}"),
                    format!("//{path}"),
                    path.replace('/', "//"),
                    path.replace('/', "/./"),
                    path.replace('/', "/%2e/"),
                    format!("/x/..{path}"),
                    format!("/x/%2e%2e{path}"),
                    format!("/x/%252e%252e{path}"),
                    format!("/x/..;{path}"),
                    format!("{path}/x/.."),
                    format!("/%2f{tail}"),
                    format!("/{}", encoded(tail, true)),
                    format!("/{}", encoded(tail, false)),
                    twice.clone(),
                    format!("/{twice}"),
                    format!("/{}", tail.to_uppercase()),
                    path.replace('/', "\\"),
                    path.replace('/', "%5c"),
                    format!("/%5c{tail}"),
                    format!("{path}%00"),
                    format!("{path}%0a"),
                    format!("{path}%0d%0a"),
                    format!("/%00{tail}"),
                    format!("{path};x=1"),
                    format!("{path}%3Bx"),
                    format!("{path}%3Fx=1"),
                    format!("{path}%23x"),
                    format!("{path}%20"),
                    format!("{path}/."),
                    format!("{path}%2f"),
                    format!("{path}%252f"),
                    tail.to_owned(),
                    format!("http://localhost{path}"),
                ];
                for path in more {
                    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "get", "X"] {
                        assert!(!goes_on(&settings, method, &path), "{method} {path}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_root_path_leads_to_one_of_our_operations() {
        for (root, path) in [
            ("", "/gateway/key/generate"),
            ("", "/a/b/key/generate/"),
            ("", "/gateway/key/a/regenerate"),
            ("", "/gateway//KEY/generate"),
            ("", "/gateway%2Fkey%2Fgenerate"),
            ("/gateway", "/gateway/gateway/key/generate"),
            ("/gateway", "//gateway/key/generate"),
            ("/gateway", "/gateway//key/generate"),
            ("/gateway", "/Gateway/key/generate"),
            ("/gateway", "/x/gateway/key/generate"),
            ("/gateway", "/gateway/../key/generate"),
        ] {
            assert!(!goes_on(&settings(Profile::Strict, root), "POST", path), "{root} {path}");
        }
        assert!(goes_on(&settings(Profile::Strict, "/gateway"), "POST", "/gateway/v1/chat/completions"));
    }

    #[test]
    fn a_path_that_servers_read_differently_goes_nowhere() {
        for path in [
            "/v1/../x",
            "/v1/%2e%2e/x",
            "/v1/./x",
            "/v1/..",
            "/v1/a%00",
            "/v1/a%0a",
            "/v1\\a",
            "/v1/..;/x",
            "*",
            "",
        ] {
            assert!(!goes_on(&settings(Profile::Strict, ""), "GET", path), "{path:?}");
        }
    }

    #[test]
    fn a_websocket_is_asked_for_by_the_name_of_the_protocol() {
        let asks = |value: &str| {
            let headers = vec![(UPGRADE.to_owned(), value.to_owned())];
            is_upgrade(&Call { headers, ..Call::default() })
        };
        assert!(asks("websocket") && asks("h2c, WebSocket") && asks("websocket/13"));
        assert!(!asks("h2c") && !asks("") && !is_upgrade(&Call::default()));
    }
}
