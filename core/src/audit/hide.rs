//! Secrets kept out of the audit log.

use crate::json::Json;
use crate::mint;

/// How a key begins.
const BEGIN: &str = "sk-";
/// The length of a key as it is shown: `sk-...` and four characters.
const SHOWN: usize = 10;

/// `value` with every key in it, wherever it stands, as keys are shown: `sk-...` and the last four characters.
pub(super) fn keys(value: Json) -> Json {
    match value {
        Json::Str(text) => Json::Str(keys_in(&text)),
        Json::List(items) => Json::List(items.into_iter().map(keys).collect()),
        Json::Dict(members) => {
            Json::Dict(members.into_iter().map(|(name, value)| (keys_in(&name), keys(value))).collect())
        }
        Json::Raw(text) => keys(text.value()),
        other => other,
    }
}

/// `text` with every key in it as keys are shown. A key is a word of visible ASCII that begins with `sk-`.
pub(super) fn keys_in(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_graphic()).unwrap_or(after.len());
        let (secret, behind) = after.split_at_checked(end).unwrap_or((after, ""));
        let within_word = before.ends_with(|c: char| c.is_ascii_alphanumeric());
        if within_word || BEGIN.len() + secret.len() <= SHOWN {
            out.push_str(BEGIN);
            rest = after;
        } else {
            out.push_str(&mint::key_name(secret));
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dict;
    use crate::json::JsonText;

    #[test]
    fn a_key_is_shown_by_its_last_characters_wherever_it_stands() {
        assert_eq!(keys_in("sk-0123456789abcdef"), "sk-...cdef");
        assert_eq!(
            keys_in("old sk-0123456789abcdef, new sk-fedcba9876543210"),
            "old sk-...def, new sk-...3210"
        );
        assert_eq!(keys_in("é=sk-0123456789é"), "é=sk-...6789é");
        let nested = dict! { "sk-0123456789" => vec![dict! { "x" => "Bearer sk-0123456789" }] };
        let hidden = dict! { "sk-...6789" => vec![dict! { "x" => "Bearer sk-...6789" }] };
        assert_eq!(keys(Json::Raw(JsonText::of(&nested))), hidden);
        assert_eq!(keys(nested), hidden);
    }

    #[test]
    fn what_only_looks_like_a_key_stays() {
        for text in ["sk-...abcd", "sk-SK", "desk-0123456789", "task-sk-SK", "", "sk-"] {
            assert_eq!(keys_in(text), text);
        }
    }
}
