//! Numbers of requests, by which a log and a client speak of the same one.

use super::headers::REQUEST_ID;
use hyper::HeaderMap;
use latchkey_contract::mint;
use latchkey_contract::wire::RequestIds;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The id that came with the request, if it is a plain one and no credential, or a new one.
pub(super) fn of(headers: &HeaderMap, ids: &RequestIds) -> String {
    let sent = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    match sent.filter(|id| is_plain(id, ids) && !is_secret(id, ids, headers)) {
        Some(id) => id.to_owned(),
        None => fresh(),
    }
}

fn is_plain(id: &str, ids: &RequestIds) -> bool {
    let is_plain = |one: char| one.is_ascii_alphanumeric() || ids.punctuation.contains(one);
    (1..=ids.length).contains(&id.len()) && id.chars().all(is_plain)
}

/// Whether the id could be a key: it contains how keys begin, or is the value of another header as well.
fn is_secret(id: &str, ids: &RequestIds, headers: &HeaderMap) -> bool {
    let is_known = |value: &[u8]| value.windows(id.len()).any(|part| part == id.as_bytes());
    id.to_ascii_lowercase().contains(&ids.credential)
        || (id.len() >= ids.telling
            && headers.iter().any(|(name, value)| *name != REQUEST_ID && is_known(value.as_bytes())))
}

/// An id that no other request has, on whichever host: of the process and of the request.
fn fresh() -> String {
    static PROCESS: LazyLock<[u8; 8]> = LazyLock::new(|| {
        let mut random = [0; 8];
        // without randomness, which nothing is answered without, ids may repeat
        getrandom::fill(&mut random).ok();
        random
    });
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let mut id = [0; 16];
    id.iter_mut().zip(PROCESS.iter().chain(&number)).for_each(|(to, from)| *to = *from);
    mint::hex(&id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::{AUTHORIZATION, HeaderValue};

    fn kept(id: &'static str, authorization: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_static(id));
        headers.insert(AUTHORIZATION, HeaderValue::from_static(authorization));
        let ids = RequestIds {
            length: 128,
            punctuation: "-_.:".to_owned(),
            credential: "sk-".to_owned(),
            telling: 8,
        };
        of(&headers, &ids) == id
    }

    #[test]
    fn a_plain_id_is_kept_and_a_key_is_not() {
        assert!(kept("f3b1c7d0-1111-2222-3333-444455556666", "Bearer sk-1234567890"));
        assert!(kept("1", "Bearer sk-1234567890"));
        for (id, authorization) in [
            ("sk-0123456789abcdef", ""),
            ("SK-0123456789abcdef", ""),
            ("Bearer:sk-0123456789abcdef", ""),
            ("a-master-key-of-another-form", "Bearer a-master-key-of-another-form"),
            ("a b", ""),
            ("", ""),
        ] {
            assert!(!kept(id, authorization), "{id}");
        }
    }
}
