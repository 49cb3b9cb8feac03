//! The master key: whether it can be one, and whether others may know it.

use super::section::Section;
use latchkey_contract::environment::FROM_ENVIRONMENT;
use latchkey_contract::mint;
use latchkey_contract::nearest::misspelt;

/// A master key that is shorter can be guessed.
const LENGTH: usize = 16;

/// Master keys that stand in quick starts.
const PUBLISHED: &[&str] = &[
    "sk-1234",
    "sk-12345",
    "sk-123456",
    "sk-1234567",
    "sk-12345678",
    "sk-123456789",
    "sk-1234567890",
    "sk-litellm-master-key",
    "sk-litellm",
    "sk-master-key",
    "sk-admin",
    "sk-test",
];

/// What only a key that is still to be chosen has in it.
const TO_BE_CHOSEN: &[&str] =
    &["changeme", "change-me", "change_me", "your-", "your_", "replace-", "example", "xxxx"];

/// The digest of the master key, whose key is judged, or which is in the settings itself.
pub(super) fn digest(general: &Section<'_>, own: &Section<'_>, strict: bool) -> [u8; 32] {
    let written = general.written("master_key").is_some_and(|key| !key.is_null());
    let token = match (general.text("master_key"), own.text("master_key_sha256")) {
        // a line end of a file or a variable is no part of the key
        (Some(key), _) => match judge(key.trim_end(), strict) {
            Ok(advice) => {
                if let Some(advice) = advice {
                    general.warn("master_key", advice);
                }
                mint::token(key.trim_end())
            }
            Err(why) => {
                general.complain("master_key", why);
                return [0; 32];
            }
        },
        // what is wrong with it has been said
        (None, _) if written => return [0; 32],
        (None, Some(token)) => token,
        (None, None) => {
            general.complain("master_key", "is missing");
            return [0; 32];
        }
    };
    mint::unhex(&token).unwrap_or_else(|| {
        own.complain("master_key_sha256", "must be 64 lower-case hex digits");
        [0; 32]
    })
}

/// Why `key` cannot be a master key, or what the operator should know of it. Neither says anything about the key itself.
fn judge(key: &str, strict: bool) -> Result<Option<String>, &'static str> {
    if key.is_empty() {
        return Err("must not be empty");
    }
    if is_placeholder(key) {
        return Err("is a placeholder that was not replaced: put the key itself in, or `os.environ/NAME`");
    }
    if key.chars().any(char::is_whitespace) {
        return Err("has white space or a line end in it");
    }
    if key.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Err("has a character that no header can carry");
    }
    if strict && let Some(why) = disguised(key) {
        return Err(why);
    }
    let plain = key.to_ascii_lowercase();
    let advice =
        if PUBLISHED.contains(&plain.as_str()) || TO_BE_CHOSEN.iter().any(|word| plain.contains(word)) {
            "is known to everybody who has read a quick start"
        } else if key.chars().count() < LENGTH {
            "is short enough to be guessed"
        } else {
            return Ok(None);
        };
    Ok(Some(format!(
        "{advice}: choose a random one of {LENGTH} characters or more, whoever has it may do everything"
    )))
}

/// Why a text is not what was meant to be the key, although it could be one: nobody would send it as it is.
fn disguised(key: &str) -> Option<&'static str> {
    if key.chars().any(is_invisible) {
        Some("has an invisible character in it: write it anew by hand")
    } else if is_misspelt_reference(key) {
        Some("is a misspelt reference to a variable, which is written `os.environ/NAME`")
    } else if key.starts_with(QUOTES) || key.ends_with(QUOTES) {
        Some("has quotes around it that would be part of the key")
    } else {
        None
    }
}

/// Quotes as programs and as word processors write them.
const QUOTES: &[char] =
    &['"', '\'', '`', '\u{ab}', '\u{bb}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{201e}'];

/// Whether nothing is drawn for a character, so that a key that was copied has it and one that was typed has not.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether the key begins as a reference to a variable of the environment does, but for a slip.
fn is_misspelt_reference(key: &str) -> bool {
    let bare = key.trim_start_matches(QUOTES);
    let is_near = bare
        .split_once(['/', ':', '['])
        .is_some_and(|(first, _)| misspelt(first, [FROM_ENVIRONMENT.trim_end_matches('/')]).is_some());
    is_near || ["os.env", "os_env", "os-env", "os.getenv"].iter().any(|sign| begins_with(bare, sign))
}

/// How references to a key begin that stands somewhere else.
const REFERENCES: &[&str] = &[
    "@/",
    "arn:",
    "env.",
    "env:",
    "environ/",
    "file:",
    "op://",
    "os.environ",
    "ref+",
    "secretref:",
    "vault:",
    "!ref",
    "!sub",
];

/// What languages write for nothing.
const NOTHING: &[&str] = &["null", "none", "nil", "undefined", "~"];

