//! Variables of a scenario in what is sent, and JSON pointers into what comes back.

use latchkey_contract::json::Json;
use regex::{Captures, Regex};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Captured values by name.
pub type Variables = BTreeMap<String, String>;

/// SHA-256 of `text`, lower-case hex.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Replaces `$name` and `${hash:name}` by the variable's value and its hash; an unknown name stays as it is.
pub fn substitute_text(text: &str, variables: &Variables) -> String {
    static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\$\{hash:([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)").expect("the pattern is well formed")
    });
    VARIABLE
        .replace_all(text, |found: &Captures<'_>| {
            let value = |group: usize| found.get(group).and_then(|name| variables.get(name.as_str()));
            value(1)
                .map(|value| sha256(value))
                .or_else(|| value(2).cloned())
                .unwrap_or_else(|| found[0].to_owned())
        })
        .into_owned()
}

/// [`substitute_text`] in every string of a document, names included.
pub fn substitute(value: &Json, variables: &Variables) -> Json {
    match value {
        Json::Str(text) => Json::Str(substitute_text(text, variables)),
        Json::List(items) => Json::List(items.iter().map(|item| substitute(item, variables)).collect()),
        Json::Dict(members) => {
            let mut out = Json::empty_dict();
            for (name, item) in members {
                out.set(substitute_text(name, variables), substitute(item, variables));
            }
            out
        }
        other => other.clone(),
    }
}

/// What the RFC 6901 pointer `path` leads to.
pub fn pointer<'a>(document: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('/').skip(1).try_fold(document, |place, part| {
        let part = part.replace("~1", "/").replace("~0", "~");
        match place {
            Json::List(items) => part.parse::<usize>().ok().and_then(|index| items.get(index)),
            other => other.get(&part),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    #[test]
    fn known_names_are_replaced_in_strings_and_member_names() {
        let variables = Variables::from([("k".to_owned(), "sk-1".to_owned())]);
        let sent = substitute(&dict! {"$k" => "${hash:k} $k/$unknown ${hash:unknown}", "n" => 1}, &variables);
        let hashed = sha256("sk-1");
        assert_eq!(sent, dict! {"sk-1" => format!("{hashed} sk-1/$unknown ${{hash:unknown}}"), "n" => 1});
    }

    #[test]
    fn a_pointer_leads_through_lists_and_escaped_names_or_nowhere() {
        let document = dict! {"a/b" => vec![dict! {"~" => "x"}]};
        assert_eq!(pointer(&document, "/a~1b/0/~0"), Some(&Json::from("x")));
        assert_eq!(pointer(&document, "/a~1b/1"), None);
        assert_eq!(pointer(&document, ""), Some(&document));
    }
}
