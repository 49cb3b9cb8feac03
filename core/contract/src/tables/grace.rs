//! The tokens that keys had before they were regenerated.

use super::Millis;
use super::table::table;

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

table! {
    /// A token that a key had once and that still works, as LiteLLM keeps it beside [`FormerToken`].
    DeprecatedToken in "LiteLLM_DeprecatedVerificationToken" optional, key [id], indexed ["token", "active_token_id"] {
        /// Its id.
        id: String,
        /// SHA-256 of the former secret, lower-case hex. Unique.
        token: String,
        /// The token of the key; after a further rotation LiteLLM may leave that of then.
        active_token_id: String,
        /// Until when the former secret works.
        revoke_at: Millis,
        /// When it was replaced.
        created_at: Millis,
    }
}

impl FormerToken {
    /// Whether the former secret still works at this moment.
    pub fn works(&self, now: Millis) -> bool {
        self.works_until.is_some_and(|until| until > now)
    }
}
