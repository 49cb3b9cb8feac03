//! From a method and a path to a route, as the reference's framework (starlette) finds it.

use crate::deviations::Hole;
use crate::http::route::Route;
use crate::operations::ROUTES;
use crate::settings::Settings;
use latchkey_contract::wire::Call;

/// How a slash is written in a path.
const SLASHES: [&str; 3] = ["/", "%2F", "%2f"];

/// Why a request reaches no operation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Astray {
    /// No route has this path.
    Unknown,
    /// The path exists for these methods.
    Method(Vec<&'static str>),
    /// The path exists with, or without, a slash at its end: the place to ask instead.
    Elsewhere(String),
}

/// Where a request leads.
#[derive(Debug)]
pub(crate) struct Found<'p> {
    /// The route.
    pub(crate) route: &'static Route,
    /// The decoded path without the root path: the one by which access is judged.
    pub(crate) path: &'p str,
    /// The value of the path parameter.
    pub(crate) path_param: &'p str,
}

/// The route for a request whose decoded path is `path`.
pub(crate) fn find<'p>(settings: &Settings, call: &Call, path: &'p str) -> Result<Found<'p>, Astray> {
    let (path, is_below_root) = within(&settings.serving.root_path, path);
    // in Python's patterns the end of a path may be followed by a line break
    let found = match settings.closes(Hole::access_is_judged_by_the_path) {
        true => path,
        false => path.strip_suffix('\n').unwrap_or(path),
    };
    // `/team/info` is a route of its own and never the team `info`
    let is_literal = routes(settings).any(|route| route.path == found);
    let mut methods = Vec::new();
    for route in routes(settings).filter(|route| !is_literal || route.path == found) {
        if let Some(path_param) = route.matches(found) {
            if route.answers_to(&call.method, settings) {
                return Ok(Found { route, path, path_param });
            }
            if !methods.contains(&route.method) {
                methods.push(route.method);
            }
        }
    }
    if !methods.is_empty() {
        if methods.contains(&"GET") && settings.closes(Hole::heads_are_answered) {
            methods.push("HEAD");
        }
        return Err(Astray::Method(methods));
    }
    let root = if is_below_root { "" } else { settings.serving.root_path.as_str() };
    Err(elsewhere(settings, call, found, root).map_or(Astray::Unknown, Astray::Elsewhere))
}

/// The path without the root path, and whether it had it. A proxy in front may have taken it away already.
fn within<'p>(root_path: &str, path: &'p str) -> (&'p str, bool) {
    match path.strip_prefix(root_path).filter(|rest| !root_path.is_empty() && rest.starts_with('/')) {
        Some(rest) => (rest, true),
        None => (path, root_path.is_empty()),
    }
}

/// The routes of the profile.
fn routes(settings: &Settings) -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.exists(settings))
}

/// The path of the same name with the slash at the end dropped or added, if there is a route for it; below `root`, because
/// the client may know the server only there.
fn elsewhere(settings: &Settings, call: &Call, path: &str, root: &str) -> Option<String> {
    let other = if path.ends_with('/') { path.trim_end_matches('/').to_owned() } else { format!("{path}/") };
    routes(settings).find(|route| route.matches(&other).is_some())?;
    // the encoded path goes back to the client
    let mut raw = call.path.as_str();
    if path.ends_with('/') {
        while let Some(rest) = SLASHES.iter().find_map(|slash| raw.strip_suffix(slash)) {
            raw = rest;
        }
    }
    let slash = if path.ends_with('/') { "" } else { "/" };
    let (mark, query) = if call.query.is_empty() { ("", "") } else { ("?", call.query.as_str()) };
    Some([root, raw, slash, mark, query].concat())
}

