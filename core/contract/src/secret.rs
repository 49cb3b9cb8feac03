//! Keys in plain text.

use crate::mint;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A key in plain text: one that was just made, or that a request presents. It prints by its name alone; only [`Self::expose`]
/// gives the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a key.
    pub const fn new(key: String) -> Self {
        Self(key)
    }

    /// A new virtual key: `sk-` and 22 characters of url-safe base64.
    pub fn random(bytes: [u8; 16]) -> Self {
        Self(format!("sk-{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The text, for a reply or to be hashed.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The token the key is stored under.
    pub fn token(&self) -> String {
        mint::token(&self.0)
    }

    /// The name it is shown by: `sk-...` and its last four characters.
    pub fn name(&self) -> String {
        mint::key_name(&self.0)
    }
}

/// A key too short to be named by its last characters prints as nothing of it.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const LEAST: usize = 16;
        match self.0.len() < LEAST {
            true => f.write_str("sk-..."),
            false => f.write_str(&self.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_by_its_name() {
        assert_eq!(format!("{:?}", Secret::new("sk-0123456789abcdef".to_owned())), "sk-...cdef");
        assert_eq!(format!("{:?}", Secret::new("sk-1234".to_owned())), "sk-...");
        assert_eq!(Secret::random([0; 16]).expose().len(), 25);
    }
}
