//! Headers of requests and replies that pass through: what is of one connection goes, what tells the way is added.

use hyper::Version;
use hyper::header::{
    CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, LOCATION, TRANSFER_ENCODING, VIA,
};
use hyper::http::request::Parts;
use std::net::IpAddr;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The headers of a request that came from `address`. The client adds `host` and what the body's length is said by.
pub(super) fn of_request(
    request: &Parts,
    address: IpAddr,
    hop_by_hop: &[HeaderName],
    via: &str,
) -> HeaderMap {
    let mut headers = request.headers.clone();
    drop_hop_by_hop(&mut headers, hop_by_hop);
    headers.remove(CONTENT_LENGTH);
    let host = headers.remove(HOST).or_else(|| {
        request.uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok())
    });
    append(&mut headers, FORWARDED_FOR, address.to_canonical().to_string().as_bytes());
    append(&mut headers, FORWARDED_PROTO, b"http");
    if let Some(host) = host {
        append(&mut headers, FORWARDED_HOST, host.as_bytes());
    }
    let version = if request.version == Version::HTTP_10 { "1.0" } else { "1.1" };
    append(&mut headers, VIA, format!("{version} {via}").as_bytes());
    headers
}

/// Leaves the headers of a reply that concern the client. An address of the other server in `location` becomes a path, since
/// the client knows ours alone.
pub(super) fn of_reply(headers: &mut HeaderMap, hop_by_hop: &[HeaderName], base: &str) {
    // what says where the body ends besides the length must not be taken for a second length
    if headers.contains_key(TRANSFER_ENCODING) {
        headers.remove(CONTENT_LENGTH);
    }
    drop_hop_by_hop(headers, hop_by_hop);
    let path = headers.get(LOCATION).and_then(|place| path_below(place.to_str().ok()?, base));
    if let Some(path) = path {
        headers.insert(LOCATION, path);
    }
}

/// The path of an address at `base`, whichever scheme it names: the other server may take the client's for its own.
fn path_below(place: &str, base: &str) -> Option<HeaderValue> {
    let without_scheme = |address| -> Option<&str> { Some(str::split_once(address, "://")?.1) };
    let path = without_scheme(place)?.strip_prefix(without_scheme(base)?)?;
    match path.bytes().next() {
        // a browser takes what begins with two for another server
        Some(b'/') if path.starts_with("//") || path.starts_with("/\\") => None,
        Some(b'/') => HeaderValue::from_str(path).ok(),
        None | Some(b'?' | b'#') => HeaderValue::from_str(&format!("/{path}")).ok(),
        Some(_) => None,
    }
}

/// Takes away the headers of one connection, and those that `connection` names.
fn drop_hop_by_hop(headers: &mut HeaderMap, hop_by_hop: &[HeaderName]) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok())
        .collect();
    for name in named.iter().chain(hop_by_hop) {
        headers.remove(name);
    }
}

/// Adds a value at the end of a list.
fn append(headers: &mut HeaderMap, name: HeaderName, value: &[u8]) {
    let before = headers.get_all(&name).iter().map(HeaderValue::as_bytes);
    let whole = before.chain([value]).collect::<Vec<_>>().join(&b", "[..]);
    if let Ok(whole) = HeaderValue::from_bytes(&whole) {
        headers.insert(name, whole);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_other_server_becomes_a_path_and_any_other_stays() {
        let base = "http://litellm:4000";
        for (place, path) in [
            ("http://litellm:4000/ui/?a=b#c", Some("/ui/?a=b#c")),
            ("https://litellm:4000/ui", Some("/ui")),
            ("http://litellm:4000", Some("/")),
            ("http://litellm:4000?x", Some("/?x")),
            ("http://litellm:40001/x", None),
            ("http://litellm:4000.example.com/x", None),
            ("http://litellm:4000@example.com/x", None),
            ("https://login.example.com/?to=http://litellm:4000/x", None),
            ("/ui", None),
            ("", None),
        ] {
            let found = path_below(place, base);
            assert_eq!(found.as_ref().and_then(|path| path.to_str().ok()), path, "{place}");
        }
        for elsewhere in ["http://litellm:4000//evil.example", "http://litellm:4000/\\evil.example"] {
            assert!(path_below(elsewhere, base).is_none(), "{elsewhere}");
        }
    }
}
