//! Making ids out of random bytes, and hashing keys.

use crate::tables::Millis;
use sha2::{Digest, Sha256};

/// The token a key is stored under: its SHA-256 in lower-case hex.
pub fn token(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

/// The token of `key_or_token`: hashed if it begins with `sk-`, as it is otherwise.
pub fn token_if_key(key_or_token: &str) -> String {
    if key_or_token.starts_with("sk-") { token(key_or_token) } else { key_or_token.to_owned() }
}

/// The name a key is shown by: `sk-...` and its last four characters.
pub fn key_name(key: &str) -> String {
    let from = key.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    format!("sk-...{}", key.get(from..).unwrap_or_default())
}

/// A version 4 UUID.
pub fn uuid(random: [u8; 16]) -> String {
    stamped(random, 4)
}

/// A version 7 UUID: of two made at different moments, or at one moment with different numbers up to 4095, the later one
/// or the one with the higher number sorts last.
pub fn ordered_uuid(now: Millis, number: u16, random: [u8; 16]) -> String {
    let mut bytes = random;
    let moment = now.0.to_be_bytes();
    let number = number.min(0x0fff).to_be_bytes();
    for (to, from) in bytes.iter_mut().zip(moment.iter().skip(2).chain(&number)) {
        *to = *from;
    }
    stamped(bytes, 7)
}

fn stamped(mut bytes: [u8; 16], number: u8) -> String {
    let [.., _, _, _, _, _, _, version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
    *version = (*version & 0x0f) | (number << 4);
    *variant = (*variant & 0x3f) | 0x80;
    let text = hex(&bytes);
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| text.get(part).unwrap_or_default()).join("-")
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
    let digits = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    String::from_utf8(digits).unwrap_or_default()
}

/// The byte that two hex digits stand for.
pub fn unhex_byte(digits: &[u8]) -> Option<u8> {
    let [high, low] = digits else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

/// The 32 bytes that 64 hex digits stand for.
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    let pairs = text.as_bytes().chunks(2);
    if pairs.len() != out.len() {
        return None;
    }
    for (byte, pair) in out.iter_mut().zip(pairs) {
        *byte = unhex_byte(pair)?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_its_last_four_characters() {
        assert_eq!(key_name("sk-abcdefgh"), "sk-...efgh");
        assert_eq!(key_name("a\u{e9}b"), "sk-...a\u{e9}b");
    }

    #[test]
    fn a_uuid_carries_its_version_and_variant() {
        assert_eq!(uuid([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid([0; 16]), "00000000-0000-4000-8000-000000000000");
    }

    #[test]
    fn an_ordered_uuid_sorts_by_moment_and_then_by_number() {
        let id = |millis, number, random| ordered_uuid(Millis(millis), number, [random; 16]);
        assert_eq!(id(0x0102_0304_0506, 0xabc, 0), "01020304-0506-7abc-8000-000000000000");
        assert!(id(1, 9, 0xff) < id(2, 0, 0) && id(2, 0, 0xff) < id(2, 1, 0));
    }

    #[test]
    fn a_token_is_the_sha_256_of_the_key() {
        assert_eq!(token("sk-1"), token_if_key("sk-1"));
        assert_eq!(token_if_key("SK-1"), "SK-1");
    }
}
