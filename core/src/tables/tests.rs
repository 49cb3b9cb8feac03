use super::{VirtualKey, changed};
use crate::json::JsonText;

fn key(metadata: &str) -> VirtualKey {
    VirtualKey { metadata: JsonText::parse(metadata.to_owned()).unwrap(), ..VirtualKey::default() }
}

#[test]
fn a_document_that_is_only_written_otherwise_is_no_change() {
    let stored = key(r#"{"a": 1.50, "b": [1]}"#);
    assert_eq!(changed(&stored, &key(r#"{"a":1.5,"b":[1]}"#)), None);
    assert!(changed(&stored, &key(r#"{"a":1.5,"b":[2]}"#)).is_some());
    assert!(changed(&key("1"), &key("1.0")).is_some());
}