/// Whether a template or a shell was to put the key in, or a reference says where it stands: `${NAME}`, `$NAME`,
/// `$(command)`, `{{ name }}`, `<your-key>`, `%NAME%`, `os.environ/NAME`, `NAME`.
fn is_placeholder(key: &str) -> bool {
    let is_name = |name: &str| {
        let is_of = |letter: fn(&u8) -> bool| {
            name.bytes().all(|byte| letter(&byte) || byte.is_ascii_digit() || byte == b'_')
        };
        let is_shouted = is_of(u8::is_ascii_uppercase);
        let is_quiet = is_of(u8::is_ascii_lowercase) && name.contains('_');
        !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty() && (is_shouted || is_quiet)
    };
    let bare = key.trim().trim_matches(['"', '\'']);
    let bare = bare.strip_prefix("sk-").unwrap_or(bare);
    ["${", "$(", "{{", "}}", "<%", "%>"].iter().any(|sign| key.contains(sign))
        || bare.strip_prefix('$').is_some_and(is_name)
        || bare.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).is_some_and(is_name)
        || within(bare, '<', '>')
        || within(bare, '[', ']')
        || is_words_within(key)
        || key.contains("&lt;")
        || key.contains("MASTER_KEY")
        || (key.contains(['{', '(', '[', '#'])
            && ["masterkey", "litellmmasterkey"].contains(&letters(bare).as_str()))
        || NOTHING.iter().any(|nothing| bare.eq_ignore_ascii_case(nothing))
        || REFERENCES.iter().any(|sign| begins_with(bare, sign))
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn begins_with(text: &str, sign: &str) -> bool {
    text.get(..sign.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(sign))
}

fn within(text: &str, open: char, close: char) -> bool {
    text.starts_with(open) && text.ends_with(close)
}

/// Whether words stand between `<` and `>`, as in `sk-<your key>-1`.
fn is_words_within(key: &str) -> bool {
    key.split_once('<').and_then(|(_, rest)| rest.split_once('>')).is_some_and(|(words, _)| {
        !words.is_empty() && words.chars().all(|c| c.is_ascii_alphabetic() || "-_ ".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_or_a_text_of_several_words_is_no_master_key() {
        for key in [
            "",
            "${LITELLM_MASTER_KEY}",
            "$LITELLM_MASTER_KEY",
            "$litellm_master_key",
            "${LITELLM_MASTER_KEY:-}",
            "sk-${KEY}",
            "$(cat /run/secrets/key)",
            "<your-master-key>",
            "sk-<your-master-key>",
            "sk-<your key>-and-more",
            "{{ master_key }}",
            "{{ .Values.masterKey }}",
            "%LITELLM_MASTER_KEY%",
            "[your-key]",
            "\"${KEY}\"",
            "OS.ENVIRON/KEY",
            "os.environ[KEY]",
            "env:KEY",
            "LITELLM_MASTER_KEY",
            "#{LITELLM_MASTER_KEY}#",
            "__LITELLM_MASTER_KEY__",
            "$Env:LITELLM_MASTER_KEY",
            "$LITELLM_MASTER_KEY-x",
            "sk-{master_key}",
            "((master-key))",
            "!Ref MasterKey",
            "@/run/secrets/key",
            "file:///run/secrets/key",
            "vault:secret/data/x#key",
            "None",
            "&lt;your-key&gt;",
            "sk-one two",
            " sk-leading-0123456789",
            "sk-one\nsk-two",
            "sk-one\u{a0}two",
            "sk-\u{0}0123456789abcdef",
            "sk-\u{fffd}0123456789abcdef",
        ] {
            assert!(judge(key, false).is_err(), "{key:?}");
        }
    }

    #[test]
    fn a_published_or_short_master_key_can_be_used_with_a_warning() {
        for key in
            ["sk-1234", "SK-1234", "abc", "sk-short", "sk-change-me-please-now", "sk-your-master-key-here"]
        {
            let advice = judge(key, true).expect("it can be used").expect("with a warning");
            assert!(!advice.contains(key), "{advice}");
        }
        for key in [
            "sk-0123456789abcdef",
            "sk-a$b0123456789<c",
            "0123456789abcdef0123456789abcdef",
            "sk-$2a$10$abcdefghijkl",
            "sk-MasterKey-9f3c0a1b2c",
        ] {
            assert_eq!(judge(key, true), Ok(None), "{key}");
        }
    }

    #[test]
    fn a_key_that_nobody_would_send_as_it_is_written_is_none_in_strict() {
        for key in [
            "os.enviro/MKEY123456",
            "os.env/MKEY123456",
            "os.enviorn/MKEY123456",
            "so.environ/MKEY123456",
            "os_enviro/MKEY123456",
            "os.enviro:MKEY123456",
            "os.getenv('MKEY123456')",
            "'os.enviro/MKEY123456'",
            "'sk-0123456789abcdef'",
            "\"sk-0123456789abcdef\"",
            "`sk-0123456789abcdef`",
            "'sk-0123456789abcdef",
            "sk-0123456789abcdef\"",
            "\u{201c}sk-0123456789abcdef\u{201d}",
            "sk-01234567\u{200b}89abcdef",
            "\u{feff}sk-0123456789abcdef",
            "sk-0123456789abcdef\u{2060}",
            "sk-0123\u{ad}456789abcdef",
            "sk-0123\u{202e}456789abcdef",
        ] {
            let why = judge(key, true).expect_err(key);
            assert!(!why.contains("MKEY") && !why.contains("0123"), "{why}");
            assert_eq!(judge(key, false), Ok(None), "{key}");
        }
        for key in
            ["sk-0123/456789abcdef", "a/b:c[d0123456789", "sk-it's-0123456789", "sk-envi/ron0123456789"]
        {
            assert_eq!(judge(key, true), Ok(None), "{key}");
        }
    }
}
