//! The tokens that keys had before they were regenerated.

use super::columns::{Millis, table};

table! {
    /// A token that a key had once.
    FormerToken in "latchkey_grace", key [token], indexed ["current"] {
        /// SHA-256 of the former secret, lower-case hex.
        token: String,
        /// The token the key has now.
        current: String,
        /// The token the key had first: its id for good.
        key_id: String,
        /// Until when the former secret works; absent where it stopped at once.
        works_until: Option<Millis>,
    }
}

impl FormerToken {
    /// Whether the former secret still works at this moment.
    pub fn works(&self, now: Millis) -> bool {
        self.works_until.is_some_and(|until| until > now)
    }
}
