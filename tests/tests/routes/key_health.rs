//! `POST /key/health`

use crate::{snapshot, strict};
use latchkey_tests::implementation::Request;

#[test]
fn a_key_without_logging_is_healthy() {
    let mut world = strict("{}");
    let key = world.key(r#"{"key_alias":"a"}"#);
    snapshot(&mut world, "key_health", &Request { body: None, ..Request::post("/key/health", &key, "") });
}