/// Whether the operation takes a body: FastAPI reads none for the others, whatever was sent.
pub(crate) const fn takes_body(route: &Route) -> bool {
    route.body.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::FIRST_SEGMENTS;
    use crate::settings::{Profile, Serving};

    fn astray(method: &str, path: &str, query: &str) -> Option<Astray> {
        let call = Call {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            ..Call::default()
        };
        let settings = Settings { profile: Profile::Litellm160, ..Settings::default() };
        find(&settings, &call, &crate::http::request::percent_decode(path)).err()
    }

    /// Where a request leads in strict below `/gateway`: a route and its path, or another place.
    fn below_root(method: &str, path: &str) -> Result<(String, String), Astray> {
        let serving = Serving { root_path: "/gateway".to_owned(), ..Serving::default() };
        let settings = Settings { serving, ..Settings::default() };
        let call = Call { method: method.to_owned(), path: path.to_owned(), ..Call::default() };
        let decoded = crate::http::request::percent_decode(path);
        find(&settings, &call, &decoded)
            .map(|found| (found.route.operation.to_owned(), found.path.to_owned()))
    }

    #[test]
    fn routes_are_found_with_and_without_the_root_path_which_counts_once() {
        for path in ["/key/info", "/gateway/key/info", "/%67ateway/key/info", "/gateway%2Fkey/info"] {
            let found = below_root("GET", path).expect(path);
            assert_eq!(found, ("key_info".to_owned(), "/key/info".to_owned()), "{path}");
        }
        for path in [
            "/gateway/gateway/key/info",
            "//gateway/key/info",
            "/gateway//key/info",
            "/gatewaykey/info",
            "/gateway",
            "/gateway/",
            "/Gateway/key/info",
            "/x/gateway/key/info",
            "/gateway/../key/info",
        ] {
            assert_eq!(below_root("GET", path), Err(Astray::Unknown), "{path}");
        }
        let regenerate =
            below_root("POST", "/gateway/key/gateway/key/a/regenerate").expect("a key of this name");
        assert_eq!(regenerate.1, "/key/gateway/key/a/regenerate");
    }

    #[test]
    fn a_redirect_stays_below_the_root_path() {
        for path in ["/gateway/key/info/", "/key/info/"] {
            let place = Astray::Elsewhere("/gateway/key/info".to_owned());
            assert_eq!(below_root("GET", path), Err(place), "{path}");
        }
    }

    #[test]
    fn strict_takes_head_wherever_it_takes_get() {
        for path in ["/key/info", "/docs", "/health/readiness", "/audit"] {
            assert_eq!(below_root("HEAD", path), below_root("GET", path));
        }
        assert_eq!(below_root("HEAD", "/key/generate"), Err(Astray::Method(vec!["POST"])));
        assert_eq!(below_root("POST", "/key/info"), Err(Astray::Method(vec!["GET", "HEAD"])));
    }

    #[test]
    fn a_path_parameter_takes_no_path_of_another_route() {
        assert_eq!(below_root("PATCH", "/team/north").expect("a team").0, "team_patch");
        for route in ROUTES.iter().filter(|route| route.path.starts_with("/team/") && route.method != "PATCH")
        {
            let Err(Astray::Method(methods)) = below_root("PATCH", route.path) else {
                unreachable!("{} takes PATCH", route.path);
            };
            assert_eq!(methods.first(), Some(&route.method), "{}", route.path);
        }
    }

    #[test]
    fn every_route_begins_with_a_known_segment() {
        for route in ROUTES {
            assert!(route.path.split('/').nth(1).is_some_and(|first| FIRST_SEGMENTS.contains(&first)));
        }
    }

    #[test]
    fn a_path_is_found_for_its_methods_only() {
        assert_eq!(astray("POST", "/key/generate", ""), None);
        assert_eq!(astray("POST", "/key%2Fgenerate", ""), None);
        assert_eq!(astray("DELETE", "/key/generate", ""), Some(Astray::Method(vec!["POST"])));
        assert_eq!(astray("HEAD", "/key/info", ""), Some(Astray::Method(vec!["GET"])));
        assert_eq!(astray("POST", "/key/nothing", ""), Some(Astray::Unknown));
        assert_eq!(astray("GET", "/KEY/info", ""), Some(Astray::Unknown));
        assert_eq!(astray("GET", "//key/info", ""), Some(Astray::Unknown));
    }

    #[test]
    fn a_route_of_our_own_is_strict_s_alone() {
        let call = Call { method: "GET".to_owned(), path: "/audit".to_owned(), ..Call::default() };
        let strict = Settings::default();
        assert!(find(&strict, &call, "/audit").is_ok());
        assert_eq!(astray("GET", "/audit", ""), Some(Astray::Unknown));
        assert_eq!(astray("GET", "/audit/", ""), Some(Astray::Unknown));
        let call = Call { method: "POST".to_owned(), path: "/key/regenerate".to_owned(), ..Call::default() };
        assert_eq!(astray("POST", "/key/regenerate", ""), Some(Astray::Unknown));
        assert!(find(&strict, &call, "/key/regenerate").is_ok());
    }

    #[test]
    fn a_slash_too_many_is_sent_to_the_right_place_whatever_the_method() {
        let place = |location: &str| Some(Astray::Elsewhere(location.to_owned()));
        assert_eq!(astray("GET", "/key/info/", "key=a%2Bb"), place("/key/info?key=a%2Bb"));
        assert_eq!(astray("POST", "/key/info//", ""), place("/key/info"));
        assert_eq!(astray("GET", "/key/info/%2F%2f", ""), place("/key/info"));
        assert_eq!(astray("GET", "/key/nothing/", ""), Some(Astray::Unknown));
    }
}
