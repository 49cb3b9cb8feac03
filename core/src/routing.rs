//! From a method and a path to a route, as the reference's framework (starlette) finds it.

use crate::contract::Call;
use crate::operations::{ROUTES, Route};

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

/// The route for a request whose decoded path is `path`, with the value of its path parameter.
pub(crate) fn find<'p>(
    strict: bool,
    call: &Call,
    path: &'p str,
) -> Result<(&'static Route, &'p str), Astray> {
    // in Python's patterns the end of a path may be followed by a line break
    let path = if strict { path } else { path.strip_suffix('\n').unwrap_or(path) };
    let mut methods = Vec::new();
    for route in routes(strict) {
        if let Some(value) = route.matches(path) {
            if route.method == call.method {
                return Ok((route, value));
            }
            if !methods.contains(&route.method) {
                methods.push(route.method);
            }
        }
    }
    if !methods.is_empty() {
        return Err(Astray::Method(methods));
    }
    Err(elsewhere(strict, call, path).map_or(Astray::Unknown, Astray::Elsewhere))
}

/// The routes of the profile.
fn routes(strict: bool) -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(move |route| route.exists(strict))
}

/// The path of the same name with the slash at the end dropped or added, if there is a route for it.
fn elsewhere(strict: bool, call: &Call, path: &str) -> Option<String> {
    let other = if path.ends_with('/') { path.trim_end_matches('/').to_owned() } else { format!("{path}/") };
    routes(strict).find(|route| route.matches(&other).is_some())?;
    // the encoded path goes back to the client
    let mut raw = call.path.as_str();
    let mut location = if path.ends_with('/') {
        while let Some(rest) = SLASHES.iter().find_map(|slash| raw.strip_suffix(slash)) {
            raw = rest;
        }
        raw.to_owned()
    } else {
        format!("{raw}/")
    };
    if !call.query.is_empty() {
        location.push('?');
        location.push_str(&call.query);
    }
    Some(location)
}

/// Whether the operation takes a body: FastAPI reads none for the others, whatever was sent.
pub(crate) const fn takes_body(route: &Route) -> bool {
    route.body.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn astray(method: &str, path: &str, query: &str) -> Option<Astray> {
        let call = Call {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            ..Call::default()
        };
        find(false, &call, &crate::request::percent_decode(path)).err()
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
        assert!(find(true, &call, "/audit").is_ok());
        assert_eq!(astray("GET", "/audit", ""), Some(Astray::Unknown));
        assert_eq!(astray("GET", "/audit/", ""), Some(Astray::Unknown));
        let call = Call { method: "POST".to_owned(), path: "/key/regenerate".to_owned(), ..Call::default() };
        assert_eq!(astray("POST", "/key/regenerate", ""), Some(Astray::Unknown));
        assert!(find(true, &call, "/key/regenerate").is_ok());
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
